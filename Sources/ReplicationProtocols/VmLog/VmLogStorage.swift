import LinearizabilityChecking
import SimulationKernel

extension VmLog {
  /// The shared storage: the blocks of the virtual disk, and the word on which machines do their
  /// test-and-set. It never fails. Where failures are detected it passes on the word of the
  /// detector, for a backup says nothing on its own that a dead primary could leave unanswered.
  public struct Storage: CoordinatorNode {
    private let settings: Settings
    private(set) var configuration: Configuration
    /// The number of the configuration in which the primary became that; disk operations of earlier
    /// ones are refused, as by a reservation.
    private var reservedSince = 1
    /// Sorted by key.
    private var blocks: [KeyedValue] = []
    /// The last disk write; an earlier one, or the same again, changes nothing.
    private var lastWrite = 0
    /// By server: failures reported, and so the starts of it that are dead.
    private var failures: [Int]
    private var retry: RetrySchedule

    init(_ settings: Settings) {
      self.settings = settings
      configuration = settings.firstConfiguration
      failures = Array(repeating: 0, count: settings.serverCount)
      retry = RetrySchedule(settings.serverRetry)
    }

    public var currentView: ObservedView { configuration.view }

    public mutating func start(_ host: inout Host<Message>) {
      host.observe(.decided(currentView))
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .testAndSet(let expected, let incarnation):
        testAndSet(Member(server: sender.index, incarnation: incarnation), expected, &host)
        host.send(.configuration(configuration), to: sender)
      case .protect(let number, let incarnation, let backup):
        let primary = Member(server: sender.index, incarnation: incarnation)
        protect(
          Configuration(number: number + 1, primary: primary, backup: backup), after: number, &host)
        host.send(.configuration(configuration), to: sender)
      case .disk(let operation, let number, let incarnation):
        let member = Member(server: sender.index, incarnation: incarnation)
        carryOut(operation, number, of: member, &host)
      default: break
      }
    }

    // MARK: The word

    /// The first member of a pair that asks becomes the only one. A primary that asks although the
    /// storage has not entered its backup is alone too, and the entry comes too late from now on.
    private mutating func testAndSet(
      _ member: Member, _ expected: Int, _ host: inout Host<Message>
    ) {
      let alone = Configuration(number: expected + 1, primary: member, backup: nil)
      guard settings.testsAndSets else {
        if alone.number >= configuration.number { decide(alone, &host) }
        return
      }
      let isOfPair =
        configuration.number == expected && configuration.backup != nil
        && configuration.members.contains(member)
      let isAlone = configuration.number == expected - 1 && configuration.members == [member]
      if isOfPair || isAlone { decide(alone, &host) }
    }

    private mutating func protect(
      _ pair: Configuration, after number: Int, _ host: inout Host<Message>
    ) {
      let isAlone = configuration.number == number && configuration.members == [pair.primary]
      let isNewer = pair.number > configuration.number
      if settings.testsAndSets ? isAlone : isNewer { decide(pair, &host) }
    }

    private mutating func decide(_ new: Configuration, _ host: inout Host<Message>) {
      guard new != configuration else { return }
      if new.primary != configuration.primary { reservedSince = new.number }
      configuration = new
      host.observe(.decided(currentView))
      tellOfFailures(&host)
    }

    // MARK: The disk

    private mutating func carryOut(
      _ operation: DiskOperation, _ number: Int, of member: Member, _ host: inout Host<Message>
    ) {
      guard
        !settings.testsAndSets || (member == configuration.primary && number >= reservedSince)
      else { return host.send(.configuration(configuration), to: member.node) }
      if let value = operation.written, operation.number > lastWrite {
        lastWrite = operation.number
        let place = blocks.firstIndex { $0.key >= operation.key } ?? blocks.count
        let block = KeyedValue(key: operation.key, value: value)
        if place < blocks.count, blocks[place].key == operation.key {
          blocks[place] = block
        } else {
          blocks.insert(block, at: place)
        }
      }
      let value =
        operation.written == nil
        ? blocks.first { $0.key == operation.key }?.value ?? "" : ""
      host.send(.completion(operation.number, value), to: member.node)
    }

    // MARK: The detector's word

    public mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {
      failures[server.index] += 1
      let dead = Member(server: server.index, incarnation: failures[server.index])
      // A machine that is being made the backup is not known here.
      if !configuration.members.contains(dead), !isDead(configuration.primary) {
        host.send(.failed(dead), to: configuration.primary.node)
      }
      tellOfFailures(&host)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      tellOfFailures(&host)
    }

    private func isDead(_ member: Member) -> Bool {
      member.incarnation <= failures[member.server]
    }

    /// The living member of a pair is told of the dead one until it has run alone.
    private mutating func tellOfFailures(_ host: inout Host<Message>) {
      let dead = configuration.members.filter { isDead($0) }
      guard configuration.backup != nil, dead.count == 1 else {
        if retry.attempts > 0 { host.cancelTimer(.retry()) }
        return retry.reset()
      }
      for member in configuration.members where !isDead(member) {
        host.send(.failed(dead[0]), to: member.node)
      }
      host.setTimer(.retry(), after: retry.next())
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(configuration)
      hasher.combine(reservedSince)
      for block in blocks {
        hasher.combine(block.key)
        hasher.combine(block.value)
      }
      hasher.combine(blocks.count)
      hasher.combine(lastWrite)
      for failure in failures { hasher.combine(failure) }
      hasher.combine(retry)
    }
  }
}
