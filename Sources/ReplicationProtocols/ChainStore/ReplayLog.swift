import SimulationKernel

extension ChainStore {
  /// The replay log: which writes of which client are accepted or committed, so that one that comes
  /// again is not executed again. A client numbers its requests and says with each which is the
  /// lowest that it still waits for; entries below are forgotten, and such a request can only be a
  /// late copy.
  ///
  /// The document has no such word of the client: an acknowledgement removes the entry (CB-09), and
  /// what is older than the oldest entry counts as acknowledged (CB-10).
  struct ReplayLog: Hashable, Sendable, Fingerprintable {
    enum Standing: Hashable, Sendable {
      case new
      case accepted
      case committed
      /// The client has said, or is believed to have said, that it waits for it no more.
      case finished
    }

    struct Entry: Hashable, Sendable {
      var number: Int32
      var isCommitted = false
      /// When the client made the request, by its clock.
      var stamp = VirtualTime.start
    }

    struct Client: Hashable, Sendable {
      var node: NodeID
      var floor: Int32 = 0
      /// Sorted by number.
      var entries: [Entry] = []
    }

    /// Sorted by node.
    private(set) var clients: [Client] = []
    /// CB-10.
    var olderIsFinished = false

    var count: Int { clients.reduce(0) { $0 + $1.entries.count + 1 } }

    func standing(of request: RequestID) -> Standing {
      guard let client = clients.first(where: { $0.node == request.client }) else { return .new }
      if let entry = client.entries.first(where: { $0.number == request.number }) {
        return entry.isCommitted ? .committed : .accepted
      }
      if request.number < client.floor { return .finished }
      if olderIsFinished, let oldest = client.entries.first, request.number < oldest.number {
        return .finished
      }
      return .new
    }

    mutating func add(_ request: RequestID, at stamp: VirtualTime = .start) {
      change(request.client) { client in
        let index =
          client.entries.firstIndex { $0.number >= request.number } ?? client.entries.count
        if index < client.entries.count, client.entries[index].number == request.number { return }
        client.entries.insert(Entry(number: request.number, stamp: stamp), at: index)
      }
    }

    /// Marks an entry; one that is not there any more stays forgotten.
    mutating func commit(_ request: RequestID) {
      change(request.client) { client in
        guard let index = client.entries.firstIndex(where: { $0.number == request.number }) else {
          return
        }
        client.entries[index].isCommitted = true
      }
    }

    mutating func erase(_ request: RequestID, andOlder: Bool = false) {
      change(request.client) { client in
        client.entries.removeAll {
          $0.number == request.number || (andOlder && $0.number < request.number)
        }
      }
    }

    /// - Returns: whether the client had not said so before.
    @discardableResult
    mutating func raiseFloor(of node: NodeID, to floor: Int32) -> Bool {
      if let client = clients.first(where: { $0.node == node }), client.floor >= floor {
        return false
      }
      guard floor > 0 else { return false }
      change(node) { client in
        client.floor = floor
        client.entries.removeAll { $0.number < floor }
      }
      return true
    }

    /// CB-12: entries whose clients made them before a time are forgotten.
    mutating func clean(before time: VirtualTime) {
      for index in clients.indices { clients[index].entries.removeAll { $0.stamp < time } }
    }

    private mutating func change(_ node: NodeID, _ body: (inout Client) -> Void) {
      let index = clients.firstIndex { $0.node >= node } ?? clients.count
      if index == clients.count || clients[index].node != node {
        clients.insert(Client(node: node), at: index)
      }
      body(&clients[index])
    }

    func fingerprint(into hasher: inout StableHasher) {
      for client in clients {
        hasher.combine(client.node)
        hasher.combine(Int(client.floor))
        for entry in client.entries {
          hasher.combine(Int(entry.number))
          hasher.combine(entry.isCommitted)
          hasher.combine(UInt64(bitPattern: entry.stamp.nanoseconds))
        }
        hasher.combine(client.entries.count)
      }
      hasher.combine(clients.count)
    }
  }
}

// MARK: - On disk

extension ChainStore.ReplayLog {
  private static let floorMark: UInt64 = 1 << 47

  /// What is committed, a word a floor and a word an entry: the client's node in the upper 16 bits,
  /// a mark for floors, the number in the lower 32.
  var words: [UInt64] {
    clients.flatMap { client in
      let node = UInt64(client.node.index) << 48
      let floor = node | Self.floorMark | UInt64(UInt32(bitPattern: client.floor))
      return [floor]
        + client.entries.filter(\.isCommitted).map { node | UInt64(UInt32(bitPattern: $0.number)) }
    }
  }

  init(words: [UInt64]) {
    for word in words {
      let node = NodeID(Int(word >> 48))
      let number = Int32(bitPattern: UInt32(truncatingIfNeeded: word))
      if word & Self.floorMark != 0 {
        raiseFloor(of: node, to: number)
      } else {
        let request = RequestID(client: node, number: Int(number))
        add(request)
        commit(request)
      }
    }
  }
}
