import ModelChecking

/// The two clients do the same, if each has as many writes and reads as the other.
extension ChainModel {
  public var permutations: [SlotPermutation] {
    writes.isMultiple(of: 2) && reads.isMultiple(of: 2) ? [slots.exchangeOfClients] : []
  }

  public func permuted(
    _ component: ChainComponent, in slot: Int, by permutation: Int
  ) -> ChainComponent {
    switch component {
    case .server(var server):
      server.history = server.history.map(exchanged)
      server.sent = server.sent.map(exchanged)
      return .server(server)
    case .client(var client):
      client.operation = exchanged(client.operation)
      return .client(client)
    case .channel(var channel):
      channel.messages = channel.messages.map(exchanged)
      return .channel(channel)
    case .monitor(var monitor):
      monitor.versionsAtStart.reverse()
      return .monitor(monitor)
    case .master, .crashes: return component
    }
  }

  /// The number that the other client's operation of the same rank has.
  private func exchanged(_ operation: Int) -> Int {
    guard operation > 0 else { return 0 }
    let first = operation <= writes ? 0 : writes
    return first + ((operation - first - 1) ^ 1) + 1
  }

  private func exchanged(_ message: ChainMessage) -> ChainMessage {
    switch message {
    case .update(let number): .update(exchanged(number))
    case .query(let number): .query(exchanged(number))
    case .forward(let number): .forward(exchanged(number))
    case .acknowledgement(let number): .acknowledgement(exchanged(number))
    case .reply(let number, let version): .reply(exchanged(number), version: version)
    case .newHead, .newTail, .newPredecessor, .newSuccessor, .report, .failed, .headIs, .tailIs:
      message
    }
  }
}
