/// Pending events in order of time; events of one time come out in the order in which they were
/// put in.
///
/// A binary heap, and beside it a few lanes: lists in order of time. Time-outs of one length and
/// messages of one latency are put in in the order in which they come out, so most events go to the
/// end of a lane and cost no comparisons with others; what fits no lane goes to the heap.
public struct EventQueue<Payload: Sendable>: Sendable {
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var time: Int64
    @usableFromInline var number: UInt64
    @usableFromInline var payload: Payload

    @inlinable
    init(time: Int64, number: UInt64, payload: Payload) {
      self.time = time
      self.number = number
      self.payload = payload
    }

    @inlinable
    func precedes(_ other: Entry) -> Bool {
      time < other.time || (time == other.time && number < other.number)
    }
  }

  /// Entries in order, taken off at the front. Places before the head keep old entries until they
  /// are written over or dropped together.
  @usableFromInline
  struct Lane: Sendable {
    @usableFromInline var entries: [Entry] = []
    @usableFromInline var head = 0
    /// Of the last entry; the least time of all if there is none.
    @usableFromInline var lastTime = Int64.min

    @inlinable
    init() {}

    @inlinable
    var isEmpty: Bool { head == entries.count }

    @inlinable
    mutating func append(_ entry: Entry) {
      entries.append(entry)
      lastTime = entry.time
    }

    @inlinable
    mutating func removeFirst() -> Entry {
      let entry = entries[head]
      head += 1
      if head == entries.count {
        entries.removeAll(keepingCapacity: true)
        head = 0
        lastTime = .min
      } else if head >= 256, head * 2 >= entries.count {
        entries.removeFirst(head)
        head = 0
      }
      return entry
    }
  }

  @usableFromInline var heap: [Entry] = []
  @usableFromInline var lanes: [Lane]
  @usableFromInline var inserted: UInt64 = 0

  @inlinable
  public init() {
    heap.reserveCapacity(64)
    lanes = Array(repeating: Lane(), count: 4)
  }

  @inlinable
  public var isEmpty: Bool { heap.isEmpty && lanes.allSatisfy(\.isEmpty) }
  public var count: Int {
    lanes.reduce(heap.count) { $0 + $1.entries.count - $1.head }
  }

  public var nextTime: VirtualTime? {
    let fronts = lanes.filter { !$0.isEmpty }.map { $0.entries[$0.head].time }
    return (fronts + heap.prefix(1).map(\.time)).min().map { VirtualTime(nanoseconds: $0) }
  }

  @inlinable
  public mutating func insert(_ payload: Payload, at time: VirtualTime) {
    let entry = Entry(time: time.nanoseconds, number: inserted, payload: payload)
    inserted += 1
    if let lane = lane(for: entry.time) {
      lanes[lane].append(entry)
    } else {
      insertIntoHeap(entry)
    }
  }

  /// Puts in an event far ahead of others, which would close a lane to what comes before it.
  @inlinable
  public mutating func insertApart(_ payload: Payload, at time: VirtualTime) {
    insertIntoHeap(Entry(time: time.nanoseconds, number: inserted, payload: payload))
    inserted += 1
  }

  /// The lane whose last event is the latest that is not later than `time`, so that one event far
  /// ahead does not close a lane to those before it.
  @inlinable
  func lane(for time: Int64) -> Int? {
    var best: Int?
    var bestTime = Int64.min
    for index in 0..<lanes.count {
      let last = lanes[index].lastTime
      if last <= time, best == nil || last > bestTime {
        best = index
        bestTime = last
      }
    }
    return best
  }

  @inlinable
  mutating func insertIntoHeap(_ entry: Entry) {
    var hole = heap.count
    heap.append(entry)
    heap.withUnsafeMutableBufferPointer { heap in
      while hole > 0 {
        let parent = (hole - 1) / 2
        guard entry.precedes(heap[parent]) else { break }
        heap[hole] = heap[parent]
        hole = parent
      }
      heap[hole] = entry
    }
  }

  /// Removes the earliest event.
  @inlinable
  public mutating func popFirst() -> (time: VirtualTime, payload: Payload)? {
    var source = -1
    var time = Int64.max
    var number = UInt64.max
    if !heap.isEmpty {
      time = heap[0].time
      number = heap[0].number
    }
    for index in 0..<lanes.count where !lanes[index].isEmpty {
      let head = lanes[index].head
      let other = lanes[index].entries[head].time
      if other < time || (other == time && lanes[index].entries[head].number < number) {
        source = index
        time = other
        number = lanes[index].entries[head].number
      }
    }
    if source >= 0 {
      let entry = lanes[source].removeFirst()
      return (VirtualTime(nanoseconds: entry.time), entry.payload)
    }
    return popFirstOfHeap()
  }

  @inlinable
  mutating func popFirstOfHeap() -> (time: VirtualTime, payload: Payload)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap.withUnsafeMutableBufferPointer { heap in
        var hole = 0
        while true {
          var child = 2 * hole + 1
          if child >= heap.count { break }
          if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
          guard heap[child].precedes(last) else { break }
          heap[hole] = heap[child]
          hole = child
        }
        heap[hole] = last
      }
    }
    return (VirtualTime(nanoseconds: first.time), first.payload)
  }

  @inlinable
  public mutating func removeAll() {
    heap.removeAll(keepingCapacity: true)
    for index in lanes.indices { lanes[index] = Lane() }
    inserted = 0
  }

  /// The events in the order in which they would come out.
  public var sortedElements: [(time: VirtualTime, payload: Payload)] {
    (heap + lanes.flatMap { $0.entries[$0.head...] }).sorted { $0.precedes($1) }
      .map { (VirtualTime(nanoseconds: $0.time), $0.payload) }
  }
}
