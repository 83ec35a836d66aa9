import DiskSimulation
import LinearizabilityChecking
import SimulationKernel

/// What every process of a node has beside its memory.
struct ExploredProcess: Fingerprintable, Sendable {
  /// Whose process: memories need not say it, and like nodes are not the same component.
  let node: NodeID
  var isUp = true
  /// Starts so far; the incarnation of a running process.
  var starts = 0
  var hasUnreportedFailure = false
  /// Armed timers, sorted: the search has no clock, so any of them may be next.
  var timers: [TimerID] = []
  /// Continuations put off, oldest first.
  var postponed: [Int] = []

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(node)
    hasher.combine(isUp)
    hasher.combine(starts)
    hasher.combine(hasUnreportedFailure)
    hasher.combine(contentsOf: timers)
    for continuation in postponed { hasher.combine(continuation) }
    hasher.combine(postponed.count)
  }
}

/// A server with its disk.
struct ExploredServer<Subject: ReplicationProtocol>: Fingerprintable, Sendable {
  var process: ExploredProcess
  /// Meaningless while the process is down.
  var memory: Subject.Server
  var disk: VirtualDisk?

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(process)
    if process.isUp { hasher.combine(memory) }
    if let disk { hasher.combine(disk) }
  }
}

struct ExploredCoordinator<Subject: ReplicationProtocol>: Fingerprintable, Sendable {
  var process: ExploredProcess
  var memory: Subject.Coordinator

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(process)
    hasher.combine(memory)
  }
}

/// A client with what it has yet to do.
struct ExploredClient<Subject: ReplicationProtocol>: Fingerprintable, Sendable {
  var process: ExploredProcess
  var memory: Subject.Client
  /// Planned operations invoked so far.
  var invoked = 0
  /// Numbers of the requests that are open, by age.
  var open: [Int32] = []

  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(process)
    hasher.combine(memory)
    hasher.combine(invoked)
    for number in open { hasher.combine(Int(number)) }
    hasher.combine(open.count)
  }
}

/// What is under way from one node to another.
struct ExploredChannel<Message: NodeMessage>: Fingerprintable, Sendable {
  /// `nil` stands for the word that the sender is dead.
  var parcels: [Keyed<Message>?] = []
  /// Whether the receiver's process runs, or has yet to start: a closed channel absorbs.
  var isOpen = true
  var isCut = false
  /// Whether the receiver has no operation left and heeds nothing: the channel is empty for ever.
  var isIgnored = false

  /// To a client that is done.
  static var ignored: ExploredChannel { ExploredChannel(isIgnored: true) }

  func fingerprint(into hasher: inout StableHasher) {
    for parcel in parcels {
      hasher.combine(parcel != nil)
      if let parcel { hasher.combine(parcel) }
    }
    hasher.combine(parcels.count)
    hasher.combine(isOpen)
    hasher.combine(isCut)
    if isIgnored { hasher.combine(isIgnored) }
  }
}
