import Testing

@Suite struct InputTextPlaceholder {}
