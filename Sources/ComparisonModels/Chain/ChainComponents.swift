import SimulationKernel

/// What a slot of the chain model holds.
public enum ChainComponent: Hashable, Sendable {
  case server(ChainServer)
  case master(ChainMaster)
  case client(ChainClient)
  case channel(ChainChannel)
  /// How many servers have crashed.
  case crashes(Int)
  case monitor(ChainMonitor)
}

/// A message of the chain model.
public enum ChainMessage: Hashable, Sendable {
  /// Client to head, client to tail: the number of the operation.
  case update(Int)
  case query(Int)
  /// Server to successor, server to predecessor: the number of the update.
  case forward(Int)
  case acknowledgement(Int)
  /// Master to server.
  case newHead, newTail
  case newPredecessor(Int)
  /// The new successor has applied `applied` updates, of which the tail has processed `stable`.
  case newSuccessor(Int, applied: Int, stable: Int)
  /// Server to master, as an answer to `newPredecessor`.
  case report(applied: Int, stable: Int)
  /// Detector to master: the server is dead.
  case failed(Int)
  /// Server to client: the operation and the version that it made or saw.
  case reply(Int, version: Int)
  /// Master to client.
  case headIs(Int)
  case tailIs(Int)
}

/// A FIFO channel.
public struct ChainChannel: Hashable, Sendable {
  public enum State: UInt8, Hashable, Sendable {
    case open
    /// The receiver is dead and what is sent is dropped.
    case closed
    /// The receiver is dead; what is sent is kept and never delivered.
    case shut
  }

  public var messages: [ChainMessage] = []
  public var state = State.open
}

/// A client: its open operation, how many it has begun, and whom it takes for head and tail.
public struct ChainClient: Hashable, Sendable {
  /// 0: none.
  public var operation = 0
  public var writes = 0
  public var reads = 0
  public var head = 0
  public var tail = 2
}

/// Watches real-time order: an operation sees at least the versions whose operations had ended when
/// it began.
public struct ChainMonitor: Hashable, Sendable {
  /// The largest version that an ended operation made or saw.
  public var version = 0
  /// By client: what `version` was when its operation began; 0 without one.
  public var versionsAtStart = [0, 0]
  public var isBroken = false
}

extension ChainComponent: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .server(let server):
      hasher.combine(1)
      server.fingerprint(into: &hasher)
    case .master(let master):
      hasher.combine(2)
      combine(master.predecessors.map { $0 ?? -1 }, &hasher)
      combine(master.successors.map { $0 ?? -1 }, &hasher)
    case .client(let client):
      hasher.combine(3)
      combine(
        [client.operation, client.writes, client.reads, client.head, client.tail], &hasher)
    case .channel(let channel):
      hasher.combine(4)
      for message in channel.messages { message.fingerprint(into: &hasher) }
      hasher.combine(channel.messages.count)
      hasher.combine(Int(channel.state.rawValue))
    case .crashes(let count):
      hasher.combine(5)
      hasher.combine(count)
    case .monitor(let monitor):
      hasher.combine(6)
      combine([monitor.version] + monitor.versionsAtStart, &hasher)
      hasher.combine(monitor.isBroken)
    }
  }

  private func combine(_ numbers: [Int], _ hasher: inout StableHasher) {
    for number in numbers { hasher.combine(number) }
  }
}

extension ChainMessage: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    let (kind, first, second, third) = words
    hasher.combine(kind)
    hasher.combine(first)
    hasher.combine(second)
    hasher.combine(third)
  }

  private var words: (Int, Int, Int, Int) {
    switch self {
    case .update(let number): (1, number, 0, 0)
    case .query(let number): (2, number, 0, 0)
    case .forward(let number): (3, number, 0, 0)
    case .acknowledgement(let number): (4, number, 0, 0)
    case .newHead: (5, 0, 0, 0)
    case .newTail: (6, 0, 0, 0)
    case .newPredecessor(let server): (7, server, 0, 0)
    case .newSuccessor(let server, let applied, let stable): (8, server, applied, stable)
    case .report(let applied, let stable): (9, applied, stable, 0)
    case .failed(let server): (10, server, 0, 0)
    case .reply(let number, let version): (11, number, version, 0)
    case .headIs(let server): (12, server, 0, 0)
    case .tailIs(let server): (13, server, 0, 0)
    }
  }
}
