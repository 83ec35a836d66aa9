import SimulationKernel

/// A machine: processors, a disk, and steps that wait for a processor, first come, first served.
@usableFromInline
struct MeasuredHost: Sendable {
  /// Steps that it runs at once; at least 1.
  @usableFromInline let cores: Int
  @usableFromInline var freeCores: Int
  @usableFromInline var diskFreeAt = VirtualTime.start
  /// Whether servers may be placed here.
  @usableFromInline var isUp = true
  /// Servers of all volumes that are placed here.
  @usableFromInline var serverCount = 0
  /// When the links out of the host and into it have carried what is on its way.
  var outFreeAt = VirtualTime.start
  var inFreeAt = VirtualTime.start

  /// A queue with a moving head.
  @usableFromInline var waiting: [MeasuredEvent] = []
  @usableFromInline var head = 0

  // Integrals over the measured time.
  var busy = 0.0
  var queued = 0.0
  var longestQueue = 0
  var lastChange = VirtualTime.start

  @usableFromInline
  init(cores: Int) {
    self.cores = cores
    freeCores = cores
  }

  @inlinable
  var hasNoWaiting: Bool { head == waiting.count }

  @usableFromInline
  mutating func wait(_ event: MeasuredEvent, _ now: VirtualTime, _ isMeasured: Bool) {
    if isMeasured { integrate(to: now) }
    waiting.append(event)
    if isMeasured { longestQueue = max(longestQueue, waiting.count - head) }
  }

  @usableFromInline
  mutating func takeWaiting(
    at index: Int, _ now: VirtualTime, _ isMeasured: Bool
  ) -> MeasuredEvent {
    if isMeasured { integrate(to: now) }
    let event = waiting[index]
    remove(at: index)
    return event
  }

  @usableFromInline
  mutating func remove(at index: Int) {
    if index == head {
      head += 1
    } else {
      waiting.remove(at: index)
    }
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 64, head * 2 >= waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
  }

  @usableFromInline
  mutating func takeCore(_ now: VirtualTime, _ isMeasured: Bool) {
    if isMeasured { integrate(to: now) }
    freeCores -= 1
  }

  @usableFromInline
  mutating func noteCoreFree(_ now: VirtualTime, _ isMeasured: Bool) {
    if isMeasured { integrate(to: now) }
    freeCores += 1
  }

  mutating func startMeasuring(at now: VirtualTime) {
    lastChange = now
    busy = 0
    queued = 0
    longestQueue = waiting.count - head
  }

  /// Adds what has passed since the last change.
  @usableFromInline
  mutating func integrate(to now: VirtualTime) {
    let passed = Double(now.nanoseconds - lastChange.nanoseconds)
    busy += passed * Double(cores - freeCores)
    queued += passed * Double(waiting.count - head)
    lastChange = now
  }

  /// What waited for a server that is dead waits no longer.
  mutating func forgetWaiting(where isLost: (MeasuredEvent) -> Bool, at now: VirtualTime) {
    waiting = waiting[head...].filter { !isLost($0) }
    head = 0
  }
}
