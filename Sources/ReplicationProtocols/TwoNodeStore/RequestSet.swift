import SimulationKernel

extension TwoNodeStore {
  /// Which writes were executed, by request: ranges of numbers for each client, which stay few
  /// because clients number their requests without gaps. All writes have the same answer, so it
  /// need not be kept.
  struct RequestSet: Hashable, Sendable, Fingerprintable {
    struct Member: Hashable, Sendable {
      var client: Int
      /// Sorted, disjoint, not adjacent.
      var ranges: [ClosedRange<Int32>]
    }

    /// Sorted by client.
    private(set) var members: [Member] = []

    init(_ members: [Member] = []) {
      self.members = members
    }

    func contains(_ request: RequestID) -> Bool {
      guard let member = members.first(where: { $0.client == request.client.index }) else {
        return false
      }
      return member.ranges.contains { $0.contains(request.number) }
    }

    /// - Returns: whether the request is new.
    @discardableResult
    mutating func insert(_ request: RequestID) -> Bool {
      if contains(request) { return false }
      insert(request.number...request.number, client: request.client.index)
      return true
    }

    mutating func formUnion(_ other: RequestSet) {
      for member in other.members {
        for range in member.ranges { insert(range, client: member.client) }
      }
    }

    private mutating func insert(_ range: ClosedRange<Int32>, client: Int) {
      let place = members.firstIndex { $0.client >= client } ?? members.count
      guard place < members.count, members[place].client == client else {
        members.insert(Member(client: client, ranges: [range]), at: place)
        return
      }
      var joined = range
      var rest: [ClosedRange<Int32>] = []
      for known in members[place].ranges {
        if known.upperBound + 1 < joined.lowerBound || joined.upperBound + 1 < known.lowerBound {
          rest.append(known)
        } else {
          joined =
            min(known.lowerBound, joined.lowerBound)...max(known.upperBound, joined.upperBound)
        }
      }
      rest.append(joined)
      members[place].ranges = rest.sorted { $0.lowerBound < $1.lowerBound }
    }

    func fingerprint(into hasher: inout StableHasher) {
      for member in members {
        hasher.combine(member.client)
        for range in member.ranges {
          hasher.combine(Int(range.lowerBound))
          hasher.combine(Int(range.upperBound))
        }
        hasher.combine(member.ranges.count)
      }
      hasher.combine(members.count)
    }
  }
}
