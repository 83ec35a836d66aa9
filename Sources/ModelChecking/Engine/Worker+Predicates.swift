/// Deciding predicates on component ids, each combination once.
extension Worker {
  /// Whether a predicate holds in the world in work.
  mutating func holdsInWorld(_ predicate: Int) -> Bool {
    holds(predicate, left: world, right: world + rightStart)
  }

  /// Whether a predicate holds, given the component ids of the halves.
  @inline(__always)
  mutating func holds(
    _ predicate: Int, left: UnsafeMutablePointer<UInt32>, right: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let first = Int(predicateStarts[predicate])
    let end = Int(predicateStarts[predicate + 1])
    var code = predicateCodes[predicate]
    var read = UInt64(component(at: first, left, right))
    if end - first == 1 {
      return value(code &<< 52 | read &<< 26, predicate, left, right) == 1
    }
    var index = first + 1
    while index < end - 1 {
      let key = code &<< 52 | read &<< 26 | UInt64(component(at: index, left, right))
      read = predicateMemo.find(key)?[0] ?? askForTuple(key)
      code &+= 1
      index += 1
    }
    let last = UInt64(component(at: index, left, right))
    return value(code &<< 52 | read &<< 26 | last, predicate, left, right) == 1
  }

  /// - Parameter index: position among the places of all predicates.
  @inline(__always)
  private func component(
    at index: Int, _ left: UnsafeMutablePointer<UInt32>, _ right: UnsafeMutablePointer<UInt32>
  ) -> UInt32 {
    let place = Int(predicatePlaces[index])
    return place < rightStart ? left[place] : right[place &- rightStart]
  }

  @inline(__always)
  private mutating func value(
    _ key: UInt64, _ predicate: Int, _ left: UnsafeMutablePointer<UInt32>,
    _ right: UnsafeMutablePointer<UInt32>
  ) -> UInt64 {
    if let known = predicateMemo.find(key) { return known[0] }
    let components = (Int(predicateStarts[predicate])..<Int(predicateStarts[predicate + 1])).map {
      component(at: $0, left, right)
    }
    return remember(key, shared.reactions.predicateValue(key, predicate, components))
  }

  private mutating func askForTuple(_ key: UInt64) -> UInt64 {
    remember(key, shared.reactions.tupleNumber(key))
  }

  private mutating func remember(_ key: UInt64, _ value: UInt64) -> UInt64 {
    let before = predicateMemo.byteCount
    predicateMemo.insert(key)[0] = value
    if predicateMemo.byteCount > before { settle(predicateMemo.byteCount - before) }
    return value
  }
}
