import Testing

@Suite struct ScenarioFilesPlaceholder {}
