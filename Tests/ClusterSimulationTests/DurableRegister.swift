import ClusterSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// The smallest protocol with a disk: one server keeps one value in one file, replaced by way of a
/// temporary file. It stands for a library user's own protocol: everything here uses public
/// interfaces only.
enum DurableRegister: ReplicationProtocol {
  static let name = "durable-register"
  static let usesDisk = true

  static let summary = ProtocolSummary(
    headline: "one server, one value, one file", source: "ours", coordinatorName: nil,
    servers: 1...1, defaultServers: 1, operations: [.read, .write],
    checks: ["linearizability", "durability", "progress"], network: [.fifo, .lossy],
    detectors: [.timeouts], crashPoints: ["written", "synced", "renamed"],
    typicalOperation: .milliseconds(4), typicalFailover: .milliseconds(50))

  enum Deviation: String, ProtocolDeviation {
    case noFileSync = "DR-01"
    case noDirectorySync = "DR-02"
    case unorderedMemory = "DR-03"
    case recoversInPlace = "DR-04"

    var change: String {
      switch self {
      case .noFileSync: "the temporary file is not synced before the rename"
      case .noDirectorySync: "the directory is not synced after the rename"
      case .unorderedMemory: "a handler iterates a Set (a planted leak of order)"
      case .recoversInPlace: "recovery overwrites the value with a temporary file that it finds"
      }
    }
  }

  enum Message: NodeMessage {
    typealias Operation = LinearizabilityChecking.Operation
    typealias Response = LinearizabilityChecking.Response
    case request(RequestID, Operation)
    case reply(RequestID, Response)
    case noise(Int)

    var summary: String {
      switch self {
      case .request(let id, let operation): "Request(\(id.number), \(operation.text))"
      case .reply(let id, let response): "Reply(\(id.number), \(response.text))"
      case .noise(let number): "Noise(\(number))"
      }
    }

    func fingerprint(into hasher: inout StableHasher) {
      switch self {
      case .request(let id, let operation):
        hasher.combine(id)
        operation.fingerprint(into: &hasher)
      case .reply(let id, let response):
        hasher.combine(id)
        hasher.combine(response.text)
      case .noise(let number): hasher.combine(number)
      }
    }
  }

  static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(deviations: setting.deviations)
  }
  static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator()
  }
  static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client(server: setting.layout.server(0))
  }
  static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<DurableRegister>
  ) -> Bool { true }
}

extension DurableRegister {
  struct Server: ServerNode {
    typealias Message = DurableRegister.Message
    var deviations: DeviationSet<Deviation>
    var value = ""
    let role = ServerRole.single
    let epoch = 1
    let isReplica = true

    var contents: [KeyedValue] { value.isEmpty ? [] : [KeyedValue(key: 0, value: value)] }
    func fingerprint(into hasher: inout StableHasher) { hasher.combine(value) }

    mutating func start(_ host: inout Host<Message>) {
      if deviations.contains(.recoversInPlace) { takeOver(&host) }
      do throws(FileError) {
        value = String(decoding: try host.read("value"), as: UTF8.self)
      } catch {
        if error != .notFound("value") { host.abort("file error") }
      }
      if deviations.contains(.unorderedMemory) {
        for name in Set((0..<20).map { "name \($0)" }) {
          host.send(
            .noise(name.utf8.count * 31 + Int(name.utf8.last ?? 0)), to: host.layout.client(0))
        }
      }
    }

    /// Puts what is left in the temporary file in place of the value, and removes it too early.
    private func takeOver(_ host: inout Host<Message>) {
      // The values of these tests end so; anything else was not written completely.
      guard let bytes = try? host.read("tmp"), bytes.last == UInt8(ascii: ">") else { return }
      try? host.perform(.unlink("tmp"))
      try? host.perform(.truncate("value", size: 0))
      try? host.perform(.write("value", offset: 0, bytes: bytes))
      try? host.perform(.syncFile("value"))
    }

    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      guard case .request(let id, let operation) = message else { return }
      switch operation {
      case .put(_, let new):
        value = new
        store(id, &host)
        host.send(.reply(id, .done), to: from)
      default: host.send(.reply(id, .value(value)), to: from)
      }
    }

    private func store(_ id: RequestID, _ host: inout Host<Message>) {
      do throws(FileError) {
        try host.perform(.create("tmp"))
        try host.perform(.truncate("tmp", size: 0))
        try host.perform(.write("tmp", offset: 0, bytes: Array(value.utf8)))
        host.crashPoint("written", request: id)
        if !deviations.contains(.noFileSync) { try host.perform(.syncFile("tmp")) }
        host.crashPoint("synced", request: id)
        try host.perform(.rename("tmp", to: "value"))
        host.crashPoint("renamed", request: id)
        if !deviations.contains(.noDirectorySync) { try host.perform(.syncDirectory(".")) }
      } catch {
        host.abort("file error")
      }
    }
  }

  struct Coordinator: CoordinatorNode {
    typealias Message = DurableRegister.Message
    let currentView = ObservedView(number: 0, members: [])
    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {}
    func fingerprint(into hasher: inout StableHasher) {}
  }

  /// Repeats its one open request until it is answered.
  struct Client: ClientNode {
    typealias Message = DurableRegister.Message
    let server: NodeID
    var open: (RequestID, Operation)?

    mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      open = (request, operation)
      ask(&host)
    }

    private func ask(_ host: inout Host<Message>) {
      guard let open else { return }
      host.send(.request(open.0, open.1), to: server)
      host.setTimer(.retry(), after: .milliseconds(40))
    }

    mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) { ask(&host) }

    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      guard case .reply(let id, let response) = message, id == open?.0 else { return }
      open = nil
      host.cancelTimer(.retry())
      host.complete(id, response)
    }

    func fingerprint(into hasher: inout StableHasher) {
      if let open { hasher.combine(open.0) }
    }
  }
}

/// Runs of the register for tests.
func registerRunner(
  _ deviations: [DurableRegister.Deviation] = [], powerLoss: PowerLossOutcome = .drawn,
  assumedStorage: Set<StorageWord> = [], study: FileStudy? = nil,
  _ change: (inout RunPlan) -> Void = { _ in }
) -> ClusterRunner {
  var plan = RunPlan()
  plan.workload.object = .keys(1)
  plan.workload.clientCount = 2
  change(&plan)
  var setting = RunnerSetting(
    servers: 1, clients: plan.workload.clientCount, deviations: deviations.map(\.rawValue),
    detector: .timeouts, diskProfile: "default+atomic-dir",
    checks: [.linearizability, .durability, .progress], assumedNetwork: [.fifo, .lossy],
    assumedStorage: assumedStorage, powerLoss: powerLoss)
  setting.fileStudy = study
  return ClusterRunner(DurableRegister.self, setting, plan)!
}
