import LinearizabilityChecking
import SimulationKernel

extension Chain {
  /// The replicated state of one server: history, current values, and the answers that clients may
  /// still ask for again. All of it is a function of the updates applied.
  struct Replica: Sendable {
    /// `Hist`.
    private(set) var log = UpdateLog()
    /// By key or block; grows on demand.
    var cells: [Cell] = []
    /// By client.
    var clients: [ClientRecord]
    private let firstClient: Int

    struct Cell: Sendable {
      var value = ""
      /// The place in the history of the update that wrote the value; 0 for the initial value.
      var writtenAt = 0
    }

    /// What is remembered of a client's updates.
    struct ClientRecord: Sendable {
      /// Requests below this one are finished: the client has their answers.
      var floor: Int32 = 0
      /// Applied updates from `floor` on; as many as the client keeps open, plus one.
      var recent: [Update] = []
    }

    /// What a request is to this replica.
    enum Standing {
      case new
      case applied(Update)
      /// The client has had the answer; only a late copy of the request can get here.
      case finished
    }

    init(_ layout: ClusterLayout) {
      firstClient = layout.client(0).index
      clients = Array(repeating: ClientRecord(), count: layout.clientCount)
    }

    var count: Int { log.count }

    func standing(of request: RequestID) -> Standing {
      let client = request.client.index - firstClient
      guard clients.indices.contains(client) else { return .finished }
      if request.number < clients[client].floor { return .finished }
      for update in clients[client].recent where update.request.number == request.number {
        return .applied(update)
      }
      return .new
    }

    mutating func apply(_ update: Update) {
      log.append(update.entry)
      let write = update.write
      if write.count > 0 {
        makeRoom(for: write.first + write.count - 1)
        for key in write.first..<(write.first + write.count) {
          cells[key] = Cell(value: write.value, writtenAt: log.count)
        }
      }
      remember(update)
    }

    private mutating func makeRoom(for key: Int) {
      while cells.count <= key { cells.append(Cell()) }
    }

    private mutating func remember(_ update: Update) {
      let client = update.request.client.index - firstClient
      guard clients.indices.contains(client) else { return }
      let recent = clients[client].recent
      if recent.count == 1, recent[0].request.number < update.floor {
        // The usual case of a client that works on one request at a time.
        clients[client].floor = max(clients[client].floor, update.floor)
        clients[client].recent[0] = update
      } else {
        raiseFloor(of: client, to: update.floor)
        clients[client].recent.append(update)
      }
    }

    private mutating func raiseFloor(of client: Int, to floor: Int32) {
      guard floor > clients[client].floor else { return }
      clients[client].floor = floor
      clients[client].recent.removeAll { $0.request.number < floor }
    }
  }
}

// MARK: - Reading and executing

extension Chain.Replica {
  func value(_ key: Int) -> String {
    key >= 0 && key < cells.count ? cells[key].value : ""
  }

  /// The answer to a query.
  func read(_ operation: Operation) -> Response {
    switch operation {
    case .readBlocks(let first, let count):
      .blocks((first..<(first + max(0, count))).map { value($0) })
    default: .value(value(operation.firstKey))
    }
  }

  /// Works out what an update does, without doing it: the head's part, done once.
  func execute(
    _ asked: Chain.UpdateRequest, sequence: Int, _ host: inout Host<Chain.Message>
  ) -> Chain.Update {
    let key = asked.operation.firstKey
    var write = Chain.Write(first: key, count: asked.operation.keyCount, value: "")
    var reply = Response.done
    switch asked.operation {
    case .put(_, let new), .writeBlocks(_, _, let new): write.value = new
    case .append(_, let suffix):
      write.value = value(key) + suffix
      reply = .value(write.value)
    case .putDrawn(_, let prefix, let outcomes):
      write.value = "\(prefix)#\(host.choose(outcomes))"
      reply = .value(write.value)
    case .compareAndSet(_, let expected, let new):
      let isEqual = value(key) == expected
      write.value = isEqual ? new : ""
      write.count = isEqual ? 1 : 0
      reply = .swapped(isEqual)
    case .get, .readBlocks: write.count = 0
    }
    return Chain.Update(
      request: asked.request, sequence: sequence, floor: asked.floor, write: write, reply: reply)
  }

  /// The state by key, sorted, without initial values.
  var contents: [KeyedValue] {
    cells.indices.filter { !cells[$0].value.isEmpty }.map {
      KeyedValue(key: $0, value: cells[$0].value)
    }
  }
}

// MARK: - Copying

extension Chain {
  /// A stretch of a history on its way to a joining server. A value that was overwritten since
  /// travels only with the update that overwrote it, and so does an answer that nobody needs.
  public struct CopiedStretch: Sendable {
    struct CopiedCell: Sendable {
      var key: Int
      var cell: Replica.Cell
    }

    /// Updates of the history before the stretch.
    var start: Int
    var entries: [UpdateLog.Entry]
    var cells: [CopiedCell]
    var recent: [Update]
    /// By client.
    var floors: [Int32]
    /// The node index of the first.
    var firstClient: Int
  }
}

extension Chain.Replica {
  /// The updates after the first `start`, up to and including number `end`.
  func stretch(after start: Int, through end: Int) -> Chain.CopiedStretch {
    // Places in the history count from 1.
    let places = (start + 1)..<(end + 1)
    return Chain.CopiedStretch(
      start: start, entries: Array(log.entries[start..<end]),
      cells: cells.indices.filter { places.contains(cells[$0].writtenAt) }.map {
        Chain.CopiedStretch.CopiedCell(key: $0, cell: cells[$0])
      },
      recent: clients.flatMap { $0.recent.filter { places.contains($0.sequence) } },
      floors: clients.map(\.floor), firstClient: firstClient)
  }

  /// Takes over a stretch that begins where this history ends.
  mutating func install(_ stretch: Chain.CopiedStretch) {
    for entry in stretch.entries { log.append(entry) }
    for copied in stretch.cells {
      makeRoom(for: copied.key)
      cells[copied.key] = copied.cell
    }
    for update in stretch.recent { remember(update) }
    for client in clients.indices { raiseFloor(of: client, to: stretch.floors[client]) }
  }
}

extension Chain.Replica: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> Chain.Replica {
    var replica = self
    replica.log = log.renamed(by: renaming)
    replica.cells = cells.renamed(by: renaming)
    replica.clients = renaming.permuted(clients, firstNode: firstClient)
    for client in replica.clients.indices {
      replica.clients[client].recent = replica.clients[client].recent.map {
        $0.renamed(by: renaming)
      }
    }
    return replica
  }
}

extension Chain.Replica: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(log)
    for cell in cells {
      hasher.combine(cell.value)
      hasher.combine(cell.writtenAt)
    }
    hasher.combine(cells.count)
    for client in clients {
      hasher.combine(Int(client.floor))
      hasher.combine(contentsOf: client.recent)
    }
  }
}
