/// What a search may know about a part beyond its specification: which operations cannot lead to an
/// explanation when they are taken next. Operations are numbered by their place in the part.
protocol SearchGuide: Sendable {
  /// False only if no explanation takes the operation now.
  mutating func allows(_ operation: Int) -> Bool
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
  func allows(_ operation: Int) -> Bool { true }
  @inline(__always)
  func took(_ operation: Int) {}
  @inline(__always)
  func gaveBack(_ operation: Int) {}
  @inline(__always)
  func suggestion(before forced: Int) -> SearchSuggestion { .none }
}
