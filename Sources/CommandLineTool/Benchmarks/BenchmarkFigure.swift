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
    parts.append("\(Self.roundedSeconds(cpuSeconds)) CPU s")
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
    members.append(.init("cpuSeconds", .number(Self.roundedSeconds(cpuSeconds))))
    members.append(.init("wallSeconds", .number(Self.roundedSeconds(wallSeconds))))
    members.append(.init("peakMegabytes", .number(Self.rounded(peakMegabytes))))
    if let remark { members.append(.init("remark", .string(remark))) }
    return JSONWriter(style: .json, width: .max).text(of: .object(members))
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  /// To a millisecond, or to a microsecond where that is not much.
  private static func roundedSeconds(_ value: Double) -> Double {
    value < 0.1 ? (value * 1e6).rounded() / 1e6 : rounded(value)
  }
}

extension BenchmarkFigure {
  /// The figure that another process wrote as ``json``; `nil` if that is something else.
  init?(json bytes: [UInt8]) {
    let file = SourceFile(path: "the process of a case", bytes: bytes)
    guard let document = try? JSONReader.read(file), case .object(let members) = document.content
    else { return nil }
    self.init(benchmark: "", name: "")
    for member in members {
      switch (member.key, member.value.content) {
      case ("benchmark", .string(let text)): benchmark = text
      case ("case", .string(let text)): name = text
      case ("remark", .string(let text)): remark = text
      case ("cpuSeconds", .number(let number)): cpuSeconds = number.double
      case ("wallSeconds", .number(let number)): wallSeconds = number.double
      case ("peakMegabytes", .number(let number)): peakMegabytes = number.double
      case (let key, .number(let number)):
        guard let value = number.integer else { return nil }
        counts.append(Count(name: key, value: value))
      default: return nil
      }
    }
  }
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

  /// Makes the present memory the peak, where the system can do that (Linux); otherwise a peak is
  /// that of the whole process so far.
  static func forgetPeak() {
    guard let handle = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? handle.write(contentsOf: Data("5".utf8))
    try? handle.close()
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
