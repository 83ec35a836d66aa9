import SimulationKernel

/// What is counted while a run is measured.
@usableFromInline
struct Meter: Sendable {
  /// Counts of one kind of operation.
  struct Kind: Sendable {
    var count = 0
    var blocks = 0
    var latency = LatencyHistogram()
    /// By window.
    var inWindow: [Int]
    /// By bucket of the timeline.
    var buckets: [Int] = []
    var lastCompletion = VirtualTime.start
    /// By fault of the plan: the longest time without a completion that ended after the fault.
    var longestPause: [VirtualDuration]
  }

  private let plan: MeasurePlan
  /// Whether the warm-up is over.
  @usableFromInline var isOn = false
  @usableFromInline var messageCount = 0
  private(set) var reads: Kind
  private(set) var updates: Kind
  private(set) var all = LatencyHistogram()
  private(set) var abandonedCount = 0
  private(set) var syncCount = 0
  private(set) var changeCount = 0
  /// By host: how long its disk was busy.
  private(set) var diskBusy: [VirtualDuration] = []
  private(set) var transferCount = 0
  private(set) var lastTransfer: VirtualTime?
  /// By fault of the plan: whether it has struck, in order of their times.
  private var struck: [Bool]

  init(_ plan: MeasurePlan) {
    self.plan = plan
    let kind = Kind(
      inWindow: plan.windows.map { _ in 0 }, longestPause: plan.faults.map { _ in .zero })
    reads = kind
    updates = kind
    struck = plan.faults.map { _ in false }
  }

  /// Counts an operation that has completed; the client says which.
  @usableFromInline
  mutating func noteCompletion(of client: MeasuredClient, at now: VirtualTime) {
    let latency = now - client.began
    if client.isUpdate {
      note(&updates, client, latency, now)
    } else {
      note(&reads, client, latency, now)
    }
    if isOn { all.add(latency) }
  }

  private func note(
    _ kind: inout Kind, _ client: MeasuredClient, _ latency: VirtualDuration, _ now: VirtualTime
  ) {
    for (index, window) in plan.windows.enumerated()
    where window.start <= now && now < window.end {
      kind.inWindow[index] += 1
    }
    if let bucket = plan.timeline, bucket > .zero {
      let index = Int(now.nanoseconds / bucket.nanoseconds)
      if index >= kind.buckets.count {
        kind.buckets += repeatElement(0, count: index + 1 - kind.buckets.count)
      }
      kind.buckets[index] += 1
    }
    notePause(&kind, until: now)
    kind.lastCompletion = now
    guard isOn else { return }
    kind.count += 1
    kind.blocks += client.blocks
    kind.latency.add(latency)
  }

  private func notePause(_ kind: inout Kind, until now: VirtualTime) {
    guard let fault = struck.lastIndex(of: true) else { return }
    kind.longestPause[fault] = max(kind.longestPause[fault], now - kind.lastCompletion)
  }

  mutating func noteFault(_ index: Int) { struck[index] = true }

  mutating func noteAbandoned() {
    if isOn { abandonedCount += 1 }
  }

  @usableFromInline
  mutating func note(_ work: FileWork, of host: Int) {
    syncCount += work.syncCount
    changeCount += work.changeCount
    while diskBusy.count <= host { diskBusy.append(.zero) }
    diskBusy[host] = diskBusy[host] + work.busy
  }

  mutating func noteTransfer(bytes: Int, until time: VirtualTime) {
    transferCount += 1
    lastTransfer = max(lastTransfer ?? .start, time)
  }

  /// The run is over: what has not completed by now has been missing until now.
  mutating func finish(at now: VirtualTime) {
    notePause(&reads, until: now)
    notePause(&updates, until: now)
  }
}
