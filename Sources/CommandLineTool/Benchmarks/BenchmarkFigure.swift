import Foundation
import InputText

/// The figures of one case of a benchmark.
struct BenchmarkFigure {
  /// Something that was counted, by its name in the JSON document.
  struct Count {
    var name: String
    var value: Int
  }

  var benchmark: String
  var name: String
  /// The first one is the unit of work that the rate is about.
  var counts: [Count] = []
  var cpuSeconds = 0.0
  var wallSeconds = 0.0
  /// Peak memory of the process at the end.
  var peakMegabytes = 0.0
  /// For people, at the end of the line.
  var remark: String?

  init(benchmark: String, name: String) {
    self.benchmark = benchmark
    self.name = name
  }

  /// CPU time for one of what is counted first.
  var secondsPerUnit: Double { cpuSeconds / Double(max(1, counts.first?.value ?? 1)) }

  var text: String {
    var parts = counts.map { "\($0.value) \($0.name)" }
    parts.append("\(Self.rounded(cpuSeconds)) CPU s")
    if let unit = counts.first, cpuSeconds > 0 {
      parts.append("\(Int(Double(unit.value) / cpuSeconds)) \(unit.name)/CPU s")
    }
    parts.append("peak \(Self.rounded(peakMegabytes)) MB")
    return "\(name): " + parts.joined(separator: ", ") + (remark.map { " (\($0))" } ?? "")
  }

  var json: String {
    var members: [JSONTree.Member] = [
      .init("benchmark", .string(benchmark)), .init("case", .string(name)),
    ]
    for count in counts { members.append(.init(count.name, .integer(count.value))) }
    members.append(.init("cpuSeconds", .number(Self.rounded(cpuSeconds))))
    members.append(.init("wallSeconds", .number(Self.rounded(wallSeconds))))
    members.append(.init("peakMegabytes", .number(Self.rounded(peakMegabytes))))
    return JSONWriter(style: .json, width: .max).text(of: .object(members))
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
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

/// Takes the time from its making on.
struct ResourceMeter {
  private let start = (use: ResourceUse.now, clock: ContinuousClock.now)

  /// Writes what was used since then into the figure.
  func fill(_ figure: inout BenchmarkFigure) {
    let end = ResourceUse.now
    figure.cpuSeconds = end.cpuSeconds - start.use.cpuSeconds
    figure.wallSeconds = seconds(start.clock.duration(to: .now))
    figure.peakMegabytes = end.peakMegabytes
  }
}
