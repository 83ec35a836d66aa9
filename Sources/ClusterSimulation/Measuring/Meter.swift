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

    mutating func note(
      _ client: MeasuredClient, _ latency: VirtualDuration, _ now: VirtualTime,
      bucket: VirtualDuration, faults: [Int], isMeasured: Bool
    ) {
      if bucket > .zero {
        let index = Int(now.nanoseconds / bucket.nanoseconds)
        if index >= buckets.count {
          buckets += repeatElement(0, count: index + 1 - buckets.count)
        }
        buckets[index] += 1
      }
      notePause(until: now, faults: faults)
      lastCompletion = now
      guard isMeasured else { return }
      count += 1
      blocks += client.blocks
      self.latency.add(latency)
    }

    mutating func notePause(until now: VirtualTime, faults: [Int]) {
      for fault in faults {
        longestPause[fault] = max(longestPause[fault], now - lastCompletion)
      }
    }
  }

  private let windows: [MeasurePlan.Window]
  /// Zero: there is no timeline.
  private let bucket: VirtualDuration
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
  /// The faults of the plan that struck last, at one time.
  private var lastFaults: [Int] = []
  private var lastFaultTime = VirtualTime.start

  init(_ plan: MeasurePlan) {
    windows = plan.windows
    bucket = plan.timeline ?? .zero
    let kind = Kind(
      inWindow: plan.windows.map { _ in 0 }, longestPause: plan.faults.map { _ in .zero })
    reads = kind
    updates = kind
  }

  /// Counts an operation that has completed; the client says which.
  @usableFromInline
  mutating func noteCompletion(of client: MeasuredClient, at now: VirtualTime) {
    let latency = now - client.began
    for (index, window) in windows.enumerated() where window.start <= now && now < window.end {
      if client.isUpdate { updates.inWindow[index] += 1 } else { reads.inWindow[index] += 1 }
    }
    if client.isUpdate {
      updates.note(client, latency, now, bucket: bucket, faults: lastFaults, isMeasured: isOn)
    } else {
      reads.note(client, latency, now, bucket: bucket, faults: lastFaults, isMeasured: isOn)
    }
    if isOn { all.add(latency) }
  }

  /// Faults of one time share what follows them; later ones end what belongs to earlier ones.
  mutating func noteFault(_ index: Int, at time: VirtualTime) {
    if time > lastFaultTime { lastFaults = [] }
    lastFaultTime = time
    lastFaults.append(index)
  }

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
    reads.notePause(until: now, faults: lastFaults)
    updates.notePause(until: now, faults: lastFaults)
  }
}
