/// Decides a queue whose elements are all different, in O(n log n).
///
/// An element has an interval in which it was put in and one in which it was taken out. In every
/// explanation elements enter and leave in one order, so element a comes before b where a entered,
/// or left, before b began to. Both are interval orders, and so a cycle of such demands contains
/// one of two elements: without such a pair some order of the elements agrees with all demands, and
/// letting each operation take effect as early as the order allows explains the history. A dequeue
/// that found nothing needs a moment at which no element is in the queue for certain; the first
/// such moment separates the elements before it from those after it.
///
/// Before that, an element is in no later than it is out, and starts to leave no earlier than it
/// starts to enter. An enqueue of unknown outcome whose element nobody took is left out. Dequeues
/// of unknown outcome are left out as well; if there are any, only an order is an answer.
///
/// Source: Henzinger, Sezgin and Vafeiadis, Aspect-oriented linearizability proofs, CONCUR 2013,
/// section 3: the conflicts are the violations VFresh, VRepet, VOrd and VWit.
struct QueueOrder: Sendable {
  /// An element of the queue. Operations are places in the part; moments are those after events.
  private struct Element: Sendable {
    var enqueue: Int32
    /// -1 if nobody took the element.
    var dequeue: Int32 = -1
    /// When it can enter: from the first moment up to the last one, which is left out.
    var firstIn: Int32
    var endIn: Int32
    /// When it can leave. What stays leaves at the end of time.
    var firstOut: Int32 = .max - 1
    var endOut: Int32 = .max
  }

  /// Operations that a violation needs beside those that it names.
  private(set) var support: [Int32] = []

  private var elements: [Element] = []
  /// By value, its element.
  private var places: [Int32: Int] = [:]
  /// Dequeues that returned with an element, and with nothing.
  private var dequeues: [Int32] = []
  private var empties: [Int32] = []
  private var hasUnknown = false
  /// Moments at which the queue is empty, ascending, and the dequeues that find it so.
  private var gaps: [(moment: Int32, dequeue: Int32)] = []

  /// Decides the part that consists of `members`, operation indices by call. Where it is
  /// linearizable its order is appended to `order`.
  mutating func decide(
    _ members: ArraySlice<Int32>, _ history: RecordedHistory, order: inout [Int32]
  ) -> FastPathAnswer {
    support = []
    guard collect(members, history) else { return .notCovered }
    if let reason = match(members, history) { return .violation(reason) }
    elements.removeAll { $0.dequeue < 0 && $0.endIn == .max }
    if let reason = findGaps(members, history) ?? arrange() {
      return hasUnknown ? .notCovered : .violation(reason)
    }
    emit(members, &order)
    return .ordered
  }

  /// Collects the operations; false if two enqueues ask for the same element.
  private mutating func collect(
    _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> Bool {
    elements.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    dequeues.removeAll(keepingCapacity: true)
    empties.removeAll(keepingCapacity: true)
    hasUnknown = false
    for (place, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      let isKnown = operation.outcome == .ok
      if operation.kind == .enqueue {
        let known = places.updateValue(elements.count, forKey: operation.argument)
        guard known == nil else { return false }
        elements.append(
          Element(
            enqueue: Int32(place), firstIn: operation.call,
            endIn: isKnown ? operation.returned : .max))
      } else if !isKnown {
        hasUnknown = true
      } else if operation.result >= 0 {
        dequeues.append(Int32(place))
      } else {
        empties.append(Int32(place))
      }
    }
    return true
  }

  /// Finds out who took which element.
  private mutating func match(
    _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> ViolationCertificate.Reason? {
    for dequeue in dequeues {
      let operation = history.operations[Int(members[members.startIndex + Int(dequeue)])]
      guard let place = places[operation.result] else { return .neverWritten(read: dequeue) }
      let element = elements[place]
      if element.dequeue >= 0 {
        return .observedTwice(update: element.enqueue, first: element.dequeue, second: dequeue)
      }
      if operation.returned < element.firstIn {
        return .readBeforeWrite(read: dequeue, write: element.enqueue)
      }
      elements[place].dequeue = dequeue
      elements[place].firstOut = max(operation.call, element.firstIn)
      elements[place].endOut = operation.returned
      elements[place].endIn = min(element.endIn, operation.returned)
    }
    return nil
  }

  // MARK: Dequeues that found nothing

  /// Chooses for each dequeue that found nothing the first moment at which nothing need be there,
  /// and keeps elements on their side of these moments.
  private mutating func findGaps(
    _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> ViolationCertificate.Reason? {
    gaps.removeAll(keepingCapacity: true)
    let present = elements.indices.filter { elements[$0].endIn < elements[$0].firstOut }
      .sorted { elements[$0].endIn < elements[$1].endIn }
    var next = 0
    /// Up to this moment, left out, something is there without a gap since ``covered`` began.
    var end: Int32 = -1
    var covered: [Int] = []
    // Operations stand in the order of their calls.
    for empty in empties {
      let operation = history.operations[Int(members[members.startIndex + Int(empty)])]
      let start = max(operation.call, gaps.last?.moment ?? 0)
      while next < present.count, elements[present[next]].endIn <= max(start, end) {
        if elements[present[next]].endIn > end { covered.removeAll(keepingCapacity: true) }
        if elements[present[next]].firstOut > end {
          end = elements[present[next]].firstOut
          covered.append(present[next])
        }
        next += 1
      }
      let moment = max(start, end)
      guard moment < operation.returned else {
        support = covered.flatMap { [elements[$0].enqueue, elements[$0].dequeue] }
          .filter { $0 >= 0 }
        let last = covered.last.map { elements[$0].enqueue } ?? empty
        return .cycle([last, empty], why: [.implied, .implied])
      }
      gaps.append((moment, empty))
    }
    separate()
    return nil
  }

  /// Sorts the elements by the gaps that they stand between, and cuts their intervals there.
  private mutating func separate() {
    guard !gaps.isEmpty else { return }
    elements.sort { $0.endIn < $1.endIn }
    var passed = 0
    for place in elements.indices {
      while passed < gaps.count, gaps[passed].moment < elements[place].endIn { passed += 1 }
      if passed > 0 {
        elements[place].firstIn = max(elements[place].firstIn, gaps[passed - 1].moment)
        elements[place].firstOut = max(elements[place].firstOut, elements[place].firstIn)
      }
      if passed < gaps.count {
        elements[place].endOut = min(elements[place].endOut, gaps[passed].moment + 1)
      }
    }
  }

  // MARK: The order of elements

  /// Brings the elements into an order that agrees with all demands.
  private mutating func arrange() -> ViolationCertificate.Reason? {
    let count = elements.count
    func sorted(_ key: (Element) -> Int32) -> [Int] {
      elements.indices.sorted { (key(elements[$0]), $0) < (key(elements[$1]), $1) }
    }
    let sides = [
      (sorted(\.firstIn), sorted(\.endIn)), (sorted(\.firstOut), sorted(\.endOut)),
    ]
    var opened = [0, 0]
    var closed = [0, 0]
    /// How many of the two demands on what comes first an element meets.
    var met = [UInt8](repeating: 0, count: count)
    var isTaken = [Bool](repeating: false, count: count)
    var ready: [Int] = []
    var arranged: [Element] = []
    arranged.reserveCapacity(count)
    while arranged.count < count {
      for side in 0..<2 {
        while isTaken[sides[side].1[closed[side]]] { closed[side] += 1 }
        let earliest = elements[sides[side].1[closed[side]]]
        while opened[side] < count {
          let candidate = sides[side].0[opened[side]]
          let isFirst =
            side == 0
            ? elements[candidate].firstIn < earliest.endIn
            : elements[candidate].firstOut < earliest.endOut
          guard isFirst else { break }
          met[candidate] += 1
          if met[candidate] == 2 { ready.append(candidate) }
          opened[side] += 1
        }
      }
      guard let place = ready.popLast() else {
        let enters = elements[sides[0].1[closed[0]]]
        let leaves = elements[sides[1].1[closed[1]]]
        support = [enters.dequeue, leaves.dequeue].filter { $0 >= 0 }
        return .cycle([enters.enqueue, leaves.enqueue], why: [.implied, .implied])
      }
      isTaken[place] = true
      arranged.append(elements[place])
    }
    elements = arranged
    return nil
  }

  /// Lets every operation take effect as early as the order allows.
  private func emit(_ members: ArraySlice<Int32>, _ order: inout [Int32]) {
    func append(_ place: Int32) { order.append(members[members.startIndex + Int(place)]) }
    var entered: Int32 = -1
    var left: Int32 = -1
    var leaving = 0
    var gap = 0
    /// Lets elements leave that do so before `moment`.
    func leave(before moment: Int32, of count: Int) {
      while leaving < count {
        left = max(left, elements[leaving].firstOut)
        guard left < moment, elements[leaving].dequeue >= 0 else { return }
        append(elements[leaving].dequeue)
        leaving += 1
      }
    }
    for place in elements.indices {
      while gap < gaps.count, gaps[gap].moment < elements[place].endIn {
        leave(before: gaps[gap].moment + 1, of: place)
        append(gaps[gap].dequeue)
        gap += 1
      }
      entered = max(entered, elements[place].firstIn)
      leave(before: entered, of: place)
      append(elements[place].enqueue)
    }
    leave(before: .max, of: elements.count)
    while gap < gaps.count {
      append(gaps[gap].dequeue)
      gap += 1
    }
  }
}
