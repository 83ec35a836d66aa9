import LinearizabilityChecking
import SimulationKernel

/// Like clients may change names: operations stand in the primary's order, and what is kept for
/// each client is looked up by its name.
extension PrimaryBackup {
  public static let renaming: NodeRenaming<PrimaryBackup>? = NodeRenaming()
}

extension PrimaryBackup.Server: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> PrimaryBackup.Server {
    var server = self
    server.replica = replica.renamed(by: renaming)
    server.leadership = leadership.renamed(by: renaming)
    return server
  }
}

/// The view service knows servers only.
extension PrimaryBackup.Coordinator: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> PrimaryBackup.Coordinator { self }
}

extension PrimaryBackup.Leadership: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> PrimaryBackup.Leadership {
    var leadership = self
    leadership.pending = pending.map { old in
      Pending(
        ordered: old.ordered.renamed(by: renaming),
        response: old.response?.renamed(by: renaming), isAnswered: old.isAnswered)
    }
    return leadership
  }
}

// MARK: - Messages

extension PrimaryBackup.Message: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> PrimaryBackup.Message {
    switch self {
    case .ping, .view, .viewRequest, .acknowledgement, .rejection: self
    case .request(let request): .request(request.renamed(by: renaming))
    case .reply(let request, let response):
      .reply(request.renamed(by: renaming), response.renamed(by: renaming))
    case .refusal(let request, let view): .refusal(request.renamed(by: renaming), view: view)
    case .forward(let ordered, let view): .forward(ordered.renamed(by: renaming), view: view)
    case .snapshot(let snapshot):
      .snapshot(
        PrimaryBackup.Snapshot(
          view: snapshot.view, replica: snapshot.replica.renamed(by: renaming)))
    }
  }
}

extension PrimaryBackup.Request: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> PrimaryBackup.Request {
    PrimaryBackup.Request(
      id: id.renamed(by: renaming), operation: operation.renamed(by: renaming),
      lowestOpen: lowestOpen)
  }
}

extension PrimaryBackup.OrderedOperation: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> PrimaryBackup.OrderedOperation {
    PrimaryBackup.OrderedOperation(
      sequence: sequence, request: request.renamed(by: renaming),
      operation: operation.renamed(by: renaming), drawn: drawn, lowestOpen: lowestOpen)
  }
}
