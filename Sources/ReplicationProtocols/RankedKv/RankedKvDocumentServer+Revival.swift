import LinearizabilityChecking
import SimulationKernel

/// A server of the document's designs that starts again: asks everybody who leads, believes the
/// largest time of an election, and asks that primary for the rows that are as late as its own
/// latest, or later. A server that finds itself named asks for nothing.
extension RankedKv.DocumentServer {
  mutating func revive(_ host: inout Host<RankedKv.Message>) {
    isReviving = true
    for other in 0..<settings.serverCount where other != rank { sayHello(to: other, &host) }
    synchronise(&host)
  }

  private mutating func sayHello(to other: Int, _ host: inout Host<RankedKv.Message>) {
    call(.whoLeads, of: other, .whoLeads, within: settings.revivalDeadline, &host)
  }

  mutating func whoLeadsFailed(
    at other: Int, _ failure: Failure, _ host: inout Host<RankedKv.Message>
  ) {
    if failure == .late, !document.saysHelloOnce {
      sayHello(to: other, &host)
    } else {
      dead[other] = known[other]
      synchronise(&host)
    }
  }

  mutating func revivalAnswered(
    _ purpose: OpenCall.Purpose, _ answer: RankedKv.AnswerBody,
    _ host: inout Host<RankedKv.Message>
  ) {
    switch (purpose, answer) {
    case (.whoLeads, .leads(let other)):
      if other.stamp > leader.stamp { follow(other, &host) }
      synchronise(&host)
    case (_, .rows(let rows)):
      merge(rows, &host)
      if !calls.contains(where: { $0.purpose == .exchange || $0.purpose == .rows }) {
        isReviving = false
      }
    default: break
    }
  }

  /// Fetches rows, once everybody has been asked who leads.
  private mutating func synchronise(_ host: inout Host<RankedKv.Message>) {
    guard isReviving, !calls.contains(where: { $0.purpose == .whoLeads }) else { return }
    if document.exchangesVersions {
      let others = (0..<settings.serverCount).filter { $0 != rank && dead[$0] < known[$0] }
      for other in others {
        call(
          .exchange(table.rows), of: other, .exchange, within: settings.revivalDeadline, &host)
      }
      if others.isEmpty { isReviving = false }
    } else if leader.rank == rank {
      isReviving = false
    } else {
      call(
        .rows(since: table.latestStamp), of: leader.rank, .rows,
        within: settings.revivalDeadline, &host)
    }
  }
}
