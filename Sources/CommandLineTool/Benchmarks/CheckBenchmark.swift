import Foundation
import InputText
import LinearizabilityChecking
import SimulationKernel

/// `crashproof benchmark check`: how fast histories are read, and how fast they are checked.
///
/// Each case runs in a process of its own, so that its peak memory is its own: that of the whole
/// process from the moment when the history is made, which includes the history.
enum CheckBenchmark {
  /// Operations that a measurement takes at least; shorter histories are checked several times.
  private static let leastOperations = 200_000

  /// Names of all cases whose name contains `text`; of one alone if that is its name.
  static func names(containing text: String?) -> [String] {
    let all = ReadingBenchmark.formats.map { "read \($0.rawValue)" } + CheckCase.all.map(\.name)
    guard let text else { return all }
    return all.contains(text) ? [text] : all.filter { $0.contains(text) }
  }

  /// Measures one case in this process.
  static func figure(of name: String) throws -> BenchmarkFigure {
    if let format = ReadingBenchmark.formats.first(where: { name == "read \($0.rawValue)" }) {
      return try ReadingBenchmark.figure(format)
    }
    guard let found = CheckCase.all.first(where: { $0.name == name }) else {
      throw UsageError("no case is named \(quoted(name))", command: "benchmark")
    }
    return figure(of: found)
  }

  static func figure(of benchmarkCase: CheckCase) -> BenchmarkFigure {
    var figure = BenchmarkFigure(benchmark: "check", name: benchmarkCase.name)
    var explored = 0
    var operations = 0
    var repeats = 1
    var slowest = 0.0
    var remark = ""
    for seed in 1...UInt64(benchmarkCase.count) {
      let history = benchmarkCase.make(seed: seed)
      var one = figure
      repeats = max(1, leastOperations / history.operations.count / benchmarkCase.count)
      ResourceUse.forgetPeak()
      let meter = ResourceMeter()
      var checked = check(history)
      for _ in 1..<repeats { checked = check(history) }
      meter.fill(&one)
      requireVerdict(checked.verdict, benchmarkCase)
      slowest = max(slowest, one.cpuSeconds / Double(repeats))
      figure.cpuSeconds += one.cpuSeconds / Double(repeats)
      figure.wallSeconds += one.wallSeconds / Double(repeats)
      figure.peakMegabytes = max(figure.peakMegabytes, one.peakMegabytes)
      operations += history.operations.count
      explored += checked.explored
      remark = method(checked)
    }
    figure.counts = [
      .init(name: "operations", value: operations), .init(name: "explored", value: explored),
      .init(name: "repeats", value: repeats),
    ]
    figure.remark = remark
    if benchmarkCase.count > 1 {
      figure.counts.append(
        .init(name: "slowestMicroseconds", value: Int((slowest * 1e6).rounded())))
    }
    return figure
  }

  /// What is measured: a checker that is made anew, its answer, and of a violation the explanation.
  private static func check(_ history: RecordedHistory) -> CheckedHistory {
    var checker = HistoryChecker()
    let checked = checker.check(history)
    if case .violation = checked.verdict {
      require(HistoryExplainer().explain(history, checked) != nil, "a violation is explained")
    }
    return checked
  }

  private static func requireVerdict(_ verdict: HistoryVerdict, _ benchmarkCase: CheckCase) {
    switch verdict {
    case .linearizable:
      require(benchmarkCase.isLegal != false, "accepted: \(benchmarkCase.name)")
    case .violation:
      require(benchmarkCase.isLegal != true, "rejected: \(benchmarkCase.name)")
    case .undecided: break
    }
  }

  private static func method(_ checked: CheckedHistory) -> String {
    if case .undecided = checked.verdict { return "undecided" }
    var methods: [String] = []
    for method in DecisionMethod.allCases
    where checked.partitions.contains(where: { $0.decidedBy == method }) {
      methods.append(method.rawValue)
    }
    return "by \(methods.joined(separator: ", "))"
  }

  // MARK: A process for each case

  /// Measures the named cases, each in a process of its own, and shows figures as they come.
  /// - Returns: the figures, without cases that an interruption prevented.
  static func run(
    _ names: [String], isHere: Bool, show: (BenchmarkFigure) -> Void
  ) throws -> [BenchmarkFigure] {
    var figures: [BenchmarkFigure] = []
    for name in names where !Interruption.hasHappened {
      let figure = try isHere ? figure(of: name) : figureOfChild(name)
      show(figure)
      figures.append(figure)
    }
    return figures
  }

  private static func figureOfChild(_ name: String) throws -> BenchmarkFigure {
    let child = Process()
    child.executableURL = try executable()
    child.arguments = ["benchmark", "check", "--case", name, "--here", "--json"]
    let output = Pipe()
    child.standardOutput = output
    try child.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    guard child.terminationStatus == 0,
      let figure = BenchmarkFigure(json: [UInt8](bytes))
    else { throw BenchmarkFailure(message: "the process of the case \(quoted(name)) failed") }
    return figure
  }

  private static func executable() throws -> URL {
    let link = "/proc/self/exe"
    if FileManager.default.fileExists(atPath: link) {
      return URL(fileURLWithPath: link).resolvingSymlinksInPath()
    }
    guard let url = Bundle.main.executableURL else {
      throw BenchmarkFailure(message: "this program does not know its own file; use --here")
    }
    return url
  }

  // MARK: Growth

  /// What a tenfold longer history costs, for each series that has several figures.
  static func growth(_ figures: [BenchmarkFigure]) -> String? {
    var lines: [String] = []
    var seen: Set<String> = []
    for benchmarkCase in CheckCase.all
    where !benchmarkCase.series.isEmpty && seen.insert(benchmarkCase.series).inserted {
      let names = CheckCase.all.filter { $0.series == benchmarkCase.series }.map(\.name)
      let members = names.compactMap { name in figures.first { $0.name == name } }
      guard members.count > 1 else { continue }
      let times = members.map {
        "\($0.counts[0].value): \(Int(($0.secondsPerUnit * 1e9).rounded()))"
      }
      lines.append("  \(benchmarkCase.series): \(times.joined(separator: ", "))")
    }
    guard !lines.isEmpty else { return nil }
    return "CPU nanoseconds an operation, by the number of operations:\n"
      + lines.joined(separator: "\n")
  }
}

/// Why a benchmark has no figure.
struct BenchmarkFailure: Error {
  var message: String
}
