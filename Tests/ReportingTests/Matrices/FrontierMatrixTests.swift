import InputText
import SimulationKernel
import Testing

@testable import Reporting

@Suite("the frontier matrix")
struct FrontierMatrixTests {
  private func scenario(
    _ kinds: [FaultModel.Kind], crashes: Int = 0, mode: String = "simulate",
    check: String? = nil, options: [String] = [], disk: String? = nil, variant: String = "correct"
  ) -> ScenarioReport {
    var report = Samples.scenario(
      "Scenarios/x/\(mode)-\(kinds.map(\.rawValue).joined())-\(crashes).json5",
      verdict: check == nil ? .pass : .violation,
      expectation: check.map { "violation of \($0)" } ?? "pass", check: check, runs: 100)
    report.mode = mode
    report.variant = variant
    report.faultModel = FaultModel(kinds: kinds, crashes: crashes, disk: disk, options: options)
    if mode == "explore" { report.states = 777 }
    return report
  }

  private func rows(_ scenarios: [ScenarioReport]) -> [FrontierMatrix.Row] {
    var report = RunReport(
      version: "1", scenarios: scenarios, wallSeconds: scenarios.map { _ in 0 })
    report.subjects = ["correct", "as-published"].map {
      FrontierSubject(
        protocolName: "chain", variant: $0, keepsFiles: true, mostServers: 9, assumedAway: [.loss])
    }
    return FrontierMatrix(report)?.rows ?? []
  }

  @Test("a run of seeds speaks of the one column that it is about")
  func seeds() {
    let row = rows([
      scenario([]), scenario([.crash], crashes: 1), scenario([.crash], crashes: 3),
      scenario([.crash, .restart], crashes: 1), scenario([.powerLoss], crashes: 1, disk: "ext4-o"),
      scenario([.allDown, .restart], disk: "ext4-o"), scenario([.falseSuspicion]),
      scenario([.partition]), scenario([.loss]), scenario([.duplication]),
      scenario([.reordering]), scenario([.crash, .loss], crashes: 1),
    ])[0]
    for column in FrontierMatrix.Column.all {
      #expect(row.cells[column]?.sampled == 100, "\(column)")
    }
    #expect(row.profiles["ext4-o"]?.sampled == 200)
  }

  @Test("a search that left nothing out speaks of everything within its bounds")
  func searches() {
    let row = rows([scenario([.crash, .restart, .loss], crashes: 1, mode: "explore")])[0]
    let columns: [FrontierMatrix.Column] = [
      .noFault, .crashes(1), .crashAndReturn, .loss, .several,
    ]
    #expect(Set(row.cells.keys) == Set(columns))
    #expect(row.cells.values.allSatisfy { $0.exhausted == 777 && $0.sampled == 0 })
  }

  @Test("a violation stands in its own column only, and comes before anything that passed")
  func violations() {
    let row = rows([
      scenario([.crash], crashes: 2, mode: "explore", check: "durability", variant: "as-published"),
      scenario([.crash], crashes: 2, variant: "as-published"),
    ])[0]
    #expect(row.subject.variant == "as-published")
    #expect(row.cells.keys.map { $0 } == [.crashes(2)])
    #expect(row.cells[.crashes(2)]?.violations.map(\.check) == ["durability"])
    let text = FrontierMatrix.text(rows: [row])
    #expect(text.contains("| 🔴 durability |"))
  }

  @Test("where an option breaks the correct design, the two stand in rows of their own")
  func options() {
    let rows = rows([
      scenario([.crash], crashes: 1),
      scenario([.crash], crashes: 1, check: "progress", options: ["confirmSurvivor: false"]),
    ])
    #expect(rows.map(\.options) == [[], ["confirmSurvivor: false"]])
    #expect(rows[0].cells[.crashes(1)]?.violations.isEmpty == true)
  }

  @Test("a violation that nobody expected is red too, and a bug that was missed has passed")
  func unexpected() {
    var failed = scenario([.crash], crashes: 1, check: "durability")
    failed.endedAsExpected = false
    #expect(rows([failed])[0].cells[.crashes(1)]?.violations.map(\.check) == ["durability"])
    var missed = scenario([.crash], crashes: 1)
    missed.endedAsExpected = false
    #expect(rows([missed])[0].cells[.crashes(1)]?.sampled == 100)
  }

  @Test("outside the assumptions is orange, beside what has passed; within is red and alone")
  func assumptions() {
    var outside = scenario([.crash], crashes: 1, check: "progress")
    outside.withinAssumptions = false
    let passed = scenario([.crash], crashes: 1, mode: "simulate")
    let orange = FrontierMatrix.text(rows: rows([outside, passed]))
    #expect(orange.contains("| 🟢 100 seeds, 🟠 outside its assumptions progress |"))
    let within = scenario([.crash], crashes: 1, check: "durability")
    let red = FrontierMatrix.text(rows: rows([outside, passed, within]))
    #expect(red.contains("| 🔴 durability |"))
  }

  @Test("cells that nobody filled say why")
  func empty() {
    let text = FrontierMatrix.text(rows: rows([scenario([])]))
    #expect(text.contains("assumed never"))
    #expect(!text.contains("two nodes") && !text.contains("memory only"))
  }

  @Test("a fault model comes back from the results as it was")
  func reading() throws {
    var report = RunReport(
      version: "1",
      scenarios: [
        scenario([.crash, .restart], crashes: 2, options: ["a: b"], disk: "ext4-o")
      ], wallSeconds: [0])
    report.scenarios[0].states = 12
    let text = ResultsJSON.text(of: report, wallTimes: .leftOut)
    let read = try ResultsJSON.read(SourceFile(path: "r.json", text: text))
    #expect(read.scenarios == report.scenarios)
  }
}
