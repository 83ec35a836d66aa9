import ClusterSimulation
import InputText
import Testing

@testable import Reporting

@Suite struct CrashPointTableTests {
  static func row(
    _ step: Int, after effects: Int, _ kind: CrashKind, outcomes: Int = 1, merged: Int = 0,
    labels: [String] = [], seed: UInt64 = 1
  ) -> CrashPointTable.Row {
    CrashPointTable.Row(
      seed: seed, step: step, node: "s1", action: "s1 receives Put(a|b)", effectCount: effects,
      labels: labels, kind: kind, outcomes: outcomes, merged: merged)
  }

  static func loss(_ closedSets: Int?, _ images: Int?, _ leaves: Int) -> DiskLoss {
    var loss = DiskLoss()
    loss.closedSets = closedSets
    loss.images = images
    loss.leaves = leaves
    return loss
  }

  /// Two boundaries of one step, the second with a name and a violation; a third that is undecided.
  static var table: CrashPointTable {
    var rows = [
      row(12, after: 0, .process), row(12, after: 0, .powerLoss, outcomes: 3, merged: 2),
      row(12, after: 1, .process, labels: ["1.1"]),
      row(12, after: 1, .powerLoss, outcomes: 1_200, labels: ["1.1"]),
      row(14, after: 0, .process), row(14, after: 0, .powerLoss),
    ]
    rows[1].loss = loss(16, 5, 4)
    rows[3].loss = loss(1_024, nil, 7)
    rows[3].verdict = .violation
    rows[3].checks = ["linearizability", "durability"]
    rows[5].loss = loss(1, 1, 1)
    rows[5].verdict = .undecided
    return CrashPointTable(seeds: [1], total: 8, rows: rows)
  }

  static func scenario(_ table: CrashPointTable) -> ScenarioReport {
    var scenario = Samples.scenario("Scenarios/a.json5", runs: table.outcomes)
    scenario.mode = "crashpoints"
    scenario.crashPoints = table
    return scenario
  }

  @Test func figuresSayHowMuchWasCovered() {
    #expect(
      Self.table.figures == [
        "6 of 8 crash points", "1,207 outcomes", "2 merged", "1 violated", "1 undecided",
      ])
    #expect(
      Self.table.lossPhrase
        == "power losses: 1,041 closed sets, 6 images, 12 lazy leaves, "
        + "beside 1 crash point with too many sets")
    var none = Self.table
    none.rows = [Self.row(1, after: 0, .process)]
    #expect(none.lossPhrase == nil)
    none.seeds = [1, 2]
    #expect(none.figures == ["1 of 8 crash points", "1 outcome", "0 merged", "2 schedules"])
  }

  @Test func theTerminalShowsWhatIsRemarkable() {
    let expected = """
        step  after  node  point  crash            power loss                          in the step
        12    1      s1    1.1    1 outcome, pass  1,200 outcomes, violation of order  s1 receives Put(a|b
        14    0      s1           1 outcome, pass  1 outcome, undecided                s1 receives Put(a|b

      """
    var table = Self.table
    table.rows[3].checks = ["order"]
    let found = table.text(.remarkable)
    #expect(found == expected)
    #expect(Self.table.text(.all).split(separator: "\n").count == 4)
    #expect(CrashPointTable(seeds: [1], total: 0, rows: []).text(.all) == "")
    #expect(table.text(.all).split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func markdownHasALineForEachCrashPoint() {
    let text = MarkdownReport.text(
      of: RunReport(version: "1", scenarios: [Self.scenario(Self.table)], wallSeconds: []))
    let expected = #"""
      ## Crash points of `Scenarios/a.json5`

      6 of 8 crash points, 1,207 outcomes, 2 merged, 1 violated, 1 undecided  
      power losses: 1,041 closed sets, 6 images, 12 lazy leaves, beside 1 crash point with too \#
      many sets

      <details><summary>The crash points</summary>

      | step | after | node | point | crash | power loss | in the step |
      | --- | --- | --- | --- | --- | --- | --- |
      | 12 | 0 | s1 |  | 1 outcome, pass | 3 outcomes + 2 merged, pass | s1 receives Put(a\|b) |
      | 12 | 1 | s1 | 1.1 | 1 outcome, pass | 1,200 outcomes, violation of linearizability and \#
      durability | s1 receives Put(a\|b) |
      | 14 | 0 | s1 |  | 1 outcome, pass | 1 outcome, undecided | s1 receives Put(a\|b) |

      </details>

      ## How to read this
      """#
    #expect(text.contains(expected))
    #expect(text.contains("A crash point is a boundary between two effects of one step"))
    var room = 2
    #expect(Self.table.markdown(room: &room).contains("And 1 more; see results.json."))
    #expect(room == 0)
  }

  @Test func resultsReadBack() throws {
    var scenario = Self.scenario(Self.table)
    scenario.crashTable = CrashTableReportTests.table
    let report = RunReport(version: "1", scenarios: [scenario], wallSeconds: [0])
    let text = ResultsJSON.text(of: report, wallTimes: .included)
    let read = try ResultsJSON.read(SourceFile(path: "results.json", text: text))
    #expect(read.scenarios == [scenario])
    #expect(text.contains("\"leaves\": 12"))
  }

  @Test(arguments: [
    ("\"kind\": \"process\"", "\"kind\": \"proces\"", "unknown kind of crash \"proces\""),
    ("\"afterEffect\": 0", "\"afterEffect\": -1", "expected a whole number"),
    ("\"labels\": [\"1.1\"]", "\"labels\": [1]", "expected a string for \"labels\""),
    ("\"closedSets\": 16", "\"closedSets\": true", "expected a whole number"),
    ("\"seeds\": [1]", "\"seeds\": [\"x\"]", "expected a seed"),
  ])
  func wrongTablesAreReported(_ old: String, _ new: String, _ message: String) {
    let report = RunReport(
      version: "1", scenarios: [Self.scenario(Self.table)], wallSeconds: [0])
    let text = ResultsJSON.text(of: report, wallTimes: .included)
    let wrong = text.replacing(old, with: new, maxReplacements: 1)
    #expect(wrong != text)
    do throws(Diagnostics) {
      _ = try ResultsJSON.read(SourceFile(path: "results.json", text: wrong))
      Issue.record("read without a complaint")
    } catch {
      #expect(error.headlines.contains { $0.contains(message) }, "\(error.headlines)")
    }
  }

  @Test func shardsOfATableAreMerged() throws {
    let whole = Self.table
    var parts = [whole, whole]
    parts[0].rows = Array(whole.rows[..<2])
    parts[0].total = 3
    parts[1].rows = Array(whole.rows[2...])
    parts[1].total = 5
    for order in [[0, 1], [1, 0]] {
      let inputs = order.map { index in
        ReportMerge.Input(
          name: "\(index)",
          report: RunReport(
            version: "1", scenarios: [Self.scenario(parts[index])], wallSeconds: []))
      }
      let merged = try ReportMerge.merge(inputs).scenarios
      #expect(merged.map(\.crashPoints) == [whole])
      #expect(merged.map(\.runs) == [whole.outcomes])
    }
  }
}

@Suite struct CrashTableReportTests {
  static var table: CrashTableReport {
    func cell(_ variant: String, _ kind: CrashKind, _ fates: [String]) -> CrashTableReport.Cell {
      CrashTableReport.Cell(
        variant: variant, kind: kind, outcomes: fates.isEmpty ? 0 : 2, fates: fates)
    }
    var broken = cell("as-drawn", .powerLoss, ["kept, answered", "lost, never answered"])
    broken.verdict = .violation
    broken.checks = ["durability", "progress"]
    return CrashTableReport(
      source: "a document", variants: ["correct", "as-drawn"],
      rows: [
        CrashTableReport.Row(
          label: "1.1", place: "primary: nothing done",
          promises: [.init("primary", "asks <others>"), .init("client", "retries")],
          cells: [
            cell("correct", .process, ["kept, answered"]),
            cell("correct", .powerLoss, ["kept, answered"]),
            cell("as-drawn", .process, []), broken,
          ])
      ])
  }

  @Test func theTerminalSetsPromisesBesideWhatHappens() {
    let expected = """
      1.1  primary: nothing done
          promised: the primary asks <others>; the client retries
          correct   crash or power loss: kept, answered: pass
          as-drawn  crash: not reached
          as-drawn  power loss: kept, answered; lost, never answered: violation of durability and \
      progress

      """
    #expect(Self.table.text == expected)
  }

  @Test func markdownHasARowForEachPoint() {
    let expected = """
      | point | who crashes when | promised | correct | as-drawn |
      | --- | --- | --- | --- | --- |
      | 1.1 | primary: nothing done | the primary asks &lt;others&gt;;<br> the client retries \
      | crash or power loss: kept, answered: pass | crash: not reached<br>power loss: kept, \
      answered; lost, never answered: violation of durability and progress |
      """
    #expect(Self.table.markdown == expected)
  }

  @Test func fatesInWords() {
    #expect(WriteFate(.kept, .givenToRetry).words == "kept, answered to a retry")
    #expect(WriteFate(.torn, .missing).words == "half of it kept, never answered")
    #expect(WriteFate(.differs, .given).words == "kept by one node only, answered")
  }
}
