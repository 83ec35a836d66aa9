import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// Whom a server takes for the primary, and when it was elected.
  public struct Leader: Hashable, Sendable, Fingerprintable {
    var rank: Int
    /// 1 at the beginning; later microseconds of a clock, or one more than before.
    var stamp: Int

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(rank)
      hasher.combine(stamp)
    }
  }

  /// A remote call between servers of the document's designs.
  public struct Call: Hashable, Sendable, Fingerprintable {
    /// Names the call within the calling process.
    var token: Int
    var incarnation: Int
    var body: CallBody

    var summary: String {
      switch body {
      case .put(let request, let leader, _):
        "Put(\(request.id.number), \(request.operation.verb), primary s\(leader.rank + 1))"
      case .push(let row, _, let leader, _):
        "Push(\(row.key), primary s\(leader.rank + 1))"
      case .whoLeads: "WhoLeads"
      case .rows(let since): "Rows(since \(since))"
      case .exchange(let rows): "Exchange(\(rows.count) rows)"
      }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(token)
      hasher.combine(incarnation)
      hasher.combine(body)
    }
  }

  public enum CallBody: Hashable, Sendable, Fingerprintable {
    /// Router to primary. `dead` is by rank: the start that is dead, or 0.
    case put(Request, Leader, dead: [Int])
    /// Primary to another server.
    case push(Row, RequestID, Leader, dead: [Int])
    /// A reviving server's hello.
    case whoLeads
    /// A reviving server asks the primary for what is as late as its latest row, or later.
    case rows(since: Int)
    /// A reviving server shows what it has and is given what it has not.
    case exchange([Row])

    public func fingerprint(into hasher: inout StableHasher) {
      switch self {
      case .put(let request, let leader, let dead):
        hasher.combine(1)
        hasher.combine(request)
        hasher.combine(leader)
        for number in dead { hasher.combine(number) }
      case .push(let row, let request, let leader, let dead):
        hasher.combine(2)
        hasher.combine(row)
        hasher.combine(request)
        hasher.combine(leader)
        for number in dead { hasher.combine(number) }
      case .whoLeads: hasher.combine(3)
      case .rows(let since):
        hasher.combine(4)
        hasher.combine(since)
      case .exchange(let rows):
        hasher.combine(5)
        hasher.combine(contentsOf: rows)
        hasher.combine(rows.count)
      }
    }
  }

  /// The answer to a ``Call``.
  public struct Answer: Hashable, Sendable, Fingerprintable {
    var token: Int
    /// The calling process.
    var incarnation: Int
    var body: AnswerBody

    var summary: String {
      switch body {
      case .done(let response): "Done(\(response.brief))"
      case .pushed: "Pushed"
      case .leads(let leader): "Leads(s\(leader.rank + 1) since \(leader.stamp))"
      case .rows(let rows): "Rows(\(rows.count))"
      }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(token)
      hasher.combine(incarnation)
      hasher.combine(body)
    }
  }

  public enum AnswerBody: Hashable, Sendable, Fingerprintable {
    case done(Response)
    case pushed
    case leads(Leader)
    case rows([Row])

    public func fingerprint(into hasher: inout StableHasher) {
      switch self {
      case .done(let response):
        hasher.combine(1)
        hasher.combine(response: response)
      case .pushed: hasher.combine(2)
      case .leads(let leader):
        hasher.combine(3)
        hasher.combine(leader)
      case .rows(let rows):
        hasher.combine(4)
        hasher.combine(contentsOf: rows)
        hasher.combine(rows.count)
      }
    }
  }
}
