import InputText
import SimulationKernel
import Testing

@testable import ScenarioFiles

@Suite struct RoundTripTests {
  @Test(arguments: [
    drawnText, scriptedText, blockText, storageText, drawnStorageText, scheduleText,
    #"{protocol:"chain"}"#,
    #"{protocol:"two-node-store"}"#,
    #"{protocol:"two-node-store",clients:{blocks:3,unaligned:.25},faults:[]}"#,
    #"{protocol:"chain",run:{recoverWithin:"1.2s"}}"#,
    #"{protocol:"chain",faults:{detectAfter:{min:"1ns",max:"2h"}},expect:{violation:["progress"]}}"#,
  ])
  func aPrintedScenarioReadsBackEqual(text: String) throws {
    let scenario = try readScenario(text)
    for style in [JSONWriter.Style.json, .json5] {
      let printed = scenario.text(style)
      let again = try readScenario(printed)
      #expect(again == scenario)
      #expect(again.text(style) == printed)
    }
    var failure = failure(of: scenario)
    #expect(try readFailure(failure.text) == failure)
    for end in FailureFile.Shrinking.End.allCases {
      failure.shrinking = FailureFile.Shrinking(originalStepCount: 31, replays: 214, end: end)
      #expect(try readFailure(failure.text) == failure)
    }
  }

  @Test func aFailureFileKeepsWhenTheFaultsEnded() throws {
    let scenario = try readScenario(#"{protocol:"chain",run:{recoverWithin:"1.2s"}}"#)
    var failure = failure(of: scenario)
    failure.faultsEnd = .milliseconds(17)
    #expect(try readFailure(failure.text) == failure)
  }

  /// A limit that is read in mode simulate only would make the file of another mode unreadable.
  @Test func aScenarioOfAnotherModeLosesTheLimitOfRecovery() throws {
    var scenario = try readScenario(#"{protocol:"chain",run:{recoverWithin:"1.2s"}}"#)
    #expect(scenario.run.recoverWithin == .milliseconds(1_200))
    scenario.run.mode = .crashpoints
    #expect(!scenario.text().contains("recoverWithin"))
  }

  @Test func aPrintedScenarioNamesEveryKey() throws {
    let keys = ScenarioKeys(vocabulary: vocabulary, words: vocabulary.protocols[0])
    let printed = try readScenario(#"{protocol:"chain"}"#).tree
    guard case .object(let members) = printed else { return #expect(Bool(false)) }
    #expect(
      members.map(\.key)
        == keys.scenario.keys.map(\.name).filter {
          !["script", "schedule", "cases"].contains($0)
            && !["hosts", "volumes", "sweep", "charts", "expectMeasure"].contains($0)
        })
  }

  @Test func theStarterIsAScenario() throws {
    for words in vocabulary.protocols {
      let scenario = try readScenario(StarterScenario.text(words, vocabulary: vocabulary))
      #expect(scenario.protocolName == words.name)
      #expect(scenario.variant == "correct")
    }
  }
}

@Suite struct ScenarioSchemaTests {
  private var schema: JSONTree { ScenarioSchema.tree(vocabulary: vocabulary) }

  private func member(_ tree: JSONTree, _ path: String...) -> JSONTree? {
    var tree = tree
    for key in path {
      guard case .object(let members) = tree,
        let next = members.first(where: { $0.key == key })
      else { return nil }
      tree = next.value
    }
    return tree
  }

  @Test func theSchemaIsJSONAndClosed() throws {
    let text = ScenarioSchema.text(vocabulary: vocabulary)
    let again = try JSONReader.read(SourceFile(path: "schema", text: text)).tree
    #expect(JSONWriter(style: .json).text(of: again) == text)
    #expect(member(schema, "additionalProperties") == .boolean(false))
    // A sweep may put the protocol in.
    let needs = ["protocol", "sweep"].map { key in
      JSONTree.object([.init("required", .array([.string(key)]))])
    }
    #expect(member(schema, "anyOf") == .array(needs))
  }

  @Test func theSchemaCarriesWordsRangesAndDefaults() {
    #expect(
      member(schema, "properties", "protocol", "enum")
        == .array([.string("chain"), .string("two-node-store")]))
    #expect(
      member(schema, "properties", "run", "properties", "seeds", "default") == .integer(200))
    #expect(
      member(schema, "properties", "servers", "maximum") == .integer(7))
    #expect(member(schema, "properties", "servers", "default") == nil)
  }

  @Test func everyKeyOfTheTableHasASchema() {
    let keys = ScenarioKeys(vocabulary: vocabulary, words: nil)
    for key in keys.scenario.keys {
      #expect(member(schema, "properties", key.name, "description") == .string(key.help))
    }
  }
}
