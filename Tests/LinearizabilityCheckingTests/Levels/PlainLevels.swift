import LinearizabilityChecking

/// Sequential consistency and session guarantees by brute force.
struct PlainLevels {
  let history: RecordedHistory
  /// Operations that take part.
  let members: [Int]

  init(_ history: RecordedHistory) {
    self.history = history
    members = history.operations.indices.filter { history.takesPart($0) }
  }

  /// Whether `one` comes before `other` for their process.
  private func precedes(_ one: Int, _ other: Int) -> Bool {
    history.operations[one].process == history.operations[other].process
      && history.operations[one].outcome == .ok
      && history.operations[one].returned < history.operations[other].call
  }

  // MARK: Sequential consistency

  /// Tries every order in which processes keep theirs, with every subset of unknown outcomes.
  var isSequential: Bool { interleaves(members, PlainObject()) }

  private func interleaves(_ untaken: [Int], _ object: PlainObject) -> Bool {
    if untaken.allSatisfy({ history.operations[$0].outcome == .unknown }) { return true }
    for index in untaken where !untaken.contains(where: { precedes($0, index) }) {
      guard let next = object.after(history.operations[index], in: history),
        PlainObject.mayAnswer(history.answer(of: index), next.answer)
      else { continue }
      if interleaves(untaken.filter { $0 != index }, next.object) { return true }
    }
    return false
  }

  // MARK: Session guarantees

  private func kind(_ index: Int) -> RecordedOperation.Kind { history.operations[index].kind }

  /// Whether an operation is known to have updated something, or may have.
  private func updates(_ index: Int) -> (certainly: Bool, perhaps: Bool) {
    let operation = history.operations[index]
    if operation.kind.isRead { return (false, false) }
    if operation.outcome == .unknown { return (false, true) }
    if operation.kind == .compareAndSwap {
      return (operation.result == 1, operation.result != 0)
    }
    return (true, true)
  }

  /// The cells that an operation touches; elements of a set are cells of their own.
  private func cells(_ index: Int) -> [[Int32]] {
    let operation = history.operations[index]
    switch operation.kind {
    case .readTwo, .writeTwo: return [[operation.key], [operation.key + 1]]
    case .add, .remove, .contains: return [[operation.key, operation.argument]]
    default: return [[operation.key]]
    }
  }

  /// Whether some order of the updates and some sights give all answers and keep the guarantees.
  func holds(_ guarantees: SessionGuarantees) -> Bool {
    let certain = members.filter { updates($0).certainly }
    let perhaps = members.filter { updates($0).perhaps && !updates($0).certainly }
    for subset in 0..<1 << perhaps.count {
      let some = perhaps.indices.filter { subset & 1 << $0 != 0 }.map { perhaps[$0] }
      if permutations(certain + some).contains(where: { holds(guarantees, order: $0) }) {
        return true
      }
    }
    return false
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    if items.isEmpty { return [[]] }
    return items.indices.flatMap { place in
      var rest = items
      let first = rest.remove(at: place)
      return permutations(rest).map { [first] + $0 }
    }
  }

  private func holds(_ guarantees: SessionGuarantees, order: [Int]) -> Bool {
    if guarantees.contains(.monotonicWrites) {
      for (place, later) in order.enumerated() {
        for other in order[place...] where precedes(other, later) && updates(other).certainly {
          return false
        }
      }
    }
    let observers = members.filter { history.answer(of: $0) != nil && observes($0) }
    return sights(observers[...], [:], guarantees, order)
  }

  private func observes(_ index: Int) -> Bool {
    if kind(index).isRead || kind(index) == .compareAndSwap { return true }
    if case .value = history.answer(of: index) { return kind(index) == .append }
    return false
  }

  /// Chooses a sight for one observer after another; all must agree in the end.
  private func sights(
    _ observers: ArraySlice<Int>, _ chosen: [Int: [Int]], _ guarantees: SessionGuarantees,
    _ order: [Int]
  ) -> Bool {
    guard let observer = observers.first else { return agree(chosen, guarantees, order) }
    for subset in 0..<1 << order.count {
      let sight = order.indices.filter { subset & 1 << $0 != 0 }.map { order[$0] }
      guard answers(observer, sight) else { continue }
      let isBlind = order.contains {
        precedes($0, observer) && updates($0).certainly && !sight.contains($0)
      }
      if guarantees.contains(.readYourWrites), isBlind { continue }
      if guarantees.contains(.monotonicWrites),
        sight.contains(where: { later in
          order.contains {
            precedes($0, later) && updates($0).certainly && !sight.contains($0)
          }
        })
      {
        continue
      }
      var more = chosen
      more[observer] = sight
      if sights(observers.dropFirst(), more, guarantees, order) { return true }
    }
    return false
  }

  /// Whether a sight, in order, gives the observer's answer.
  private func answers(_ observer: Int, _ sight: [Int]) -> Bool {
    if kind(observer) == .compareAndSwap, sight.contains(observer) { return false }
    if kind(observer) == .append {
      let own = sight.filter { !Set(cells($0)).isDisjoint(with: cells(observer)) }
      guard own.last == observer else { return false }
    }
    var object = PlainObject()
    for update in sight {
      var plain = history.operations[update]
      // A compare-and-swap that succeeded is a write of its new value.
      if plain.kind == .compareAndSwap { plain.kind = .write }
      guard let next = object.after(plain, in: history) else { return false }
      object = next.object
      if update == observer, update == sight.last(where: { cells($0) == cells(observer) }) {
        return PlainObject.mayAnswer(history.answer(of: observer), next.answer)
      }
    }
    guard let next = object.after(history.operations[observer], in: history) else { return false }
    return PlainObject.mayAnswer(history.answer(of: observer), next.answer)
  }

  /// The updates of a sight that made what the observer saw.
  private func shown(_ observer: Int, _ sight: [Int]) -> [Int] {
    cells(observer).flatMap { cell in
      let own = sight.filter { cells($0).contains(cell) }
      if history.model == .listAppend { return own }
      guard let base = own.lastIndex(where: { kind($0) != .append }) else { return own }
      return Array(own[base...])
    }
  }

  private func agree(
    _ sights: [Int: [Int]], _ guarantees: SessionGuarantees, _ order: [Int]
  ) -> Bool {
    let shown = sights.mapValues { $0 }.reduce(into: [Int: [Int]]()) {
      $0[$1.key] = self.shown($1.key, $1.value)
    }
    for (observer, sight) in sights where guarantees.contains(.monotonicReads) {
      for (earlier, seen) in shown where precedes(earlier, observer) {
        if !Set(seen).isSubset(of: sight) { return false }
      }
    }
    guard guarantees.contains(.writesFollowReads) else { return true }
    for (place, update) in order.enumerated() {
      for (earlier, seen) in shown {
        let isOwn = earlier == update && kind(update) == .compareAndSwap
        guard isOwn || precedes(earlier, update) else { continue }
        if !Set(seen).isSubset(of: order[..<place]) { return false }
        for sight in sights.values where sight.contains(update) {
          if !Set(seen).isSubset(of: sight) { return false }
        }
      }
    }
    return true
  }
}
