import SimulationKernel

extension PrimaryBackup {
  /// The view service as a pure state machine: pings and ticks in, views out.
  ///
  /// A view is followed by the next only after its primary has acknowledged it (R5), and then if
  /// - the primary has failed: the backup takes its place, and the first live idle server becomes
  ///   backup in the same step;
  /// - the backup has failed: the first live idle server takes its place, or nobody;
  /// - there is no backup, and a live idle server.
  ///
  /// A process that has failed is not chosen again in the same step, so two views in a row never
  /// have the same members. Nobody but the backup is promoted (R3); if both have failed, the
  /// service waits. "First" is the lowest number.
  ///
  /// A primary acknowledges a view when its backup is up to date. If the backup dies before, the
  /// primary can never do so; that it has adopted the view is then enough to give it another
  /// backup, because the primary stays the same.
  struct ViewService: Sendable, Fingerprintable {
    /// What the service knows of a server.
    private struct Witness: Sendable {
      /// Pings of older incarnations are ignored.
      var incarnation = 1
      /// Ticks since the last ping; stops counting when the server is dead.
      var silentTicks: Int
      var hasPinged = false
    }

    let rules: ViewServiceRules
    private(set) var view = View.initial
    /// The last view whose primary has acknowledged it, or has adopted it and lost its backup.
    private(set) var acknowledged = 0
    /// Whether the primary of the current view has adopted it, its backup perhaps not yet up to
    /// date.
    private var isAdopted = false
    private var primaryCarriesOn = false
    private var backupCarriesOn = false
    /// By server.
    private var witnesses: [Witness]

    init(serverCount: Int, _ rules: ViewServiceRules) {
      self.rules = rules
      witnesses = Array(repeating: Witness(silentTicks: rules.deadTicks), count: serverCount)
    }

    /// Whether the primary has acknowledged the current view: its backup, if any, is up to date.
    var isAcknowledged: Bool { view.number > 0 && acknowledged == view.number }

    // MARK: Inputs

    /// Takes note of a ping.
    /// - Returns: false if it comes from a process that is known to be dead, and is ignored.
    mutating func ping(_ ping: Ping, from server: Int) -> Bool {
      guard witnesses.indices.contains(server),
        ping.incarnation >= witnesses[server].incarnation
      else { return false }
      let member = Member(server: server, incarnation: ping.incarnation)
      if !rules.restartedPrimaryIsDead, view.primary?.server == server { view.primary = member }
      witnesses[server] = Witness(
        incarnation: ping.incarnation, silentTicks: 0, hasPinged: true)
      if view.number == 0 {
        decide(member, nil)
        return true
      }
      if member == view.primary { note(ping) }
      if ping.carriesOnFrom == view.number {
        if member == view.primary { primaryCarriesOn = true }
        if member == view.backup { backupCarriesOn = true }
      }
      advance()
      return true
    }

    /// The service's own clock: a ping interval has passed.
    mutating func tick() {
      guard rules.suspectsSilence else { return }
      for server in witnesses.indices where witnesses[server].silentTicks < rules.deadTicks {
        witnesses[server].silentTicks += 1
      }
      advance()
    }

    /// A perfect detector says that the running process of a server is dead. It says so once for
    /// each process, and before the next one starts.
    mutating func serverFailed(_ server: Int) {
      guard witnesses.indices.contains(server) else { return }
      witnesses[server].incarnation += 1
      witnesses[server].silentTicks = rules.deadTicks
      advance()
    }

    /// Whether the service waits for this process to confirm that it carries on alone.
    func asksToCarryOn(_ member: Member) -> Bool {
      guard rules.survivorConfirms, let primary = view.primary, let backup = view.backup else {
        return false
      }
      if member == primary { return isAcknowledged && !primaryCarriesOn && hasFailed(backup) }
      return member == backup && mayFollow && !backupCarriesOn && hasFailed(primary)
    }

    // MARK: Decisions

    private mutating func note(_ ping: Ping) {
      if ping.adopted == view.number { isAdopted = true }
      if ping.acknowledged == view.number {
        isAdopted = true
        acknowledged = view.number
      }
    }

    /// R5.
    private var mayFollow: Bool { isAcknowledged || !rules.waitsForAcknowledgement }

    private mutating func advance() {
      guard isAdopted || mayFollow, let primary = view.primary else { return }
      let primaryHasFailed = hasFailed(primary)
      let backupHasFailed = view.backup.map { hasFailed($0) }
      if rules.promotesIdleServer, mayFollow, primaryHasFailed, backupHasFailed != false {
        if let idle = idleServer() { decide(idle, nil) }
        return
      }
      guard let backup = view.backup else {
        if mayFollow, let idle = idleServer() { decide(primary, idle) }
        return
      }
      switch (primaryHasFailed, backupHasFailed) {
      case (true, false):
        if mayFollow, backupCarriesOn || !rules.survivorConfirms { decide(backup, idleServer()) }
      case (false, true):
        if isAcknowledged, rules.survivorConfirms, !primaryCarriesOn { return }
        if isAdopted { acknowledged = view.number }
        decide(primary, idleServer())
      default: break
      }
    }

    private mutating func decide(_ primary: Member, _ backup: Member?) {
      view = View(number: view.number + 1, primary: primary, backup: backup)
      isAdopted = false
      primaryCarriesOn = false
      backupCarriesOn = false
    }

    /// Whether the process is silent, or has been followed by another.
    private func hasFailed(_ member: Member) -> Bool {
      witnesses[member.server].incarnation > member.incarnation
        || witnesses[member.server].silentTicks >= rules.deadTicks
    }

    /// The first live server without a role.
    private func idleServer() -> Member? {
      for (server, witness) in witnesses.enumerated() where !view.names(server) {
        let isEligible =
          rules.choosesLiveServersOnly
          ? witness.silentTicks < rules.deadTicks : witness.hasPinged
        if isEligible { return Member(server: server, incarnation: witness.incarnation) }
      }
      return nil
    }

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(view)
      hasher.combine(acknowledged)
      hasher.combine(isAdopted)
      hasher.combine(primaryCarriesOn)
      hasher.combine(backupCarriesOn)
      for witness in witnesses {
        hasher.combine(witness.incarnation)
        hasher.combine(witness.silentTicks)
        hasher.combine(witness.hasPinged)
      }
    }
  }
}
