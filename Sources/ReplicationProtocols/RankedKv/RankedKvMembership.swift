import SimulationKernel

extension RankedKv {
  /// A process of a server: its rank among the servers and which start of it.
  public struct Member: Hashable, Sendable, Fingerprintable {
    /// 0-based; `s1` has rank 0.
    var rank: Int
    var incarnation: Int

    var node: NodeID { NodeID(rank) }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(rank)
      hasher.combine(incarnation)
    }
  }

  /// Who takes part: the primary first, then the others by rank from the primary's on, around the
  /// ring. Every change has an epoch of its own.
  public struct Membership: Hashable, Sendable, Fingerprintable, CustomStringConvertible {
    /// 1 and up.
    var epoch: Int
    /// Not empty; at most one process a rank.
    var members: [Member]

    /// All servers in their first start, rank 0 being primary.
    static func first(_ serverCount: Int) -> Membership {
      Membership(
        epoch: 1, members: (0..<serverCount).map { Member(rank: $0, incarnation: 1) })
    }

    var primary: Member { members[0] }

    func contains(_ member: Member) -> Bool { members.contains(member) }

    func names(_ rank: Int) -> Bool { members.contains { $0.rank == rank } }

    public var description: String {
      "epoch \(epoch): \(members.map { "s\($0.rank + 1)" }.joined(separator: " "))"
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(epoch)
      hasher.combine(contentsOf: members)
    }
  }

  /// Brings members into ring order, beginning with a rank.
  static func ring(_ members: [Member], from rank: Int, _ serverCount: Int) -> [Member] {
    members.sorted {
      ($0.rank - rank + serverCount) % serverCount < ($1.rank - rank + serverCount) % serverCount
    }
  }
}
