import Testing

@Suite struct DiskSimulationPlaceholder {}
