import SimulationKernel

extension RankedKv {
  /// Known bugs of rank-ordered stores, and the document's own designs.
  ///
  /// The correct variant and most bugs are built on a versioned membership. Five bugs are about
  /// what that replaces, dead sets and a timestamped primary; they change one decision of
  /// `document-mended`, which is the document's design with these five decided otherwise.
  public enum Deviation: String, ProtocolDeviation {
    case readsLocally = "KV-01"
    case broadcastsInterleave = "KV-02"
    case routerWritesAfterwards = "KV-03"
    case nobodyRepairs = "KV-04"
    case retryExecutesTwice = "KV-05"
    case slowMeansDead = "KV-06"
    case deadSetsReplaced = "KV-07"
    case primaryDemoted = "KV-08"
    case routersElect = "KV-09"
    case revivingServerElected = "KV-10"
    case electionByRoutersClock = "KV-11"
    case syncsByClock = "KV-12"
    case stampsTruncated = "KV-13"
    case helloLost = "KV-15"
    case firstReviverLeads = "KV-16"
    case busyPrimaryElected = "KV-18"
    case acknowledgesBeforeWriting = "KV-19"
    case asDescribed = "as-described"
    case repliesBeforePropagation = "reply-before-propagation"
    case broadcastsAsynchronously = "asynchronous-broadcast"
    case versionVectors = "version-vectors"
    case documentMended = "document-mended"

    public var change: String {
      switch self {
      case .readsLocally: "any server answers a read at once, also while a put is being broadcast"
      case .broadcastsInterleave:
        "two broadcasts overtake each other, and receivers take what arrives last"
      case .routerWritesAfterwards:
        "the router writes its client's value into its own memory once more, after the primary's "
          + "answer"
      case .nobodyRepairs:
        "a new primary goes on with what it has; nobody finishes a broadcast that broke off"
      case .retryExecutesTwice: "a put that a client sends again is executed again"
      case .slowMeansDead:
        "a push that is not answered in time makes the receiver dead for the primary, and the "
          + "receiver goes on answering reads"
      case .deadSetsReplaced:
        "the document's design: each message's dead set takes the place of the receiver's"
      case .primaryDemoted:
        "the document's design: whoever is sent a put as primary becomes it, whatever the times of "
          + "the elections"
      case .routersElect:
        "a router that waits too long for the primary takes it for dead and turns to the next rank"
      case .revivingServerElected:
        "the next rank becomes primary although it is still reviving, and then does not catch up"
      case .electionByRoutersClock:
        "the document's design: the time of an election is what the router's clock says"
      case .syncsByClock:
        "a reviving server asks for the rows whose clock is later than that of its latest"
      case .stampsTruncated:
        "as KV-12, and pushed rows carry the lower 32 bits of the clock only"
      case .helloLost:
        "the document's design: a reviving server tells the others once, and serves whether they "
          + "heard it or not"
      case .firstReviverLeads:
        "after a failure of all servers, the first that comes back leads with what it has"
      case .busyPrimaryElected:
        "the document's design: a router's deadline runs while the primary waits for dead servers"
      case .acknowledgesBeforeWriting: "a server acknowledges an update before it has written it"
      case .asDescribed: "the document's design: dead sets, a timestamped primary, local reads"
      case .repliesBeforePropagation:
        "the document's alternative: the put is answered when the primary has it, before any push"
      case .broadcastsAsynchronously:
        "the partner team's design: the pushes are sent, and the put is answered without waiting"
      case .versionVectors:
        "the document's outlook: rows have versions, and a reviving server exchanges what is "
          + "unseen with every other, in any order of start"
      case .documentMended:
        "the document's design without KV-07, KV-08, KV-11, KV-15 and KV-18"
      }
    }
  }
}
