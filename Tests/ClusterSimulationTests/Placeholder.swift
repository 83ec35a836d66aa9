import Testing

@Suite struct ClusterSimulationPlaceholder {}
