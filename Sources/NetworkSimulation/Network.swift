import SimulationKernel

/// The fake network: a FIFO channel for every ordered pair of nodes, links that may be cut, and
/// nothing else. When a parcel arrives, and whether one is lost or duplicated or overtaken, is a
/// driver's decision; the network only says what is possible and carries it out.
public struct Network<Message: NodeMessage>: Sendable {
  public let nodeCount: Int
  @usableFromInline var channels: [Channel<Message>]
  @usableFromInline var cutLinks: [Bool]
  /// How many links are cut, so that the usual case is one comparison.
  @usableFromInline var cutCount = 0

  public init(nodeCount: Int) {
    self.nodeCount = nodeCount
    channels = Array(repeating: Channel(), count: nodeCount * nodeCount)
    cutLinks = Array(repeating: false, count: nodeCount * nodeCount)
  }

  @inlinable
  func slot(_ sender: NodeID, _ receiver: NodeID) -> Int {
    sender.index * nodeCount + receiver.index
  }

  public func channel(from sender: NodeID, to receiver: NodeID) -> Channel<Message> {
    channels[slot(sender, receiver)]
  }

  /// Puts a parcel on its way.
  /// - Returns: its number in the channel.
  @inlinable
  public mutating func send(
    _ parcel: Parcel<Message>, from sender: NodeID, to receiver: NodeID
  ) -> UInt32 {
    channels[slot(sender, receiver)].append(parcel)
  }

  /// Takes a parcel off its channel, to be delivered or lost; `nil` if it is not under way.
  @inlinable
  public mutating func take(
    _ number: UInt32, from sender: NodeID, to receiver: NodeID
  ) -> Parcel<Message>? {
    channels[slot(sender, receiver)].take(number)
  }

  @inlinable
  public func isUnderWay(_ number: UInt32, from sender: NodeID, to receiver: NodeID) -> Bool {
    channels[slot(sender, receiver)].contains(number)
  }

  /// The number of the oldest parcel under way.
  @inlinable
  public func firstNumber(from sender: NodeID, to receiver: NodeID) -> UInt32? {
    channels[slot(sender, receiver)].firstNumber
  }

  /// Puts a second copy of a parcel at the end of its channel.
  /// - Returns: the copy's number; `nil` if the parcel is not under way.
  public mutating func duplicate(
    _ number: UInt32, from sender: NodeID, to receiver: NodeID
  ) -> UInt32? {
    let slot = slot(sender, receiver)
    guard let index = channels[slot].index(of: number) else { return nil }
    return channels[slot].append(channels[slot].items[index].parcel)
  }

  /// How many messages are under way from one node to another.
  public func messageCount(from sender: NodeID, to receiver: NodeID) -> Int {
    channels[slot(sender, receiver)].messageCount
  }

  // MARK: Crashes

  /// Loses everything under way to a node that died.
  /// - Returns: the nodes that had something under way to it, in order.
  public mutating func loseEverything(to node: NodeID) -> [NodeID] {
    var callers: [NodeID] = []
    for sender in 0..<nodeCount {
      let slot = slot(NodeID(sender), node)
      if channels[slot].count > 0 {
        channels[slot].keep(first: 0)
        callers.append(NodeID(sender))
      }
    }
    return callers
  }

  /// Loses the messages that a dead node had sent to `receiver`, but for the first `count`. That an
  /// earlier process of the node was `unavailable` is nothing it sent, and stays under way.
  public mutating func cut(from sender: NodeID, to receiver: NodeID, keepingFirst count: Int) {
    channels[slot(sender, receiver)].keepMessages(first: count)
  }

  // MARK: Links

  @inlinable
  public func isCut(from sender: NodeID, to receiver: NodeID) -> Bool {
    cutCount > 0 && cutLinks[slot(sender, receiver)]
  }

  /// Cuts or heals the link in one direction. A parcel that arrives over a cut link is lost.
  public mutating func setCut(_ cut: Bool, from sender: NodeID, to receiver: NodeID) {
    let slot = slot(sender, receiver)
    if cutLinks[slot] != cut { cutCount += cut ? 1 : -1 }
    cutLinks[slot] = cut
  }
}

extension Network: Fingerprintable {
  /// Contents of every channel in order, and the cut links; numbers of envelopes do not count.
  public func fingerprint(into hasher: inout StableHasher) {
    for slot in channels.indices {
      hasher.combine(channels[slot].count)
      for envelope in channels[slot].envelopes {
        switch envelope.parcel {
        case .message(let message):
          hasher.combine(true)
          hasher.combine(message)
        case .unavailable: hasher.combine(false)
        }
      }
      hasher.combine(cutLinks[slot])
    }
  }
}
