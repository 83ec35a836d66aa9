/// What a search may know about a part beyond its specification: which operations cannot lead to an
/// explanation when they are taken next. Operations are numbered by their place in the part.
protocol SearchGuide: Sendable {
  /// Starts on the events that the search will walk: `i` is the call of operation `i`, `~i` its
  /// return.
  mutating func begin(_ events: [Int32])
  /// False only if the operation, open at this position among the events, need not be tried now.
  mutating func allows(_ operation: Int, at position: Int) -> Bool
  /// The operation was put next in the order.
  mutating func took(_ operation: Int)
  /// The last operation of the order was taken back.
  mutating func gaveBack(_ operation: Int)
  /// What to take next so that `forced`, which does not fit, can follow.
  mutating func suggestion(before forced: Int) -> SearchSuggestion
}

/// What a guide says about a configuration whose forced operation does not fit.
enum SearchSuggestion: Sendable {
  /// Nothing.
  case none
  /// This operation fits, and every explanation from here takes it before the forced one.
  case operation(Int)
  /// There is no explanation from here.
  case hopeless
}

/// Knows nothing.
struct NoGuide: SearchGuide {
  @inline(__always)
  func begin(_ events: [Int32]) {}
  @inline(__always)
  func allows(_ operation: Int, at position: Int) -> Bool { true }
  @inline(__always)
  func took(_ operation: Int) {}
  @inline(__always)
  func gaveBack(_ operation: Int) {}
  @inline(__always)
  func suggestion(before forced: Int) -> SearchSuggestion { .none }
}
