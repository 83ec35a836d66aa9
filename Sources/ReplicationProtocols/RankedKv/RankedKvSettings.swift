import SimulationKernel

extension RankedKv {
  /// What a scenario sets, looked up once: options as values, deviations as one value for each
  /// decision that they change.
  struct Settings: Sendable {
    let serverCount: Int
    let clientRetry: RetryTiming
    /// How many servers each client knows.
    let knownServers: Int
    /// Whether a client gives an operation up when all servers that it knows have failed it.
    let clientsGiveUp: Bool
    /// Whether it is an assumption that all servers may fail, if those that held the last copy come
    /// back.
    let allMayFail: Bool
    let pushDeadline: VirtualDuration
    let forwardDeadline: VirtualDuration
    let revivalDeadline: VirtualDuration
    /// The rank whose clock is slow, and by how much; -1 for none.
    let slowClock: Int
    let slowBy: VirtualDuration

    let design: Design

    // Decision points of the correct variant.
    let readsLocally: Bool
    let broadcastsInterleave: Bool
    let routerWritesAfterwards: Bool
    let newPrimaryRepairs: Bool
    let knowsRetries: Bool
    let slowMeansDead: Bool
    let routersSuspect: Bool
    let succeedsByRank: Bool
    let syncsByClock: Bool
    let truncatesStamps: Bool
    let firstReviverLeads: Bool
    let writesBeforeAcknowledging: Bool

    /// How the document's designs differ among themselves.
    let document: DocumentSettings

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      let bugs = setting.deviations
      serverCount = setting.layout.serverCount
      clientRetry = setting.retry
      let known = options.integer("knownServers", default: 0)
      knownServers = known < 1 ? serverCount : min(known, serverCount)
      clientsGiveUp = options.flag("clientsGiveUp", default: false)
      allMayFail = options.flag("allMayFail", default: false)
      pushDeadline = options.duration("pushDeadline", default: Self.pushDeadlineDefault)
      forwardDeadline = options.duration("forwardDeadline", default: Self.forwardDeadlineDefault)
      revivalDeadline = options.duration("revivalDeadline", default: Self.revivalDeadlineDefault)
      slowClock = options.integer("slowClock", default: 0) - 1
      slowBy = options.duration("slowBy", default: .zero)
      let document = DocumentSettings(bugs)
      self.document = document
      design = document.isInForce ? .asInTheDocument : .withMembership
      truncatesStamps = bugs.contains(.stampsTruncated)
      syncsByClock = bugs.contains(.syncsByClock) || truncatesStamps
      slowMeansDead = bugs.contains(.slowMeansDead)
      readsLocally =
        bugs.contains(.readsLocally) || slowMeansDead || bugs.contains(.routerWritesAfterwards)
      broadcastsInterleave = bugs.contains(.broadcastsInterleave)
      routerWritesAfterwards = bugs.contains(.routerWritesAfterwards)
      newPrimaryRepairs = !bugs.contains(.nobodyRepairs)
      knowsRetries = !bugs.contains(.retryExecutesTwice)
      routersSuspect = bugs.contains(.routersElect)
      succeedsByRank = bugs.contains(.revivingServerElected)
      firstReviverLeads = bugs.contains(.firstReviverLeads)
      writesBeforeAcknowledging = !bugs.contains(.acknowledgesBeforeWriting)
    }

    static let pushDeadlineDefault = VirtualDuration.seconds(1)
    static let forwardDeadlineDefault = VirtualDuration.seconds(12)
    static let revivalDeadlineDefault = VirtualDuration.seconds(5)

    /// When a server repeats what another has not answered.
    static let serverRetry = RetryTiming(after: .milliseconds(20), limit: .milliseconds(160))

    /// What the clock of a server says, in microseconds since some day long before the run.
    func stamp(_ time: VirtualTime, rank: Int) -> Int {
      let nanoseconds = time.nanoseconds - (rank == slowClock ? slowBy.nanoseconds : 0)
      return Self.clockOrigin + Int(nanoseconds / 1000)
    }

    private static let clockOrigin = 1_500_000_000_000_000

    /// The stamp that a pushed row carries.
    func pushedStamp(_ stamp: Int) -> Int { truncatesStamps ? stamp & 0x7FFF_FFFF : stamp }
  }

  enum Design: Hashable, Sendable {
    /// Ours: numbered updates, versioned membership.
    case withMembership
    /// A timestamped primary, and sets of the dead.
    case asInTheDocument
  }

  /// The decisions in which the document's designs differ.
  struct DocumentSettings: Sendable {
    /// When the router's answer goes out.
    enum Answering: Hashable, Sendable {
      case afterBroadcast
      /// The primary answers when it has the row itself, and then pushes.
      case beforeBroadcast
      /// The primary answers when the pushes are under way; nobody waits for one.
      case duringBroadcast
    }

    let isInForce: Bool
    let answering: Answering
    /// Whether rows have versions, and a reviving server exchanges them with every other.
    let exchangesVersions: Bool
    /// Whether a router writes its client's value into its memory when the primary has answered.
    let routerWritesAgain: Bool
    /// Whether a message's dead set takes the place of the receiver's (KV-07).
    let replacesDeadSets: Bool
    /// Whether a server believes anybody who takes it for the primary (KV-08).
    let believesRouters: Bool
    /// Whether the router's clock is the time of an election (KV-11).
    let electsByClock: Bool
    /// Whether a reviving server says hello once (KV-15).
    let saysHelloOnce: Bool
    /// Whether a router's deadline runs while the primary waits for the dead (KV-18).
    let routersElectBusyPrimary: Bool

    init(_ bugs: DeviationSet<Deviation>) {
      let described = [Deviation.asDescribed, .repliesBeforePropagation, .broadcastsAsynchronously]
        .contains { bugs.contains($0) }
      let single = [
        Deviation.deadSetsReplaced, .primaryDemoted, .electionByRoutersClock, .helloLost,
        .busyPrimaryElected, .documentMended, .versionVectors,
      ].contains { bugs.contains($0) }
      isInForce = described || single
      answering =
        bugs.contains(.repliesBeforePropagation)
        ? .beforeBroadcast
        : bugs.contains(.broadcastsAsynchronously) ? .duringBroadcast : .afterBroadcast
      exchangesVersions = bugs.contains(.versionVectors)
      routerWritesAgain = described
      replacesDeadSets = described || bugs.contains(.deadSetsReplaced)
      believesRouters = described || bugs.contains(.primaryDemoted)
      electsByClock = described || bugs.contains(.electionByRoutersClock)
      saysHelloOnce = described || bugs.contains(.helloLost)
      routersElectBusyPrimary = described || bugs.contains(.busyPrimaryElected)
    }
  }
}
