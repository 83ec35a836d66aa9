import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel

/// Servers that answer any request after two pieces of work, and tell each other about it between
/// the two. They notice when a note overtakes an earlier one of the same sender.
enum Relay: ReplicationProtocol {
  static let name = "relay"

  static let summary = ProtocolSummary(
    headline: "answers after some work", source: "ours", coordinatorName: "boss", servers: 1...9,
    defaultServers: 3, operations: [.read, .write], checks: ["progress"], network: [.fifo],
    detectors: [.perfect, .timeouts], crashPoints: ["begun", "told", "answered"],
    typicalOperation: .milliseconds(4), typicalFailover: .milliseconds(50))

  enum Deviation: String, ProtocolDeviation {
    case silent = "RE-01"
    var change: String { "clients do not ask again" }
  }

  enum Message: NodeMessage {
    typealias Operation = LinearizabilityChecking.Operation
    typealias Response = LinearizabilityChecking.Response
    case request(RequestID)
    case reply(RequestID)
    case note(Int)

    var summary: String {
      switch self {
      case .request(let id): "Request(\(id.number))"
      case .reply(let id): "Reply(\(id.number))"
      case .note(let number): "Note(\(number))"
      }
    }
    func fingerprint(into hasher: inout StableHasher) { hasher.combine(summary) }
  }

  static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(
      work: setting.options.duration("work", default: .milliseconds(1)),
      heard: Array(repeating: 0, count: setting.layout.serverCount))
  }
  static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator()
  }
  static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client(
      serverCount: setting.layout.serverCount, isSilent: setting.deviations.contains(.silent))
  }

  /// One other server must run.
  static func tolerates(failureOf server: NodeID, in facts: ClusterFacts<Relay>) -> Bool {
    facts.isUp.indices.contains { $0 != server.index && facts.isUp[$0] }
  }
}

extension Relay {
  struct Server: ServerNode {
    typealias Message = Relay.Message
    let work: VirtualDuration
    /// By server: the largest number heard from it.
    var heard: [Int]
    var told = 0
    var overtakings = 0
    var role: ServerRole { .single }
    let epoch = 1
    let isReplica = true
    let contents: [KeyedValue] = []

    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      switch message {
      case .request(let id):
        host.crashPoint("begun", request: id)
        host.work(lasting: work)
        told += 1
        for server in host.layout.servers where server != host.me {
          host.send(.note(host.incarnation.number * 1_000_000 + told), to: server)
        }
        host.crashPoint("told", request: id)
        host.work(lasting: work)
        host.send(.reply(id), to: from)
        host.crashPoint("answered", request: id)
      case .note(let number):
        if number < heard[from.index] { overtakings += 1 }
        heard[from.index] = max(heard[from.index], number)
      case .reply: break
      }
    }
    func fingerprint(into hasher: inout StableHasher) {
      for number in heard { hasher.combine(number) }
      hasher.combine(told)
      hasher.combine(overtakings)
    }
  }

  struct Coordinator: CoordinatorNode {
    typealias Message = Relay.Message
    let currentView = ObservedView(number: 1, members: [])
    var failed: [NodeID] = []

    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {}
    mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {
      failed.append(server)
    }
    func fingerprint(into hasher: inout StableHasher) { hasher.combine(contentsOf: failed) }
  }

  struct Client: ClientNode {
    typealias Message = Relay.Message
    let serverCount: Int
    let isSilent: Bool
    /// Open requests and how often they were sent.
    var open: [(id: RequestID, attempts: Int)] = []
    var mostOpen = 0

    mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      open.append((request, 0))
      mostOpen = max(mostOpen, open.count)
      ask(open.count - 1, &host)
    }

    private mutating func ask(_ index: Int, _ host: inout Host<Message>) {
      let (id, attempts) = open[index]
      open[index].attempts += 1
      host.send(.request(id), to: host.layout.server((Int(id.number) + attempts) % serverCount))
      if !isSilent { host.setTimer(.retry(Int(id.number)), after: .milliseconds(40)) }
    }

    mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      guard let index = open.firstIndex(where: { $0.id.number == timer.tag }) else { return }
      ask(index, &host)
    }

    mutating func receive(_ message: Message, from: NodeID, _ host: inout Host<Message>) {
      guard case .reply(let id) = message,
        let index = open.firstIndex(where: { $0.id == id })
      else { return }
      open.remove(at: index)
      host.cancelTimer(.retry(Int(id.number)))
      host.complete(id, .done)
    }
    func fingerprint(into hasher: inout StableHasher) {
      for item in open {
        hasher.combine(item.id)
        hasher.combine(item.attempts)
      }
    }
  }
}

// MARK: - Runs for tests

/// A seeded run that is over, with all that was noted about it.
struct RelayRun {
  var result: RunResult
  var run: SeededRun<Relay>

  var steps: [RecordedStep] { run.recorder?.steps ?? [] }
  var lines: [String] { run.recorder?.lines ?? [] }
  var cluster: Cluster<Relay> { run.cluster }

  init(
    seed: UInt64 = 1, servers: Int = 3, detector: DetectorWord = .timeouts,
    deviations: DeviationSet<Relay.Deviation> = [], assumed: Set<NetworkWord> = [.fifo],
    work: VirtualDuration = .milliseconds(1), _ change: (inout RunPlan) -> Void = { _ in }
  ) {
    var plan = RunPlan()
    plan.workload.mix.read = 0
    change(&plan)
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: "boss", clientCount: plan.workload.clientCount)
    let setting = ClusterSetting<Relay>(
      nodes: ProtocolSetting(
        layout: layout, deviations: deviations,
        options: ProtocolOptions(["work": .duration(work)])),
      detector: detector, diskProfile: "", checks: [.progress], assumedNetwork: assumed)
    run = SeededRun(setting, plan, seed: seed)
    run.recorder = StepRecorder(writesLines: true)
    var checker = StoreChecker(limit: 10_000)
    result = run.run(&checker)
  }

  /// Steps in which a node crashed, or crashes between steps.
  var crashes: [RecordedStep] {
    steps.filter { step in
      if case .crash = step.action { return true }
      return step.crash != nil || step.action == .clusterPowerLoss
    }
  }

  func count(where matches: (ClusterAction) -> Bool) -> Int {
    steps.count { matches($0.action) }
  }
}
