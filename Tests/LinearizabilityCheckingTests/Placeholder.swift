import Testing

@Suite struct LinearizabilityCheckingPlaceholder {}
