/// Pending events in order of time; events of one time come out in the order in which they were
/// put in.
///
/// A binary heap: insertion and removal take logarithmic time.
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

  @usableFromInline var heap: [Entry] = []
  @usableFromInline var inserted: UInt64 = 0

  @inlinable
  public init() {
    heap.reserveCapacity(64)
  }

  @inlinable
  public var isEmpty: Bool { heap.isEmpty }
  @inlinable
  public var count: Int { heap.count }

  @inlinable
  public var nextTime: VirtualTime? {
    heap.first.map { VirtualTime(nanoseconds: $0.time) }
  }

  @inlinable
  public mutating func insert(_ payload: Payload, at time: VirtualTime) {
    let entry = Entry(time: time.nanoseconds, number: inserted, payload: payload)
    inserted += 1
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
    inserted = 0
  }

  /// The events in the order in which they would come out.
  public var sortedElements: [(time: VirtualTime, payload: Payload)] {
    heap.sorted { $0.precedes($1) }.map { (VirtualTime(nanoseconds: $0.time), $0.payload) }
  }
}
