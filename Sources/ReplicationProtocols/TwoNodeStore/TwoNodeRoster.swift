import SimulationKernel

extension TwoNodeStore {
  /// The load balancer's decisions as a pure state machine: heartbeats and failures in,
  /// assignments out.
  ///
  /// - The first assignment waits for both nodes: one alone cannot know what the other holds
  ///   (BS-15 does not wait).
  /// - A backup that holds everything takes the place of a primary that fails.
  /// - A node that comes back recovers from the primary; while no primary lives, only a node that
  ///   holds everything may become one.
  struct Roster: Sendable, Fingerprintable {
    private let promotesLonelyBackup: Bool
    private(set) var assignment = Assignment()
    /// By server: the running process, 0 if none has registered.
    private var alive = [0, 0]
    /// By server: processes reported dead so far. A process starts again only after that report, so
    /// this is also the latest dead incarnation, whose last words may still be under way.
    private var dead = [0, 0]
    /// By server: whether its disk held everything when the node was last known to be alive.
    private var isCurrent = [true, true]

    init(promotesLonelyBackup: Bool = false) {
      self.promotesLonelyBackup = promotesLonelyBackup
    }

    /// - Parameter recovered: the epoch in which the process has caught up with the primary.
    mutating func heartbeat(from server: NodeID, incarnation: Int, recovered: Int) {
      guard incarnation > dead[server.index], incarnation >= alive[server.index] else { return }
      let isNew = incarnation > alive[server.index]
      alive[server.index] = incarnation
      if assignment.epoch == 0 || (promotesLonelyBackup && isNew && incarnation == 1) {
        form(server)
        return
      }
      guard let primary = assignment.primary else {
        if isCurrent[server.index] { decide(server, .absent) }
        return
      }
      guard server != primary else { return }
      if assignment.peer == .absent || isNew { decide(primary, .recovering) }
      if assignment.peer == .recovering, recovered == assignment.epoch {
        isCurrent[server.index] = true
        decide(primary, .stable)
      }
    }

    /// The running process of a server is dead.
    mutating func serverFailed(_ server: NodeID) {
      alive[server.index] = 0
      dead[server.index] += 1
      let other = TwoNodeStore.peer(of: server)
      guard assignment.primary == server else {
        if let primary = assignment.primary {
          isCurrent[server.index] = false
          decide(primary, .absent)
        }
        return
      }
      if assignment.peer == .stable {
        isCurrent[server.index] = false
        decide(other, .absent)
      } else {
        decide(nil, .absent)
      }
    }

    /// The first assignment: the first node is the primary.
    private mutating func form(_ server: NodeID) {
      let isAlone = alive[TwoNodeStore.peer(of: server).index] == 0
      if !isAlone, assignment.epoch == 0 {
        decide(NodeID(0), .stable)
      } else if promotesLonelyBackup, isAlone, server == NodeID(1), assignment.epoch == 0 {
        decide(server, .absent)
      } else if promotesLonelyBackup, server == NodeID(0), assignment.primary == NodeID(1) {
        // BS-15: the node that was started as primary is believed too, and nobody hears of it.
        assignment.primary = server
        assignment.peer = .stable
        assignment.incarnations = alive
      }
    }

    private mutating func decide(_ primary: NodeID?, _ peer: Assignment.Peer) {
      assignment.epoch += 1
      assignment.primary = primary
      assignment.peer = peer
      assignment.incarnations = alive
      guard let primary, peer == .absent else { return }
      // A peer that lives, but has nobody to be stable with, begins to recover.
      if alive[TwoNodeStore.peer(of: primary).index] > 0 { assignment.peer = .recovering }
    }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(assignment)
      for server in 0..<2 {
        hasher.combine(alive[server])
        hasher.combine(dead[server])
        hasher.combine(isCurrent[server])
      }
    }
  }
}
