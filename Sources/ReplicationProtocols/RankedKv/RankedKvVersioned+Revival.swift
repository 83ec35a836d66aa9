import LinearizabilityChecking
import SimulationKernel

/// A server that starts again. It says hello to everybody, joins where a primary leads, and takes
/// part from the moment at which it is given the state. If nobody leads, because all were down, the
/// members of the last epoch that any of their disks knows have to come together; the primary of
/// that epoch then leads again.
///
/// Why all of them: a later epoch, if there was one, was written to the disk of its first member
/// before it could commit anything, and that first member was a member of the epoch before.
extension RankedKv.VersionedServer {
  var standing: RankedKv.Standing {
    RankedKv.Standing(membership: membership, isMember: isMember)
  }

  mutating func revive(_ host: inout Host<RankedKv.Message>) {
    isMember = false
    sayHello(&host)
    comeTogether(&host)
    armRetry(&host)
  }

  private func sayHello(_ host: inout Host<RankedKv.Message>) {
    for other in 0..<settings.serverCount where other != rank {
      send(.hello(standing, wantsAnswer: true), to: other, &host)
    }
  }

  /// Repeats what is unanswered.
  mutating func callOut(_ host: inout Host<RankedKv.Message>) {
    sayHello(&host)
    askToJoin(&host)
    if settings.firstReviverLeads, !standings.contains(where: { $0?.isMember == true }) {
      leadWithWhatIsThere(&host)
    }
  }

  mutating func receive(
    _ other: RankedKv.Standing, _ wantsAnswer: Bool, from sender: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    standings[sender] = other
    if !other.isMember, promisedTo?.rank == sender { promisedTo = nil }
    if wantsAnswer { send(.hello(standing, wantsAnswer: false), to: sender, &host) }
    if isMember, !other.isMember, let leader, leader != rank {
      // The primary may be what it misses, and nobody has asked for the primary lately.
      send(.askCommitted, to: leader, &host)
    }
    guard !isMember, proposal == nil else { return }
    if other.isMember { askToJoin(&host) } else { comeTogether(&host) }
  }

  // MARK: Joining

  /// Asks the server that leads, or is to lead, by the latest that a living member says.
  private func askToJoin(_ host: inout Host<RankedKv.Message>) {
    let latest = standings.compactMap { $0 }.filter(\.isMember).map(\.membership)
      .max { $0.epoch < $1.epoch }
    let leader = latest?.members.first { $0 != me && !isDead($0) && !isReviving($0.rank) }
    guard let leader else { return }
    send(.join(since: table.latestStamp), to: leader.rank, &host)
  }

  mutating func receiveJoin(
    _ since: Int, from other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    let member = RankedKv.Member(rank: other, incarnation: heard[other])
    guard isMember else { return }
    if membership.contains(member) { return receiveQuestion(from: other, &host) }
    if joiners.contains(where: { $0.member == member }) { return }
    // Whoever does not lead keeps silent: the other asks again, and may know more then.
    if leader == rank { joiners.append(RankedKv.Joiner(member: member, since: since)) }
  }

  // MARK: After a failure of all

  /// The processes that revive, as far as they have said so, with what their disks say.
  private var reviving: [(member: RankedKv.Member, membership: RankedKv.Membership)] {
    var found = [(member: me, membership: membership)]
    for (other, standing) in standings.enumerated() {
      guard let standing, !standing.isMember, heard[other] > dead[other] else { continue }
      let member = RankedKv.Member(rank: other, incarnation: heard[other])
      found.append((member: member, membership: standing.membership))
    }
    return found
  }

  private mutating func comeTogether(_ host: inout Host<RankedKv.Message>) {
    let present = reviving
    guard let last = present.map(\.membership).max(by: { $0.epoch < $1.epoch }),
      last.primary.rank == rank
    else { return }
    var members: [RankedKv.Member] = []
    for absent in last.members {
      guard let found = present.first(where: { $0.member.rank == absent.rank }) else { return }
      members.append(found.member)
    }
    recover(last.epoch, members, &host)
  }

  /// KV-10: it is told to lead, so it does, with what was on its disk.
  mutating func leadUnprepared(_ host: inout Host<RankedKv.Message>) {
    let known = standings.compactMap { $0?.membership }.max { $0.epoch < $1.epoch } ?? membership
    promised = max(promised, known.epoch)
    isMember = true
    begin(
      RankedKv.Proposal(
        epoch: epoch(after: promised), base: known, isRecovery: false,
        holdings: Array(repeating: nil, count: settings.serverCount)), &host)
  }

  /// KV-16.
  private mutating func leadWithWhatIsThere(_ host: inout Host<RankedKv.Message>) {
    let present = reviving
    let last = present.map(\.membership.epoch).max() ?? 1
    recover(last, present.map(\.member), &host)
  }

  private mutating func recover(
    _ epoch: Int, _ members: [RankedKv.Member], _ host: inout Host<RankedKv.Message>
  ) {
    begin(
      RankedKv.Proposal(
        epoch: self.epoch(after: max(promised, epoch)),
        base: RankedKv.Membership(epoch: epoch, members: members), isRecovery: true,
        holdings: Array(repeating: nil, count: settings.serverCount)), &host)
  }
}
