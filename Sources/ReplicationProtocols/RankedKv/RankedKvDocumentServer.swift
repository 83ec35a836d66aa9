import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// A server of the document's designs: a table, somebody that it takes for the primary, and a set
  /// of servers that it takes for dead. This file holds its memory and its calls; puts and revival
  /// stand in files of their own.
  struct DocumentServer: Sendable {
    /// A call that is not answered.
    struct OpenCall: Hashable, Sendable {
      enum Purpose: Hashable, Sendable {
        /// Of a put thread: to the primary, or to a server that gets the row.
        case put(thread: Int)
        case push(thread: Int)
        case whoLeads
        case rows
        case exchange
      }

      var token: Int
      var receiver: Int
      var purpose: Purpose
    }

    /// A put that this server works on.
    struct PutThread: Hashable, Sendable {
      struct Caller: Hashable, Sendable {
        var rank: Int
        var token: Int
        var incarnation: Int
      }

      var number: Int
      var request: Request
      /// The router that called, if this server is the primary for somebody else.
      var caller: Caller?
      /// Where the primary still has to push.
      var targets: [Int] = []
      var row: Row?
      var response: Response?
      var isAnswered = false
    }

    let settings: Settings
    let rank: Int
    var incarnation = 0
    var file = TableFile()
    var table = Table()
    var leader = Leader(rank: 0, stamp: 1)
    /// By rank: the latest start that has said hello.
    var known: [Int]
    /// By rank: the start that is taken for dead, or 0.
    var dead: [Int]
    var calls: [OpenCall] = []
    var threads: [PutThread] = []
    var lastNumber = 0
    /// Still asks who leads, or for rows.
    var isReviving = false

    var document: DocumentSettings { settings.document }

    init(_ rank: Int, _ settings: Settings) {
      self.settings = settings
      self.rank = rank
      known = Array(repeating: 1, count: settings.serverCount)
      dead = Array(repeating: 0, count: settings.serverCount)
    }
  }
}

// MARK: - Inputs

extension RankedKv.DocumentServer {
  mutating func start(_ host: inout Host<RankedKv.Message>) {
    incarnation = host.incarnation.number
    known[rank] = incarnation
    let records = file.open(&host)
    for record in records ?? [] {
      switch record {
      case .leader(let rank, let stamp): leader = RankedKv.Leader(rank: rank, stamp: stamp)
      case .table(let whole): table = whole
      case .row(let row): table.set(row)
      case .membership, .update, .seal: break
      }
    }
    write(&host)
    host.observe(.adopted(role: role, epoch: leader.stamp))
    if incarnation > 1 { revive(&host) }
  }

  mutating func receive(
    _ message: RankedKv.Message, from sender: NodeID, _ host: inout Host<RankedKv.Message>
  ) {
    switch message {
    case .request(let request): receive(request, &host)
    case .call(let call): receive(call, from: sender.index, &host)
    case .answer(let answer): receive(answer, from: sender.index, &host)
    case .peer, .reply, .refused: break
    }
  }

  private mutating func receive(
    _ call: RankedKv.Call, from other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard known.indices.contains(other) else { return }
    switch call.body {
    case .put(let request, let claim, let dead):
      let caller = PutThread.Caller(rank: other, token: call.token, incarnation: call.incarnation)
      receivePut(request, claim, dead, caller, &host)
    case .push(let row, let request, let claim, let dead):
      let answer = receivePush(row, request, claim, dead, &host)
      self.answer(answer, call, to: other, &host)
    case .whoLeads:
      known[other] = max(known[other], call.incarnation)
      if document.replacesDeadSets { dead[other] = 0 }
      answer(.leads(leader), call, to: other, &host)
    case .rows(let since):
      answer(.rows(table.rows.filter { $0.stamp >= since }), call, to: other, &host)
    case .exchange(let theirs):
      let mine = table.rows.filter { row in
        !theirs.contains { $0.key == row.key && !Self.isNewer(row, than: $0) }
      }
      merge(theirs, &host)
      answer(.rows(mine), call, to: other, &host)
    }
  }

  func answer(
    _ body: RankedKv.AnswerBody, _ call: RankedKv.Call, to other: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    host.send(
      .answer(
        RankedKv.Answer(token: call.token, incarnation: call.incarnation, body: body)),
      to: NodeID(other))
  }

  private mutating func receive(
    _ answer: RankedKv.Answer, from other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard answer.incarnation == incarnation, let call = close(answer.token, &host) else { return }
    switch call.purpose {
    case .put(let thread): putAnswered(thread, answer.body, &host)
    case .push(let thread): pushAnswered(thread, answer.body, &host)
    case .whoLeads, .rows, .exchange: revivalAnswered(call.purpose, answer.body, &host)
    }
  }

  mutating func timerFired(_ timer: TimerID, _ host: inout Host<RankedKv.Message>) {
    guard let call = close(Int(timer.tag), &host) else { return }
    fail(call, .late, &host)
  }

  mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<RankedKv.Message>) {
    for token in calls.filter({ $0.receiver == peer.index }).map(\.token) {
      if let call = close(token, &host) { fail(call, .refused, &host) }
    }
  }

  /// Continuation: the broadcast of a thread begins.
  mutating func resume(_ continuation: Int, _ host: inout Host<RankedKv.Message>) {
    pushToAll(continuation, &host)
  }

  // MARK: Calls

  enum Failure: Hashable {
    /// The deadline has passed.
    case late
    /// There is no such process.
    case refused
  }

  @discardableResult
  mutating func call(
    _ body: RankedKv.CallBody, of receiver: Int, _ purpose: OpenCall.Purpose,
    within deadline: VirtualDuration, _ host: inout Host<RankedKv.Message>
  ) -> Int {
    lastNumber += 1
    calls.append(OpenCall(token: lastNumber, receiver: receiver, purpose: purpose))
    host.send(
      .call(RankedKv.Call(token: lastNumber, incarnation: incarnation, body: body)),
      to: NodeID(receiver))
    host.setTimer(.suspicion(lastNumber), after: deadline)
    return lastNumber
  }

  private mutating func close(
    _ token: Int, _ host: inout Host<RankedKv.Message>
  ) -> OpenCall? {
    guard let index = calls.firstIndex(where: { $0.token == token }) else { return nil }
    host.cancelTimer(.suspicion(token))
    return calls.remove(at: index)
  }

  private mutating func fail(
    _ call: OpenCall, _ failure: Failure, _ host: inout Host<RankedKv.Message>
  ) {
    switch call.purpose {
    case .put(let thread): putFailed(thread, at: call.receiver, &host)
    case .push(let thread): pushFailed(thread, at: call.receiver, &host)
    case .whoLeads: whoLeadsFailed(at: call.receiver, failure, &host)
    case .rows, .exchange: revivalAnswered(call.purpose, .rows([]), &host)
    }
  }

  // MARK: The table

  mutating func write(_ host: inout Host<RankedKv.Message>) {
    file.begin([.leader(rank: leader.rank, stamp: leader.stamp), .table(table)], &host)
  }

  mutating func store(_ row: RankedKv.Row, _ host: inout Host<RankedKv.Message>) {
    table.set(row)
    file.append(.row(row), &host)
  }

  mutating func follow(_ newer: RankedKv.Leader, _ host: inout Host<RankedKv.Message>) {
    guard newer != leader else { return }
    leader = newer
    file.append(.leader(rank: newer.rank, stamp: newer.stamp), &host)
    host.observe(.adopted(role: role, epoch: newer.stamp))
  }

  /// Whether one version of a row is later than another of the same key.
  static func isNewer(_ row: RankedKv.Row, than other: RankedKv.Row) -> Bool {
    (row.number, row.writer) > (other.number, other.writer)
  }

  /// Takes rows over: all of them, or with versions the later ones.
  mutating func merge(_ rows: [RankedKv.Row], _ host: inout Host<RankedKv.Message>) {
    for row in rows {
      if document.exchangesVersions, let mine = table.row(of: row.key),
        !Self.isNewer(row, than: mine)
      {
        continue
      }
      store(row, &host)
    }
  }

  var role: ServerRole { leader.rank == rank ? .primary : .backup }
}
