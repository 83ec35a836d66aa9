import ClusterSimulation
import Foundation
import InputText
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// `crashproof benchmark`: the figures of this machine, in one run.
enum BenchmarkCommand {
  static let command = Command(
    name: "benchmark", operands: "simulate", summary: "measure this machine",
    discussion: """
      simulate: steps per second of CPU time on one core, for a chain of three servers with two
      clients under all its checks, and the same without checks; the ratio is the checkers' share.
      Build with -c release; figures of a debug build mean nothing.
      """,
    options: [
      CommandOption("steps", .named("N"), "steps to run at least (default 10000000)"),
      CommandOption("json", "a JSON document a line for each case"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands == ["simulate"] else {
      throw UsageError("benchmark needs one of: simulate", command: "benchmark")
    }
    let steps = try arguments.integer("steps", in: 1...1_000_000_000_000) ?? 10_000_000
    let checked = SimulationBenchmark(checks: .all, name: "chain of 3, 2 clients, all checks")
    let bare = SimulationBenchmark(checks: [], name: "chain of 3, 2 clients, no checks")
    let figures = [try checked.run(steps: steps), try bare.run(steps: steps)]
    for figure in figures {
      Console.print(arguments.has("json") ? figure.json : figure.text)
    }
    if !arguments.has("json") {
      let share = 1 - figures[1].secondsPerStep / figures[0].secondsPerStep
      Console.print("share of the checkers: \(Int((share * 100).rounded())) %")
    }
    return 0
  }
}

/// A chain of three with two clients in closed loops, seed after seed.
struct SimulationBenchmark {
  var checks: CheckSet
  var name: String

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
    var figure = BenchmarkFigure(name: name)
    let start = (ResourceUse.now, ContinuousClock.now)
    var seed: UInt64 = 0
    while figure.steps < target, !Interruption.hasHappened {
      seed += 1
      let result = runner.run(seed, &checker)
      require(result.verdict == .pass, "seed \(seed) of the benchmark: \(result.verdict)")
      figure.steps += result.steps
      figure.operations += result.operations
      if figure.steps * 10 < target { figure.earlyPeak = ResourceUse.now.peakMegabytes }
    }
    let end = ResourceUse.now
    figure.cpuSeconds = end.cpuSeconds - start.0.cpuSeconds
    figure.wallSeconds = seconds(start.1.duration(to: .now))
    figure.peakMegabytes = end.peakMegabytes
    return figure
  }
}

/// The figures of one case.
struct BenchmarkFigure {
  var name: String
  var steps = 0
  var operations = 0
  var cpuSeconds = 0.0
  var wallSeconds = 0.0
  /// Peak memory of the process at the end, and after the first tenth of the steps.
  var peakMegabytes = 0.0
  var earlyPeak = 0.0

  var secondsPerStep: Double { cpuSeconds / Double(max(1, steps)) }

  var text: String {
    let rate = Int(Double(steps) / max(cpuSeconds, 1e-9))
    return "\(name): \(steps) steps, \(operations) operations, \(rounded(cpuSeconds)) CPU s, "
      + "\(rate) steps/CPU s, peak \(rounded(peakMegabytes)) MB "
      + "(after a tenth: \(rounded(earlyPeak)) MB)"
  }

  var json: String {
    JSONWriter(style: .json, width: .max).text(
      of: .object([
        .init("benchmark", .string("simulate")),
        .init("case", .string(name)),
        .init("steps", .integer(steps)),
        .init("operations", .integer(operations)),
        .init("cpuSeconds", .number(rounded(cpuSeconds))),
        .init("wallSeconds", .number(rounded(wallSeconds))),
        .init("peakMegabytes", .number(rounded(peakMegabytes))),
      ]))
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// What the process has used so far.
struct ResourceUse {
  var cpuSeconds: Double
  var peakMegabytes: Double

  static var now: ResourceUse {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return ResourceUse(
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMegabytes: Double(usage.ru_maxrss) / 1024)
  }
}
