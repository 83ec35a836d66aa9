import InputText
import Testing

@testable import ScenarioFiles

@Suite struct DiagnosticHelpTests {
  private func rendered(_ text: String) -> String {
    do {
      _ = try readScenario(text)
      return ""
    } catch {
      return error.rendered
    }
  }

  @Test func nearMissesAreSuggested() {
    #expect(
      rendered("{\n  protocol: \"chian\",\n  run: { seed: 1, sedes: 2 },\n}") == """
        s.json5:2:13: error: unknown protocol "chian"; known: chain, two-node-store
          protocol: "chian",
                    ^~~~~~~
          help: did you mean "chain"?
        s.json5:3:19: error: unknown key "sedes" in run; known: mode, seeds, seed, steps, \
        healWithin, recoverWithin, depth, swarm, openDisks, crashes, restarts, falseSuspicions, retries, ticks, \
        losses, duplicates, overtakings, cuts, furtherTicks, crashKinds, states, memory, fingerprints, \
        symmetry, counts, reach, warmUp, duration, timeline, windows
          run: { seed: 1, sedes: 2 },
                          ^~~~~
          help: did you mean "seeds"?

        """)
  }

  @Test func aMissingAssumptionIsSpelledOut() {
    #expect(
      rendered("{ protocol: \"two-node-store\", network: { loss: 0.5 } }") == """
        s.json5:1:48: error: network.loss needs "lossy" among the words of assume.network
        { protocol: "two-node-store", network: { loss: 0.5 } }
                                                       ^~~
          help: write assume: { network: ["fifo", "lossy"] }

        """)
  }

  @Test func aCheckThatIsExpectedToFailMustRun() {
    let text = "{ protocol: \"chain\", check: \"progress\", expect: { violation: \"durability\" } }"
    #expect(rendered(text).hasSuffix("  help: add it to check: progress, durability\n"))
  }
}
