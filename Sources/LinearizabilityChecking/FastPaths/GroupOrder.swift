/// The order of the groups: times of each, sorting, conflicts.
extension ContiguousGroups {
  /// Finds f and s of every group. Inside a group the order is fixed, so each operation must return
  /// after every call before it.
  mutating func measureGroups() -> ViolationCertificate.Reason? {
    firstReturns.removeAll(keepingCapacity: true)
    lastCalls.removeAll(keepingCapacity: true)
    for group in 0..<groupStarts.count - 1 {
      // The initial state is there before everything else.
      var firstReturn: Int32 = group == 0 ? -1 : .max
      var lastCall: Int32 = -1
      for place in Int(groupStarts[group])..<Int(groupStarts[group + 1]) {
        let operation = Int(sequence[place])
        let returned = returns[operation]
        if returned < lastCall { return chainConflict(group, at: place) }
        firstReturn = min(firstReturn, returned)
        lastCall = max(lastCall, calls[operation])
      }
      firstReturns.append(firstReturn)
      lastCalls.append(lastCall)
    }
    return nil
  }

  /// Sorts ``keys``. The initial group has the smallest sum, since only its f is negative.
  mutating func sortGroups() {
    keys.removeAll(keepingCapacity: true)
    for group in 0..<firstReturns.count {
      let sum = group == 0 ? 0 : Int64(firstReturns[group]) + Int64(lastCalls[group]) + 2
      keys.append(UInt64(truncatingIfNeeded: sum) << 32 | UInt64(group))
    }
    radix.sort(&keys)
  }

  /// Two groups each of which must precede the other.
  func firstConflict() -> ViolationCertificate.Reason? {
    var latest: Int32 = -1
    var holder = 0
    for key in keys {
      let group = Int(truncatingIfNeeded: key & 0xFFFF_FFFF)
      if firstReturns[group] < latest {
        return .mutualConflict(conflicting(holder), conflicting(group))
      }
      if lastCalls[group] > latest {
        latest = lastCalls[group]
        holder = group
      }
    }
    return nil
  }

  /// The operation at `place` returned before one that the values put before it was called.
  private func chainConflict(_ group: Int, at place: Int) -> ViolationCertificate.Reason {
    let later = sequence[place]
    var earlierPlace = Int(groupStarts[group])
    for other in earlierPlace..<place
    where calls[Int(sequence[other])] > calls[Int(sequence[earlierPlace])] {
      earlierPlace = other
    }
    let earlier = sequence[earlierPlace]
    if roles[Int(later)] == .read, source[Int(later)] == earlier {
      return .readBeforeWrite(read: later, write: earlier)
    }
    // From the later one back to the state of the earlier one.
    var links: [Int32] = []
    let end = roles[Int(earlier)] == .read ? source[Int(earlier)] : earlier
    var state = source[Int(later)]
    while state != end, state >= 0, Int(state) < count {
      links.append(state)
      state = source[Int(state)]
    }
    if roles[Int(earlier)] == .read, Int(end) < count { links.append(end) }
    return .chainAgainstTime(earlier: earlier, later: later, links: links.reversed())
  }

  private func conflicting(_ group: Int) -> ViolationCertificate.ConflictingGroup {
    let range = Int(groupStarts[group])..<Int(groupStarts[group + 1])
    let members = sequence[range]
    return ViolationCertificate.ConflictingGroup(
      write: group == 0 ? nil : members.first,
      firstReturned: group == 0 ? nil : members.min { returns[Int($0)] < returns[Int($1)] },
      lastCalled: members.max { calls[Int($0)] < calls[Int($1)] })
  }
}
