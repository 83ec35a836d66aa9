import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

/// A protocol without a will of its own: a message tells its receiver what to do, effect by effect.
/// Tests put such messages on the network and write the projections that checkers read.
enum Puppet: ReplicationProtocol {
  static let name = "puppet"
  static let usesDisk = true

  static let summary = ProtocolSummary(
    headline: "does what it is told", source: "ours", coordinatorName: "boss", servers: 1...9,
    defaultServers: 3, operations: [.read, .write], checks: [], network: [.fifo],
    detectors: [.perfect, .timeouts], typicalOperation: .milliseconds(4),
    typicalFailover: .milliseconds(50))

  enum Deviation: String, ProtocolDeviation {
    case none = "PU-01"
    var change: String { "nothing" }
  }

  /// One effect to have.
  indirect enum Act: Sendable {
    case send(Message, NodeID)
    case setTimer(TimerID, VirtualDuration)
    case cancelTimer(TimerID)
    case file(FileOperation)
    case resume(Int)
    case work(VirtualDuration)
    case observe(Observation)
    case complete(RequestID, Response)
    case crashPoint(StaticLabel)
    case abort(StaticLabel)
    case choose(Int)
  }

  struct Message: NodeMessage {
    typealias Operation = LinearizabilityChecking.Operation
    typealias Response = LinearizabilityChecking.Response
    var number: Int
    var acts: [Act] = []

    var summary: String { "Order(\(number))" }
    func fingerprint(into hasher: inout StableHasher) { hasher.combine(number) }
  }

  static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server()
  }
  static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator()
  }
  static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client()
  }
  static func tolerates(failureOf server: NodeID, in facts: ClusterFacts<Puppet>) -> Bool { true }
}

extension Puppet {
  /// What a node has lived through, as words.
  struct Memory: Sendable {
    var inputs: [String] = []

    mutating func obey(_ acts: [Act], _ host: inout Host<Message>) {
      for act in acts {
        switch act {
        case .send(let message, let peer): host.send(message, to: peer)
        case .setTimer(let timer, let delay): host.setTimer(timer, after: delay)
        case .cancelTimer(let timer): host.cancelTimer(timer)
        case .file(let operation):
          do throws(FileError) {
            try host.perform(operation)
          } catch {
            inputs.append("refused")
          }
        case .resume(let continuation): host.resumeLater(continuation)
        case .work(let duration): host.work(lasting: duration)
        case .observe(let observation): host.observe(observation)
        case .complete(let request, let response): host.complete(request, response)
        case .crashPoint(let label): host.crashPoint(label)
        case .abort(let reason): host.abort(reason)
        case .choose(let count): inputs.append("chose \(host.choose(count))")
        }
      }
    }
  }

  struct Server: ServerNode {
    typealias Message = Puppet.Message
    var memory = Memory()
    var role = ServerRole.idle
    var epoch = 0
    var isReplica = true
    var contents: [KeyedValue] = []
    var history: UpdateLog?
    var sent: [UpdateLog.Entry] = []

    mutating func start(_ host: inout Host<Message>) {
      memory.inputs.append("start \(host.incarnation.number)")
    }
    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      memory.inputs.append("\(message.number) from \(host.layout.name(of: from))")
      memory.obey(message.acts, &host)
    }
    mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      memory.inputs.append("\(host.layout.name(of: peer)) unavailable")
    }
    mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      memory.inputs.append("\(timer)")
    }
    mutating func resume(_ continuation: Int, _ host: inout Host<Message>) {
      memory.inputs.append("resume \(continuation)")
    }
    func fingerprint(into hasher: inout StableHasher) {
      for input in memory.inputs { hasher.combine(input) }
    }
  }

  struct Coordinator: CoordinatorNode {
    typealias Message = Puppet.Message
    var memory = Memory()
    var currentView = ObservedView(number: 0, members: [])

    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      memory.inputs.append("\(message.number) from \(host.layout.name(of: from))")
      memory.obey(message.acts, &host)
    }
    mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {
      memory.inputs.append("\(host.layout.name(of: server)) failed")
    }
    func fingerprint(into hasher: inout StableHasher) {
      for input in memory.inputs { hasher.combine(input) }
    }
  }

  struct Client: ClientNode {
    typealias Message = Puppet.Message
    var memory = Memory()

    mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      memory.inputs.append("invoke \(request.number)")
    }
    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      memory.inputs.append("\(message.number) from \(host.layout.name(of: from))")
      memory.obey(message.acts, &host)
    }
    mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      memory.inputs.append("\(host.layout.name(of: peer)) unavailable")
    }
    func fingerprint(into hasher: inout StableHasher) {
      for input in memory.inputs { hasher.combine(input) }
    }
  }
}

// MARK: - Pulling the strings

extension Cluster<Puppet> {
  /// A cluster whose processes run.
  static func puppets(
    servers: Int = 3, clients: Int = 2, detector: DetectorWord = .perfect,
    checks: CheckSet = []
  ) -> Cluster<Puppet> {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: "boss", clientCount: clients)
    var cluster = Cluster<Puppet>(
      ClusterSetting(
        nodes: ProtocolSetting(layout: layout), detector: detector,
        diskProfile: "default+atomic-dir", checks: checks),
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
    for node in 0..<layout.nodeCount { _ = cluster.apply(.start(NodeID(node)), at: .start) }
    return cluster
  }

  var boss: NodeID { NodeID(layout.serverCount) }

  /// Lets a node do these things in one step, as if the coordinator had told it so.
  mutating func order(
    _ node: NodeID, _ acts: [Puppet.Act], crash: CrashRequest? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let message = Puppet.Message(number: 0, acts: acts)
    let number = network.send(.message(message), from: boss, to: node)
    act(
      .deliver(from: boss, to: node, number: number), crash: crash,
      sourceLocation: sourceLocation)
  }

  /// Does what must be possible.
  mutating func act(
    _ action: ClusterAction, crash: CrashRequest? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let wasApplied = apply(action, at: now, crash: crash)
    #expect(wasApplied, "\(action) is not enabled", sourceLocation: sourceLocation)
  }

  /// Delivers the oldest parcel of a channel.
  mutating func deliverNext(from sender: NodeID, to receiver: NodeID) -> Bool {
    guard let number = network.firstNumber(from: sender, to: receiver) else { return false }
    return apply(.deliver(from: sender, to: receiver, number: number), at: now)
  }

  /// What is under way, oldest first; -1 stands for `unavailable`.
  func underWay(from sender: NodeID, to receiver: NodeID) -> [Int] {
    network.channel(from: sender, to: receiver).envelopes.map { envelope in
      if case .message(let message) = envelope.parcel { message.number } else { -1 }
    }
  }
}
