import LinearizabilityChecking
import SimulationKernel

/// Changes of membership. The primary brings them about; if it is dead, the first living member
/// after it around the ring: (rank + 1) mod n, and so on.
extension RankedKv.VersionedServer {
  func isDead(_ member: RankedKv.Member) -> Bool {
    member.incarnation <= dead[member.rank]
  }

  func living(_ members: [RankedKv.Member]) -> [RankedKv.Member] {
    members.filter { $0 == me || !isDead($0) }
  }

  /// The rank that leads now, or is to lead next.
  var leader: Int? {
    if settings.succeedsByRank { return leaderByRank }
    return living(membership.members).first { $0 == me || !isReviving($0.rank) }?.rank
  }

  /// Whether a server has said that it does not take part yet.
  func isReviving(_ other: Int) -> Bool { standings[other]?.isMember == false }

  /// KV-10: whoever is next, whether it takes part or not.
  private var leaderByRank: Int? {
    let first = membership.primary.rank
    if !isDead(membership.primary) { return first }
    return (1..<max(2, settings.serverCount)).map { (first + $0) % settings.serverCount }
      .first { $0 == rank || dead[$0] < max(1, heard[$0]) }
  }

  /// Looks whether what has become known calls for a change.
  mutating func reconsider(_ host: inout Host<RankedKv.Message>) {
    if let proposal {
      reconsider(proposal, &host)
      return
    }
    guard isMember, leader == rank else { return }
    let isInterrupted = promised > membership.epoch
    if isInterrupted, let other = promisedTo, !isDead(other) { return }
    let lacksSomebody = membership.members.contains { $0 != me && isDead($0) }
    dropStaleJoiners()
    if membership.primary != me || lacksSomebody || isInterrupted || !joiners.isEmpty {
      propose(&host)
    }
  }

  /// A participant of a change that is under way may have died.
  private mutating func reconsider(
    _ current: RankedKv.Proposal, _ host: inout Host<RankedKv.Message>
  ) {
    if current.isRecovery {
      guard current.base.members.contains(where: { $0 != me && isDead($0) }) else { return }
      // Back to waiting until all have come together again.
      proposal = nil
      isMember = false
      return
    }
    switch current.phase {
    case .collecting: examineHoldings(&host)
    case .installing:
      if membership.members.contains(where: { $0 != me && isDead($0) }) { propose(&host) }
    }
  }

  mutating func dropStaleJoiners() {
    joiners = joiners.filter { !isDead($0.member) && !membership.contains($0.member) }
  }

  // MARK: Collecting

  /// The next epoch that this server may begin: every rank has its own, so that of two servers that
  /// try at the same time one is ahead.
  func epoch(after other: Int) -> Int {
    let count = settings.serverCount
    return other + 1 + (rank - other % count + count) % count
  }

  mutating func propose(_ host: inout Host<RankedKv.Message>) {
    begin(
      RankedKv.Proposal(
        epoch: epoch(after: max(promised, membership.epoch)), base: membership, isRecovery: false,
        holdings: Array(repeating: nil, count: settings.serverCount)), &host)
  }

  mutating func begin(
    _ new: RankedKv.Proposal, _ host: inout Host<RankedKv.Message>
  ) {
    promised = new.epoch
    promisedTo = nil
    proposal = new
    threads = []
    retry.reset()
    host.observe(.note("succession begun"))
    if settings.newPrimaryRepairs && !settings.succeedsByRank { sendCollects(&host) }
    examineHoldings(&host)
  }

  /// Asks those that have not said what they hold.
  private func sendCollects(_ host: inout Host<RankedKv.Message>) {
    guard let proposal else { return }
    for member in living(proposal.base.members)
    where member != me && proposal.holdings[member.rank] == nil {
      send(
        .collect(epoch: proposal.epoch, isRecovery: proposal.isRecovery), to: member.rank,
        addressee: member.incarnation, &host)
    }
  }

  mutating func receiveCollect(
    _ epoch: Int, _ isRecovery: Bool, from other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard epoch > promised else {
      return send(.rejected(promised: promised), to: other, &host)
    }
    if isMember, isRecovery {
      return send(.hello(standing, wantsAnswer: false), to: other, &host)
    }
    promised = epoch
    promisedTo = RankedKv.Member(rank: other, incarnation: heard[other])
    proposal = nil
    send(
      .state(epoch: epoch, RankedKv.Holdings(membership: membership, table: table)), to: other,
      &host)
    host.crashPoint("held", request: nil)
  }

  mutating func receiveRejection(_ other: Int, _ host: inout Host<RankedKv.Message>) {
    guard var current = proposal, other >= current.epoch else { return }
    promised = max(promised, other)
    current.epoch = epoch(after: promised)
    if case .installing = current.phase { return propose(&host) }
    current.holdings = current.holdings.map { _ in nil }
    begin(current, &host)
  }

  mutating func receiveState(
    _ epoch: Int, _ holdings: RankedKv.Holdings, from other: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    guard proposal?.epoch == epoch, proposal?.phase == .collecting else { return }
    proposal?.holdings[other] = holdings
    examineHoldings(&host)
  }

  /// Goes on when everybody has said what it holds.
  private mutating func examineHoldings(_ host: inout Host<RankedKv.Message>) {
    guard let current = proposal, current.phase == .collecting else { return }
    let newest = current.holdings.compactMap { $0?.membership }.max { $0.epoch < $1.epoch }
    if let newest, newest.epoch > current.base.epoch {
      return rebase(on: newest, &host)
    }
    guard settings.newPrimaryRepairs && !settings.succeedsByRank else { return install(&host) }
    let others = living(current.base.members).filter { $0 != me }
    if others.allSatisfy({ current.holdings[$0.rank] != nil }) { install(&host) }
  }

  /// Somebody has agreed to a later membership than the one that this server wanted to change.
  private mutating func rebase(
    on newest: RankedKv.Membership, _ host: inout Host<RankedKv.Message>
  ) {
    guard proposal?.isRecovery == false, newest.contains(me) else {
      proposal = nil
      isMember = false
      return
    }
    proposal?.base = newest
    sendCollects(&host)
    examineHoldings(&host)
  }

  // MARK: Installing

  /// Agrees to the new membership first, with the longest table that there is.
  private mutating func install(_ host: inout Host<RankedKv.Message>) {
    guard let current = proposal else { return }
    var best = RankedKv.Holdings(membership: membership, table: table)
    for case let holdings? in current.holdings
    where (best.membership.epoch, best.table.sequence)
      < (holdings.membership.epoch, holdings.table.sequence)
    {
      best = holdings
    }
    dropStaleJoiners()
    var members = living(current.base.members).filter { member in
      member == me || !joiners.contains { $0.member.rank == member.rank }
    }
    if !members.contains(me) { members.append(me) }
    members += joiners.map(\.member)
    membership = RankedKv.Membership(
      epoch: current.epoch, members: RankedKv.ring(members, from: rank, settings.serverCount))
    table = best.table
    write(&host)
    host.observe(.adopted(role: role, epoch: current.epoch))
    host.crashPoint("installed here", request: nil)
    let missing = membership.members.map(\.rank).filter { $0 != rank }
    // From here on everything is known, and the dead can be left behind, as at any other time.
    proposal?.isRecovery = false
    proposal?.phase = .installing(missing: missing)
    for other in missing { sendInstall(to: other, &host) }
    if missing.isEmpty { activate(&host) }
  }

  private func sendInstall(to other: Int, _ host: inout Host<RankedKv.Message>) {
    guard let member = membership.members.first(where: { $0.rank == other }) else { return }
    var installation = RankedKv.Installation(
      membership: membership, table: table, extent: .everything)
    let joiner = joiners.first { $0.member == member }
    if joiner == nil, !settings.newPrimaryRepairs || settings.succeedsByRank {
      installation.extent = .countOnly
    } else if let joiner, settings.syncsByClock {
      installation.extent = .laterRows
      installation.table.removeRows()
      for row in table.rows where row.stamp >= joiner.since { installation.table.set(row) }
    }
    send(.install(installation), to: other, addressee: member.incarnation, &host)
  }

  mutating func receiveInstall(
    _ installation: RankedKv.Installation, from primary: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    let newer = installation.membership
    guard newer.contains(me), newer.epoch >= promised else { return }
    if newer == membership {
      return send(.installed(epoch: newer.epoch), to: primary, &host)
    }
    // Only of a process that was heard directly can its death be told.
    let unheard = newer.members.filter { $0 != me && heard[$0.rank] < $0.incarnation }
    guard unheard.isEmpty else {
      for other in unheard { send(.hello(standing, wantsAnswer: true), to: other.rank, &host) }
      return
    }
    adopt(installation, &host)
    send(.installed(epoch: newer.epoch), to: primary, &host)
    host.crashPoint("installed", request: nil)
    for request in routed { forward(request, &host) }
  }

  private mutating func adopt(
    _ installation: RankedKv.Installation, _ host: inout Host<RankedKv.Message>
  ) {
    membership = installation.membership
    promised = membership.epoch
    promisedTo = nil
    proposal = nil
    pushed = []
    awaiting = []
    threads = []
    joiners = []
    queued = []
    standings = standings.map { _ in nil }
    switch installation.extent {
    case .everything: table = installation.table
    case .laterRows:
      for row in installation.table.rows { table.set(row) }
      table.outcomes = installation.table.outcomes
      table.sequence = installation.table.sequence
    case .countOnly:
      table.sequence = installation.table.sequence
      table.outcomes = installation.table.outcomes
    }
    write(&host)
    host.observe(.adopted(role: role, epoch: membership.epoch))
  }

  mutating func receiveInstalled(
    _ epoch: Int, from other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard let current = proposal, current.epoch == epoch,
      case .installing(var missing) = current.phase
    else { return }
    missing.removeAll { $0 == other }
    proposal?.phase = .installing(missing: missing)
    if missing.isEmpty { activate(&host) }
  }

  /// Everybody has the same state: it is committed, and puts go on.
  private mutating func activate(_ host: inout Host<RankedKv.Message>) {
    proposal = nil
    takePart(&host)
    committed = table.sequence
    pushed = []
    dropStaleJoiners()
    retry.reset()
    host.observe(.note("succession done"))
    answerCommitted(&host)
    awaiting = []
    announce(&host)
    serveReads(&host)
    let waiting = queued
    queued = []
    for item in waiting { order(item.request, router: item.router, &host) }
    for request in routed { forward(request, &host) }
  }

  /// The membership that this server has agreed to is the one in force.
  mutating func takePart(_ host: inout Host<RankedKv.Message>) {
    for member in membership.members { standings[member.rank] = nil }
    guard !isMember else { return }
    isMember = true
    host.observe(.adopted(role: role, epoch: membership.epoch))
  }

  mutating func repeatProposal(_ host: inout Host<RankedKv.Message>) {
    switch proposal?.phase {
    case .collecting: sendCollects(&host)
    case .installing:
      // Those that have installed it already are asked as well: one that has died since would
      // otherwise never be missed, and a joiner may wait for a word from it for ever.
      for member in membership.members where member != me { sendInstall(to: member.rank, &host) }
    case nil: break
    }
  }
}
