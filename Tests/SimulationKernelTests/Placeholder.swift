import Testing

@Suite struct SimulationKernelPlaceholder {}
