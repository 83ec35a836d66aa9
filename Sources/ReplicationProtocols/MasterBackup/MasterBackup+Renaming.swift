import LinearizabilityChecking
import SimulationKernel

/// Like clients may change names: requests stand in the primary's order, and what is kept for each
/// client is looked up by its name.
extension MasterBackup {
  public static let renaming: NodeRenaming<MasterBackup>? = NodeRenaming()
}

extension MasterBackup.Server: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> MasterBackup.Server {
    var server = self
    server.replica = replica.renamed(by: renaming)
    server.recent = recent.renamed(by: renaming)
    server.pending = pending.map { old in
      Pending(
        request: old.request.renamed(by: renaming), sequence: old.sequence,
        response: old.response.renamed(by: renaming), isAnswered: old.isAnswered)
    }
    server.queries = queries.map { old in
      WaitingQuery(
        request: old.request.renamed(by: renaming), through: old.through,
        response: old.response.renamed(by: renaming))
    }
    return server
  }
}

/// The master knows servers only.
extension MasterBackup.Master: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> MasterBackup.Master { self }
}

extension MasterBackup.Message: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> MasterBackup.Message {
    switch self {
    case .whichConfiguration, .configuration, .acknowledgement, .join, .suspend, .count, .lead,
      .resumed:
      self
    case .request(let request): .request(request.renamed(by: renaming))
    case .reply(let request, let response):
      .reply(request.renamed(by: renaming), response.renamed(by: renaming))
    case .refusal(let request): .refusal(request.renamed(by: renaming))
    case .forward(let ordered, let term, let addressee, let through):
      .forward(
        ordered.renamed(by: renaming), term: term, to: addressee, acknowledged: through)
    case .state(let state):
      .state(
        MasterBackup.State(
          term: state.term, to: state.to, replica: state.replica.renamed(by: renaming),
          recent: state.recent.renamed(by: renaming)))
    }
  }
}
