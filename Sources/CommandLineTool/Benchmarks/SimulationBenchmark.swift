import ClusterSimulation
import InputText
import LinearizabilityChecking
import Reporting
import SimulationKernel

/// A chain of three with two clients in closed loops, seed after seed.
struct SimulationBenchmark {
  var checks: CheckSet
  var name: String

  /// Both cases, and a line that says what the checkers cost.
  static func figures(steps: Int) throws -> (figures: [BenchmarkFigure], remark: String) {
    let checked = SimulationBenchmark(checks: .all, name: "chain of 3, 2 clients, all checks")
    let bare = SimulationBenchmark(checks: [], name: "chain of 3, 2 clients, no checks")
    let figures = [try checked.run(steps: steps), try bare.run(steps: steps)]
    let share = 1 - figures[1].secondsPerUnit / figures[0].secondsPerUnit
    return (figures, "share of the checkers: \(Int((share * 100).rounded())) %")
  }

  func run(steps target: Int) throws -> BenchmarkFigure {
    guard let entry = ProtocolCatalog.entry(named: "chain") else {
      throw UsageError("this build has no protocol called chain", command: "benchmark")
    }
    var plan = RunPlan()
    plan.workload.operationsPerClient = 500
    plan.workload.object = .keys(4)
    let supported = CheckSet(entry.summary.checks.compactMap { CheckName(rawValue: $0) })
    let setting = RunnerSetting(
      servers: 3, clients: 2, detector: .perfect, checks: checks.names.isEmpty ? [] : supported)
    guard let runner = entry.makeRunner(setting, plan) else {
      programmingError("the correct variant is unknown")
    }
    var checker = StoreChecker(limit: plan.limits.configurations)
    var figure = BenchmarkFigure(benchmark: "simulate", name: name)
    var steps = 0
    var operations = 0
    var earlyPeak = 0.0
    let meter = ResourceMeter()
    var seed: UInt64 = 0
    while steps < target, !Interruption.hasHappened {
      seed += 1
      let result = runner.run(seed, &checker)
      require(result.verdict == .pass, "seed \(seed) of the benchmark: \(result.verdict)")
      steps += result.steps
      operations += result.operations
      if steps * 10 < target { earlyPeak = ResourceUse.now.peakMegabytes }
    }
    figure.counts = [
      .init(name: "steps", value: steps), .init(name: "operations", value: operations),
    ]
    meter.fill(&figure)
    figure.remark = "after a tenth: \(BenchmarkFigure.rounded(earlyPeak)) MB"
    return figure
  }
}
