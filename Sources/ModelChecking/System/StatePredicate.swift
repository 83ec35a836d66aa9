/// A property of worlds that reads a few slots. It is decided once for each combination of
/// components that it reads.
public struct StatePredicate<Component: Sendable>: Sendable {
  /// A claim, for example `update propagation between s1 and s2`.
  public var name: String
  /// The slots it reads, at least one.
  public var slots: [Int]
  /// Given the components in those slots, in that order.
  public var holds: @Sendable ([Component]) -> Bool

  public init(
    _ name: String, slots: [Int], holds: @escaping @Sendable ([Component]) -> Bool
  ) {
    self.name = name
    self.slots = slots
    self.holds = holds
  }
}
