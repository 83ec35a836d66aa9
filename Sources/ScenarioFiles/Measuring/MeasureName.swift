/// The name of a measured quantity, as scenarios write it and reports show it.
public enum MeasureName: Hashable, Sendable {
  public enum Operations: String, Hashable, Sendable, CaseIterable {
    case total
    case reads
    case updates
  }

  public enum Latencies: String, Hashable, Sendable, CaseIterable {
    case all
    case reads
    case updates
  }

  public enum Statistic: String, Hashable, Sendable, CaseIterable {
    case mean
    case min
    case p50
    case p90
    case p99
    case max
  }

  public enum Resource: String, Hashable, Sendable, CaseIterable {
    case cpu
    case disk
  }

  /// What has a processor and a disk: `s1` where each server has a host of its own, else `h1`.
  public enum Machine: Hashable, Sendable {
    /// Counts from 1.
    case server(Int)
    /// Counts from 1.
    case host(Int)
  }

  public enum Transfers: String, Hashable, Sendable, CaseIterable {
    case count
    /// When the last one ended.
    case last
  }

  /// Operations per second; in a window, or in the measured time.
  case throughput(Operations, window: String?)
  /// Operations per second and client.
  case throughputPerClient
  /// Megabytes per second.
  case bandwidth(Operations)
  case latency(Latencies, Statistic)
  /// The busy part of the time; `nil`: of the machine that is busiest.
  case utilisation(Resource, Machine?)
  /// Mean length of the queue; `nil`: of the longest.
  case queue(Machine?)
  case messagesPerOperation
  case fsyncsPerOperation
  case fileWritesPerOperation
  /// How long no read or no update completes after a fault; the number counts from 1.
  case unavailable(Operations, fault: Int)
  /// Time from a fault to a named crash point of the recovery; `nil`: to its end.
  case recovery(label: String?)
  case operationsAbandoned
  case transfers(Transfers)

  /// The families of names, for messages and documents.
  public static let families = [
    "throughput.{total,reads,updates,perClient}", "throughput.{total,reads,updates}.WINDOW",
    "bandwidth.{total,reads,updates}", "latency.{all,reads,updates}.{mean,min,p50,p90,p99,max}",
    "utilisation.{cpu,disk}.{s1,h1,busiest}", "queue.{s1,h1,longest}", "messages.perOperation",
    "fsyncs.perOperation", "fileWrites.perOperation", "unavailable.{reads,updates}.FAULT",
    "recovery.{LABEL,total}", "operations.abandoned", "transfers.{count,last}",
  ]

  /// The quantity with this name; `nil` if there is none of that form.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    let rest = parts.dropFirst(2).joined(separator: ".")
    switch (parts[0], parts.count) {
    case ("throughput", 2) where parts[1] == "perClient": self = .throughputPerClient
    case ("throughput", _):
      guard let operations = Operations(rawValue: parts[1]) else { return nil }
      self = .throughput(operations, window: rest.isEmpty ? nil : rest)
    case ("recovery", _):
      // Labels of crash points may have dots.
      let label = parts.dropFirst().joined(separator: ".")
      self = .recovery(label: label == "total" ? nil : label)
    case (_, 2): self.init(family: parts[0], member: parts[1])
    case (_, 3): self.init(family: parts[0], member: parts[1], detail: parts[2])
    default: return nil
    }
  }

  private init?(family: String, member: String) {
    switch (family, member) {
    case ("bandwidth", _):
      guard let operations = Operations(rawValue: member) else { return nil }
      self = .bandwidth(operations)
    case ("queue", "longest"): self = .queue(nil)
    case ("queue", _):
      guard let machine = Machine(member) else { return nil }
      self = .queue(machine)
    case ("messages", "perOperation"): self = .messagesPerOperation
    case ("fsyncs", "perOperation"): self = .fsyncsPerOperation
    case ("fileWrites", "perOperation"): self = .fileWritesPerOperation
    case ("operations", "abandoned"): self = .operationsAbandoned
    case ("transfers", _):
      guard let transfers = Transfers(rawValue: member) else { return nil }
      self = .transfers(transfers)
    default: return nil
    }
  }

  private init?(family: String, member: String, detail: String) {
    switch family {
    case "latency":
      guard let latencies = Latencies(rawValue: member), let what = Statistic(rawValue: detail)
      else { return nil }
      self = .latency(latencies, what)
    case "utilisation":
      guard let resource = Resource(rawValue: member) else { return nil }
      if detail == "busiest" {
        self = .utilisation(resource, nil)
      } else {
        guard let machine = Machine(detail) else { return nil }
        self = .utilisation(resource, machine)
      }
    case "unavailable":
      guard let operations = Operations(rawValue: member), operations != .total,
        let fault = Int(detail), fault >= 1, "\(fault)" == detail
      else { return nil }
      self = .unavailable(operations, fault: fault)
    default: return nil
    }
  }
}

extension MeasureName.Machine {
  init?(_ name: String) {
    if let number = ScenarioReader.number(name, prefix: "s") {
      self = .server(number)
    } else if let number = ScenarioReader.number(name, prefix: "h") {
      self = .host(number)
    } else {
      return nil
    }
  }

  public var name: String {
    switch self {
    case .server(let number): "s\(number)"
    case .host(let number): "h\(number)"
    }
  }
}

extension MeasureName: CustomStringConvertible {
  /// The name; reading it gives an equal value.
  public var description: String {
    switch self {
    case .throughput(let operations, let window):
      "throughput.\(operations)" + (window.map { ".\($0)" } ?? "")
    case .throughputPerClient: "throughput.perClient"
    case .bandwidth(let operations): "bandwidth.\(operations)"
    case .latency(let latencies, let statistic): "latency.\(latencies).\(statistic)"
    case .utilisation(let resource, let machine):
      "utilisation.\(resource).\(machine?.name ?? "busiest")"
    case .queue(let machine): "queue.\(machine?.name ?? "longest")"
    case .messagesPerOperation: "messages.perOperation"
    case .fsyncsPerOperation: "fsyncs.perOperation"
    case .fileWritesPerOperation: "fileWrites.perOperation"
    case .unavailable(let operations, let fault): "unavailable.\(operations).\(fault)"
    case .recovery(let label): "recovery.\(label ?? "total")"
    case .operationsAbandoned: "operations.abandoned"
    case .transfers(let transfers): "transfers.\(transfers)"
    }
  }

  /// A crash point's name as a part of ``recovery(label:)``.
  public static func label(ofCrashPoint name: String) -> String {
    String(name.map { $0 == " " ? "-" : $0 })
  }
}

/// What quantities may name: of a scenario, or of all points of its sweep.
public struct MeasureWords: Hashable, Sendable {
  /// Most servers that have hosts of their own.
  public var servers = 0
  /// Most hosts that are shared.
  public var hosts = 0
  public var windows: [String] = []
  public var faults = 0
  public var crashPoints: [String] = []

  public init() {}

  /// What is wrong with a name that has the form of one; `nil` if nothing is.
  public func objection(to name: MeasureName) -> String? {
    switch name {
    case .throughput(_, let window?) where !windows.contains(window):
      return "there is no window \"\(window)\" in run.windows; "
        + Self.known(windows, otherwise: "there is none")
    case .utilisation(_, let machine?), .queue(let machine?): return objection(to: machine)
    case .unavailable(_, let fault) where fault > faults:
      return "there is no fault \(fault); the scenario has \(faults)"
    case .recovery(let label?):
      let labels = crashPoints.map(MeasureName.label(ofCrashPoint:))
      if labels.contains(label) { return nil }
      return "there is no crash point \"\(label)\"; "
        + Self.known(labels, otherwise: "the protocol has none")
    default: return nil
    }
  }

  private func objection(to machine: MeasureName.Machine) -> String? {
    let (prefix, number, count, noun): (String, Int, Int, String) =
      switch machine {
      case .server(let number): ("s", number, servers, "server")
      case .host(let number): ("h", number, hosts, "host")
      }
    if number <= count { return nil }
    let other = machine == .server(number) ? hosts : servers
    if count == 0, other > 0 {
      return noun == "host"
        ? "each server has a host of its own; name servers, such as \"s1\""
        : "servers share hosts; name hosts, such as \"h1\""
    }
    return "there is no \(noun) \"\(machine.name)\"; they are \(prefix)1 to \(prefix)\(count)"
  }

  private static func known(_ names: [String], otherwise: String) -> String {
    names.isEmpty ? otherwise : "known: " + names.joined(separator: ", ")
  }
}
