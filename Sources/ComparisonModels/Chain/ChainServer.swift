import SimulationKernel

/// A server of the chain model, and what it does with each message.
public struct ChainServer: Hashable, Sendable {
  public var isDead = false
  /// Updates applied, in order, and those forwarded and not known to be processed by the tail.
  public var history: [Int] = []
  public var sent: [Int] = []
  public var predecessor: Int?
  public var successor: Int?

  /// A dead server: it remembers nothing.
  static let dead = ChainServer(isDead: true)

  init(isDead: Bool = false, predecessor: Int? = nil, successor: Int? = nil) {
    self.isDead = isDead
    self.predecessor = predecessor
    self.successor = successor
  }

  /// What a server sends in one step, in order.
  enum Sending {
    case toServer(Int, ChainMessage)
    case toOwner(ChainMessage, update: Int)
    case toClient(Int, ChainMessage)
    case toMaster(ChainMessage)
  }

  /// The place of an update in the history, from 1 on; 0 if it is not there.
  private func place(of update: Int) -> Int { (history.firstIndex(of: update) ?? -1) + 1 }

  /// - Returns: what is sent; `nil` if the server does not take the message now.
  mutating func receive(
    _ message: ChainMessage, fromClient client: Int, _ deviation: ChainDeviation?
  ) -> [Sending]? {
    switch message {
    case .update(let update):
      guard predecessor == nil else { return nil }
      let place = place(of: update)
      if place == 0 {
        let sendings = apply(update)
        guard deviation == .headAnswersUpdates else { return sendings }
        return [.toOwner(.reply(update, version: history.count), update: update)] + sendings
      }
      if sent.contains(update) { return [] }
      return [.toOwner(.reply(update, version: place), update: update)]
    case .query(let number):
      guard successor == nil else { return nil }
      return [.toClient(client, .reply(number, version: history.count))]
    default: return nil
    }
  }

  private mutating func apply(_ update: Int) -> [Sending] {
    history.append(update)
    if let successor {
      sent.append(update)
      return [.toServer(successor, .forward(update))]
    }
    return [.toOwner(.reply(update, version: history.count), update: update)]
      + acknowledge([update])
  }

  private func acknowledge(_ updates: [Int]) -> [Sending] {
    guard let predecessor else { return [] }
    return updates.map { .toServer(predecessor, .acknowledgement($0)) }
  }

  mutating func receive(
    _ message: ChainMessage, fromServer sender: Int
  ) -> [Sending] {
    switch message {
    case .forward(let update) where predecessor == sender && place(of: update) == 0:
      return apply(update)
    case .acknowledgement(let update) where successor == sender:
      guard let index = sent.firstIndex(of: update) else { return [] }
      sent.removeFirst(index + 1)
      return acknowledge([update])
    default: return []
    }
  }

  mutating func configure(_ message: ChainMessage, _ deviation: ChainDeviation?) -> [Sending] {
    switch message {
    case .newHead:
      predecessor = nil
      return []
    case .newTail:
      successor = nil
      let answers: [Sending] = sent.map { update in
        .toOwner(.reply(update, version: place(of: update)), update: update)
      }
      defer { sent = [] }
      return answers + acknowledge(sent)
    case .newPredecessor(let server):
      predecessor = server
      return [
        .toMaster(.report(applied: history.count, stable: history.count - sent.count))
      ]
    case .newSuccessor(let server, let applied, let stable):
      let gone = sent.filter { place(of: $0) <= stable }
      sent = sent.filter { place(of: $0) > stable }
      let missing =
        deviation == .successorIsNotBroughtUpToDate
        ? [] : sent.filter { place(of: $0) > applied }
      successor = server
      return acknowledge(gone) + missing.map { .toServer(server, .forward($0)) }
    default: return []
    }
  }
}

extension ChainServer: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(isDead)
    for update in history { hasher.combine(update) }
    hasher.combine(history.count)
    for update in sent { hasher.combine(update) }
    hasher.combine(sent.count)
    hasher.combine(predecessor ?? -1)
    hasher.combine(successor ?? -1)
  }
}

/// The master: the chain as it knows it. It never fails.
public struct ChainMaster: Hashable, Sendable {
  /// By server; `nil`: none.
  public var predecessors: [Int?] = [nil, 0, 1]
  public var successors: [Int?] = [1, 2, nil]

  /// What the master tells servers and, the head or the tail having changed, all clients.
  mutating func failed(
    _ server: Int
  ) -> (toServer: (Int, ChainMessage)?, toClients: ChainMessage?) {
    let predecessor = predecessors[server]
    let successor = successors[server]
    if let predecessor { successors[predecessor] = successor }
    if let successor { predecessors[successor] = predecessor }
    switch (predecessor, successor) {
    case (nil, let successor?): return ((successor, .newHead), .headIs(successor))
    case (let predecessor?, nil): return ((predecessor, .newTail), .tailIs(predecessor))
    case (let predecessor?, let successor?):
      return ((successor, .newPredecessor(predecessor)), nil)
    case (nil, nil): return (nil, nil)
    }
  }
}
