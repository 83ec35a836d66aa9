import Testing

@Suite struct TidinessTestsPlaceholder {}
