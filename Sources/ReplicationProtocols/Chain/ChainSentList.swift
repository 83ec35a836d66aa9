import SimulationKernel

extension Chain {
  /// `Sent` (section 3): the updates that a server passed on and that the tail may not have
  /// processed, oldest first. Short: what is in flight below this server.
  struct SentList: Sendable {
    private(set) var updates: [Update] = []
    /// The same updates as the history names them.
    private(set) var entries: [UpdateLog.Entry] = []

    var isEmpty: Bool { updates.isEmpty }

    mutating func append(_ update: Update) {
      updates.append(update)
      entries.append(update.entry)
    }

    /// Removes the updates up to and including this sequence number.
    /// - Returns: the request of the last one removed.
    @discardableResult
    mutating func remove(through sequence: Int) -> RequestID? {
      var count = 0
      while count < updates.count, updates[count].sequence <= sequence { count += 1 }
      guard count > 0 else { return nil }
      let last = updates[count - 1].request
      if count == updates.count {
        removeAll()
      } else {
        updates.removeFirst(count)
        entries.removeFirst(count)
      }
      return last
    }

    mutating func removeAll() {
      updates.removeAll(keepingCapacity: true)
      entries.removeAll(keepingCapacity: true)
    }

    /// The updates after this sequence number.
    func suffix(after sequence: Int) -> [Update] {
      updates.filter { $0.sequence > sequence }
    }
  }
}
