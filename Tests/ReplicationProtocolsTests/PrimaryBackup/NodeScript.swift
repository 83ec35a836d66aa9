import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Drives one node of a primary/backup cluster by hand: three servers s1 to s3, the view service,
/// two clients c1 and c2. Each input returns what the node sent and answered, a line each.
struct NodeScript<N: Node> where N.Message == PrimaryBackup.Message {
  var node: N
  let me: NodeID
  private var host: Host<PrimaryBackup.Message>
  private var incarnation: Int

  init(_ node: N, _ me: NodeID, incarnation: Int = 1) {
    self.node = node
    self.me = me
    self.incarnation = incarnation
    host = Host(
      layout: Names.layout, costs: CostTable(),
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
  }

  /// All effects of the last step.
  var effects: [Effect<PrimaryBackup.Message>] { host.effects }

  var observations: [Observation] {
    effects.compactMap { if case .observe(let observation) = $0 { observation } else { nil } }
  }

  var crashPoints: [String] {
    host.crashPoints.map(\.label.text)
  }

  var armed: [TimerID] {
    effects.compactMap { if case .setTimer(let timer, _) = $0 { timer } else { nil } }
  }

  /// The messages of the last step, in order.
  var messages: [PrimaryBackup.Message] {
    effects.compactMap { if case .send(let message, _) = $0 { message } else { nil } }
  }

  @discardableResult
  mutating func start() -> [String] { step { $0.start(&$1) } }

  @discardableResult
  mutating func receive(_ message: PrimaryBackup.Message, from name: String) -> [String] {
    step { $0.receive(message, from: Names.node(name), &$1) }
  }

  @discardableResult
  mutating func fire(_ timer: TimerID) -> [String] { step { $0.timerFired(timer, &$1) } }

  @discardableResult
  mutating func resume(_ continuation: Int) -> [String] { step { $0.resume(continuation, &$1) } }

  @discardableResult
  mutating func loses(_ name: String) -> [String] {
    step { $0.peerUnavailable(Names.node(name), &$1) }
  }

  @discardableResult
  mutating func step(
    _ body: (inout N, inout Host<PrimaryBackup.Message>) -> Void
  ) -> [String] {
    host.begin(
      me, incarnation: Incarnation(incarnation), time: .start, skew: .zero)
    body(&node, &host)
    return effects.compactMap { effect in
      switch effect {
      case .send(let message, let peer): "\(Names.layout.name(of: peer)) <- \(message.summary)"
      case .complete(let request, let response): "complete \(request.number): \(response)"
      case .resume(let continuation): "resume \(continuation)"
      default: nil
      }
    }
  }
}

/// The cluster of the scripted tests, and short ways to say what is said in it.
enum Names {
  static let layout = ClusterLayout(serverCount: 3, coordinatorName: "vs", clientCount: 2)

  static func node(_ name: String) -> NodeID { layout.node(named: name) ?? NodeID(99) }

  static func setting(
    _ bugs: [PrimaryBackup.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> ProtocolSetting<PrimaryBackup.Deviation> {
    ProtocolSetting(
      layout: layout, deviations: DeviationSet(bugs), options: ProtocolOptions(options))
  }

  static func server(
    _ name: String, _ bugs: [PrimaryBackup.Deviation] = [],
    _ options: [String: ProtocolOptions.Value] = [:], incarnation: Int = 1
  ) -> NodeScript<PrimaryBackup.Server> {
    var script = NodeScript(
      PrimaryBackup.makeServer(node(name), setting(bugs, options)), node(name),
      incarnation: incarnation)
    script.start()
    return script
  }

  /// A server as the primary of `(2: me, backup)` whose backup has the snapshot.
  static func primary(
    _ bugs: [PrimaryBackup.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> NodeScript<PrimaryBackup.Server> {
    var script = server("s1", bugs, options)
    script.receive(view(1, "s1"), from: "vs")
    script.receive(view(2, "s1", "s2"), from: "vs")
    script.receive(.acknowledgement(view: 2, sequence: 0), from: "s2")
    return script
  }

  /// A server as the backup of `(2: s1, me)` with an empty snapshot installed.
  static func backup(
    _ bugs: [PrimaryBackup.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> NodeScript<PrimaryBackup.Server> {
    var script = server("s2", bugs, options)
    script.receive(view(2, "s1", "s2"), from: "vs")
    script.receive(
      .snapshot(PrimaryBackup.Snapshot(view: 2, replica: PrimaryBackup.Replica())), from: "s1")
    return script
  }

  /// A view of first incarnations, unless a name says otherwise: `s1*` is s1's second.
  static func view(
    _ number: Int, _ primary: String, _ backup: String? = nil, asked: Bool = false
  ) -> PrimaryBackup.Message {
    .view(
      PrimaryBackup.View(
        number: number, primary: member(primary), backup: backup.map { member($0) }),
      asksToCarryOn: asked)
  }

  private static func member(_ name: String) -> PrimaryBackup.Member {
    let restarts = name.filter { $0 == "*" }.count
    return PrimaryBackup.Member(
      server: node(name.filter { $0 != "*" }).index, incarnation: 1 + restarts)
  }

  static func id(_ client: String, _ number: Int) -> RequestID {
    RequestID(client: node(client), number: number)
  }

  static func request(
    _ client: String, _ number: Int, _ operation: Operation, lowestOpen: Int = 1
  ) -> PrimaryBackup.Message {
    .request(
      PrimaryBackup.Request(
        id: id(client, number), operation: operation, lowestOpen: Int32(lowestOpen)))
  }

  static func ordered(
    _ sequence: Int, _ client: String, _ number: Int, _ operation: Operation, drawn: Int = 0
  ) -> PrimaryBackup.OrderedOperation {
    PrimaryBackup.OrderedOperation(
      sequence: sequence, request: id(client, number), operation: operation, drawn: drawn,
      lowestOpen: 1)
  }

  /// What a replica holds after these operations of c1, numbered from 1.
  static func replica(_ operations: Operation...) -> PrimaryBackup.Replica {
    var replica = PrimaryBackup.Replica()
    for (index, operation) in operations.enumerated() {
      _ = replica.execute(ordered(index + 1, "c1", index + 1, operation))
    }
    return replica
  }
}
