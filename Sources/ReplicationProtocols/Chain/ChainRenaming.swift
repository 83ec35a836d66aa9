import LinearizabilityChecking
import SimulationKernel

/// Like clients may change names: nothing in a chain counts on their order. Updates stand in the
/// order of the head, and what is kept for each client is looked up by its name.
extension Chain {
  public static let renaming: NodeRenaming<Chain>? = NodeRenaming()
}

extension Chain.Server: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.Server {
    var server = self
    server.replica = replica.renamed(by: renaming)
    server.inProcess = inProcess.renamed(by: renaming)
    server.held = held.map { $0.renamed(by: renaming) }
    return server
  }
}

/// The master knows servers only.
extension Chain.Master: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.Master { self }
}

extension Chain.Client: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.Client {
    var client = Chain.Client(renaming.node(me), settings)
    client.configuration = configuration
    client.open = open.map { old in
      var item = old
      item.request = old.request.renamed(by: renaming)
      item.operation = old.operation.renamed(by: renaming)
      // Before it is sent anywhere, an operation names its own client.
      item.target = renaming.node(old.target)
      return item
    }
    client.isAsking = isAsking
    client.extraIdentities = extraIdentities
    return client
  }
}

// MARK: - Parts of memories

extension Chain.Update: UpdateSource {
  func renamed(by renaming: ClientRenaming) -> Chain.Update {
    Chain.Update(
      request: request.renamed(by: renaming), sequence: sequence, floor: floor,
      write: Chain.Write(
        first: write.first, count: write.count, value: renaming.text(write.value)),
      reply: reply.renamed(by: renaming))
  }

  public func renamedEntry(by renaming: ClientRenaming) -> UpdateLog.Entry {
    renamed(by: renaming).entry
  }
}

extension Chain.SentList: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> Chain.SentList {
    var list = Chain.SentList()
    for update in updates { list.append(update.renamed(by: renaming)) }
    return list
  }
}

extension Chain.Replica.Cell: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> Chain.Replica.Cell {
    Chain.Replica.Cell(value: renaming.text(value), writtenAt: writtenAt)
  }
}

extension Chain.CopiedStretch: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.CopiedStretch {
    var stretch = self
    stretch.entries = entries.renamed(by: renaming)
    stretch.cells = cells.map { CopiedCell(key: $0.key, cell: $0.cell.renamed(by: renaming)) }
    stretch.recent = Chain.CopiedStretch.byClient(recent.map { $0.renamed(by: renaming) })
    stretch.floors = renaming.permuted(floors, firstNode: firstClient)
    return stretch
  }

  /// As a stretch lists them: by client, then by age.
  static func byClient(_ updates: [Chain.Update]) -> [Chain.Update] {
    let places = updates.indices.sorted { left, right in
      (updates[left].request.client, left) < (updates[right].request.client, right)
    }
    return places.map { updates[$0] }
  }
}

// MARK: - Messages

extension Chain.Message: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.Message {
    switch self {
    case .update(let asked):
      .update(
        Chain.UpdateRequest(
          request: asked.request.renamed(by: renaming),
          operation: asked.operation.renamed(by: renaming), epoch: asked.epoch,
          floor: asked.floor))
    case .query(let asked): .query(asked.renamed(by: renaming))
    case .answer(let request, let response, let epoch):
      .answer(request.renamed(by: renaming), response.renamed(by: renaming), epoch: epoch)
    case .redirect(let request, let epoch):
      .redirect(request.renamed(by: renaming), epoch: epoch)
    case .forward(let update, let epoch): .forward(update.renamed(by: renaming), epoch: epoch)
    case .resend(let updates, let epoch):
      .resend(updates.map { $0.renamed(by: renaming) }, epoch: epoch)
    case .replyAgain(let request, let epoch):
      .replyAgain(request.renamed(by: renaming), epoch: epoch)
    case .copy(let stretch, let transfer, let epoch):
      .copy(stretch.renamed(by: renaming), transfer: transfer, epoch: epoch)
    case .handOver(let handover): .handOver(handover.renamed(by: renaming))
    case .relay(let asked, let epoch): .relay(asked.renamed(by: renaming), epoch: epoch)
    case .acknowledge, .copied, .join, .copyDone, .tailReady, .whichConfiguration, .received,
      .configure, .link:
      self
    }
  }
}

extension Chain.QueryRequest: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.QueryRequest {
    Chain.QueryRequest(
      request: request.renamed(by: renaming), operation: operation.renamed(by: renaming),
      epoch: epoch)
  }
}

extension Chain.Handover: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Chain.Handover {
    var handover = self
    handover.updates = updates.map { $0.renamed(by: renaming) }
    return handover
  }
}
