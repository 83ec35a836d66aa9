import SimulationKernel

extension PrimaryBackup {
  /// The node that hosts the `ViewService`: answers pings and clients, and keeps its clock.
  public struct Coordinator: CoordinatorNode {
    private let settings: Settings
    private(set) var service: ViewService
    public private(set) var currentView = View.initial.observed
    private var lastAcknowledged = 0

    init(_ settings: Settings) {
      self.settings = settings
      service = ViewService(serverCount: settings.serverCount, settings.rules)
    }

    public mutating func start(_ host: inout Host<Message>) {
      host.setTimer(.pace(), after: settings.pingInterval)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .ping(let ping):
        guard service.ping(ping, from: sender.index) else { return }
        announce(&host)
        let member = Member(server: sender.index, incarnation: ping.incarnation)
        host.send(
          .view(service.view, asksToCarryOn: service.asksToCarryOn(member)), to: sender)
      case .viewRequest:
        host.send(.view(service.view, asksToCarryOn: false), to: sender)
      default: break
      }
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { false }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      service.tick()
      announce(&host)
      host.setTimer(.pace(), after: settings.pingInterval)
    }

    public mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {
      service.serverFailed(server.index)
      announce(&host)
    }

    /// Reports what the service has learnt and decided, and pushes a new view to the servers if it
    /// is to be pushed.
    private mutating func announce(_ host: inout Host<Message>) {
      if service.acknowledged > lastAcknowledged {
        lastAcknowledged = service.acknowledged
        host.observe(.acknowledged(epoch: lastAcknowledged))
      }
      guard service.view.number > currentView.number else { return }
      currentView = service.view.observed
      host.observe(.decided(currentView))
      guard settings.pushesViews else { return }
      for server in 0..<settings.serverCount {
        host.send(.view(service.view, asksToCarryOn: false), to: NodeID(server))
      }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(service)
    }
  }
}
