import InputText
import ScenarioFiles
import Testing

@Suite("cases of a scenario file")
struct ScenarioCaseTests {
  private func read(_ text: String) throws(Diagnostics) -> [ScenarioCase] {
    try ScenarioCase.read(SourceFile(path: "s.json5", text: text), vocabulary: vocabulary)
  }

  private func complaints(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch {
      return error.headlines
    }
  }

  @Test("a file without cases is one scenario without a name")
  func onlyOne() throws {
    let cases = try read(#"{ protocol: "chain", title: "T" }"#)
    #expect(cases.map(\.name) == [nil])
    #expect(cases[0].scenario == (try readScenario(#"{ protocol: "chain", title: "T" }"#)))
  }

  @Test("objects are put together, anything else is replaced")
  func merging() throws {
    let cases = try read(
      """
      { title: "T", protocol: "chain", run: { seeds: 7, steps: 99 }, faults: { crashes: 1 },
        cases: [
          { case: "as it is" },
          { case: "other", run: { seeds: 8 }, faults: [{ crash: "s1", after: "1ms" }],
            servers: 2, expect: { violation: "durability" } },
        ] }
      """)
    #expect(cases.map(\.name) == ["as it is", "other"])
    #expect(cases.map(\.scenario.title) == ["T: as it is", "T: other"])
    #expect(cases.map(\.scenario.run.seedCount) == [7, 8])
    #expect(cases.map(\.scenario.run.stepBudget) == [99, 99])
    #expect(cases.map(\.scenario.serverCount) == [3, 2])
    guard case .drawn(let drawn) = cases[0].scenario.faults else {
      Issue.record("drawn")
      return
    }
    #expect(drawn.crashes == 1)
    guard case .scripted(let script) = cases[1].scenario.faults else {
      Issue.record("scripted")
      return
    }
    #expect(script.count == 1)
    #expect(cases[1].scenario.expectation == .violation(anyOf: ["durability"]))
  }

  @Test("a scenario knows the line that says how it should end")
  func lines() throws {
    #expect(try read(#"{ protocol: "chain" }"#).map(\.line) == [1])
    #expect(try read("// a\n{\n  protocol: \"chain\",\n}").map(\.line) == [3])
    #expect(try read("{\n\n title: \"T\",\n protocol: \"chain\" }").map(\.line) == [3])
    #expect(try read("{ protocol: \"chain\",\n expect: \"pass\" }").map(\.line) == [2])
    let cases = try read(
      """
      { protocol: "chain",
        expect: "pass",
        cases: [
          { case: "one" },
          {
            case: "two", servers: 2,
            expect: { violation: "durability" },
          },
          { servers: 2,
            case: "three" },
        ] }
      """)
    #expect(cases.map(\.line) == [4, 7, 10])
  }

  @Test("a case is the scenario that the keys put together would be")
  func equality() throws {
    let cases = try read(
      #"{ title: "T", protocol: "chain", cases: [{ case: "c", servers: 4, variant: "CR-01" }] }"#)
    let whole = #"{ title: "T: c", protocol: "chain", servers: 4, variant: "CR-01" }"#
    #expect(cases[0].scenario == (try readScenario(whole)))
  }

  @Test("what is wrong with cases is said where it stands")
  func mistakes() {
    #expect(
      complaints(#"{ protocol: "chain", cases: [] }"#).first?.contains("at least one") == true)
    let twice = complaints(#"{ protocol: "chain", cases: [{ case: "a" }, { case: "a" }] }"#)
    #expect(twice == [#"s.json5:1:53: error: the case "a" stands twice"#])
    let unnamed = complaints(#"{ protocol: "chain", cases: [{ servers: 2 }] }"#)
    #expect(unnamed.first?.contains(#"lacks the key "case""#) == true)
    let unknown = complaints(#"{ protocol: "chain", cases: [{ case: "a", sevrers: 2 }] }"#)
    #expect(unknown.first?.contains(#"unknown key "sevrers" in the case"#) == true)
    let protocols = complaints(#"{ protocol: "chain", cases: [{ case: "a", protocol: "chain" }] }"#)
    #expect(protocols.first?.contains(#"unknown key "protocol" in the case"#) == true)
    // Rules between keys of the file and of the case.
    let rule = complaints(
      #"{ protocol: "chain", check: "progress", cases: [{ case: "a", expect: { violation: "durability" } }] }"#
    )
    #expect(rule.first?.contains("is expected to fail but is not in check") == true)
  }

  @Test("where one scenario is needed, a file with cases is refused")
  func single() {
    do throws(Diagnostics) {
      _ = try readScenario(#"{ protocol: "chain", cases: [{ case: "a" }] }"#)
      Issue.record("it was read")
    } catch {
      #expect(
        error.headlines == [
          "s.json5:1:1: error: one scenario is needed here, and the file has cases"
        ])
    }
  }
}
