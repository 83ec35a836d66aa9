import DiskSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Drives one node by hand: servers s1 to s5, the master, clients c1 and c2. Each input returns
/// what the node sent or answered, a line each; what it put off runs when asked for.
struct StoreScript<N: Node> where N.Message == ChainStore.Message {
  var node: N
  let me: NodeID
  var disk = VirtualDisk()
  var postponed: [Int] = []
  var timers: [TimerID] = []
  private(set) var messages: [(message: ChainStore.Message, to: NodeID)] = []
  private(set) var observations: [Observation] = []
  private var host: Host<ChainStore.Message>
  private let incarnation: Int

  init(_ node: N, _ me: NodeID, incarnation: Int = 1) {
    self.node = node
    self.me = me
    self.incarnation = incarnation
    host = Host(
      layout: Store.layout, costs: CostTable(),
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
  }

  @discardableResult
  mutating func start() -> [String] { step { $0.start(&$1) } }

  @discardableResult
  mutating func receive(_ message: ChainStore.Message, from name: String) -> [String] {
    step { $0.receive(message, from: Store.node(name), &$1) }
  }

  @discardableResult
  mutating func fire(_ timer: TimerID) -> [String] {
    timers.removeAll { $0 == timer }
    return step { $0.timerFired(timer, &$1) }
  }

  /// Runs write and commit steps until there are none.
  @discardableResult
  mutating func work() -> [String] {
    var lines: [String] = []
    while true {
      if !postponed.isEmpty {
        let continuation = postponed.removeFirst()
        lines += step { $0.resume(continuation, &$1) }
      } else if timers.contains(ChainStore.Server.commitTimer) {
        lines += fire(ChainStore.Server.commitTimer)
      } else {
        return lines
      }
    }
  }

  @discardableResult
  mutating func step(
    _ body: (inout N, inout Host<ChainStore.Message>) -> Void
  ) -> [String] {
    host.begin(me, incarnation: Incarnation(incarnation), time: .start, skew: .zero)
    host.files = disk
    body(&node, &host)
    if let used = host.files as? VirtualDisk { disk = used }
    host.files = NoFiles()
    messages.removeAll()
    observations.removeAll()
    var lines: [String] = []
    for effect in host.effects {
      switch effect {
      case .send(let message, let peer):
        messages.append((message, peer))
        lines.append("\(Store.layout.name(of: peer)) <- \(message.summary)")
      case .complete(let request, let response):
        lines.append("complete \(request.number): \(response)")
      case .resume(let continuation): postponed.append(continuation)
      case .setTimer(let timer, _): if !timers.contains(timer) { timers.append(timer) }
      case .cancelTimer(let timer): timers.removeAll { $0 == timer }
      case .observe(let observation): observations.append(observation)
      default: break
      }
    }
    return lines
  }
}

/// The cluster of the scripted tests, and short ways to say what is said in it.
enum Store {
  static let layout = ClusterLayout(serverCount: 5, coordinatorName: "master", clientCount: 2)

  static func node(_ name: String) -> NodeID { layout.node(named: name) ?? NodeID(99) }

  static func member(_ server: Int, _ incarnation: Int = 1) -> ChainStore.Member {
    ChainStore.Member(node: NodeID(server - 1), incarnation: incarnation)
  }

  static func setting(
    _ bugs: [ChainStore.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> ProtocolSetting<ChainStore.Deviation> {
    ProtocolSetting(
      layout: layout, deviations: DeviationSet(bugs), options: ProtocolOptions(options))
  }

  static func configuration(
    _ epoch: Int, _ servers: [Int], founders: [Int] = [1, 2, 3, 4, 5]
  ) -> ChainStore.Configuration {
    ChainStore.Configuration(
      epoch: epoch, chain: servers.map { member($0) }, founders: founders.map { member($0) })
  }

  static func id(_ number: Int, client: String = "c1") -> RequestID {
    RequestID(client: node(client), number: number)
  }

  static func write(_ number: Int, _ sector: Int, _ value: String) -> ChainStore.Message {
    .write(
      ChainStore.WriteRequest(
        request: id(number), operation: .writeBlocks(first: sector, count: 1, value: value),
        floor: 1, stamp: .start))
  }

  static func relayed(
    _ number: Int, _ sector: Int, _ value: String, epoch: Int
  ) -> ChainStore.Message {
    var content = ChainStore.BlockContent(sectors: 2)
    content.sectors[sector % 2] = value
    let update = ChainStore.BlockUpdate(block: sector / 2, content: content)
    return .relayWrite(
      ChainStore.Entry(
        number: number, request: id(number), floor: Int32(number), stamp: .start,
        change: .blocks([update])),
      epoch: epoch)
  }

  /// A started server that has adopted a configuration.
  static func server(
    _ number: Int, _ configuration: ChainStore.Configuration,
    _ bugs: [ChainStore.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> StoreScript<ChainStore.Server> {
    let me = NodeID(number - 1)
    var script = StoreScript(ChainStore.makeServer(me, setting(bugs, options)), me)
    script.start()
    script.receive(.configure(configuration), from: "master")
    return script
  }

  /// A master with a chain of all five, settled.
  static func master(
    _ bugs: [ChainStore.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> StoreScript<ChainStore.Master> {
    var script = StoreScript(ChainStore.makeCoordinator(setting(bugs, options)), node("master"))
    script.start()
    for server in 1...5 {
      script.receive(.register(incarnation: 1, committed: 0), from: "s\(server)")
    }
    script.receive(.heartbeatReply(epoch: 1, isSettled: true), from: "s5")
    return script
  }
}
