import Testing

@Suite struct NetworkSimulationPlaceholder {}
