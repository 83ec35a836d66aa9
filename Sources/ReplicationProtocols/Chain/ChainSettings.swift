import SimulationKernel

extension Chain {
  /// What every node of a chain is told before it starts.
  struct Settings: Sendable {
    let layout: ClusterLayout
    let flaws: Flaws
    /// Servers of the first configuration, `s1` being the head; the others join by themselves.
    let initialChain: Int
    /// How long the others wait before they ask to join.
    let joinAfter: VirtualDuration
    /// Updates per message while a history is copied.
    let transferChunk: Int
    /// Silence after which a server repeats what its neighbour has not confirmed.
    let retransmitAfter: VirtualDuration
    /// When a client repeats a request.
    let retry: RetryTiming
    /// Whether clients hear of a new head or tail from itself, once it knows, instead of from the
    /// master at the same time.
    let endsTellClients: Bool

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      layout = setting.layout
      flaws = Flaws(setting.deviations)
      let servers = setting.layout.serverCount
      let asked = options.integer("initialChain", default: 0)
      initialChain = asked < 1 ? servers : min(asked, servers)
      joinAfter = options.duration("joinAfter", default: Self.joinAfterDefault)
      transferChunk = max(1, options.integer("transferChunk", default: Self.transferChunkDefault))
      retransmitAfter = options.duration("retransmitAfter", default: Self.retransmitDefault)
      retry = setting.retry
      endsTellClients = options.choice("clientsHear", default: "at-once") == "in-turn"
    }

    static let joinAfterDefault = VirtualDuration.milliseconds(20)
    static let transferChunkDefault = 8
    static let retransmitDefault = VirtualDuration.milliseconds(60)

    /// The configuration that everybody knows from the beginning.
    var firstConfiguration: Configuration {
      let members = (0..<initialChain).map { index in
        Member(node: layout.server(index), incarnation: Incarnation(1))
      }
      return Configuration(epoch: 1, chain: members, joiner: nil)
    }

    /// Silence after which a server repeats for the `attempt`-th time (from 0).
    func wait(attempt: Int) -> VirtualDuration {
      retransmitAfter * Int64(1 << min(attempt, Self.largestAttempt))
    }

    /// Waits double up to this attempt; counters of attempts stop here, so that a node that waits
    /// for ever has finitely many states.
    static let largestAttempt = 4

    var master: NodeID {
      guard let master = layout.coordinator else {
        programmingError("a chain needs its master in the cluster layout")
      }
      return master
    }
  }
}
