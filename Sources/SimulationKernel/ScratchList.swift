/// A list that is filled and emptied on every step: emptying it only sets the count back, and what
/// it held is overwritten by the next fill.
///
/// `Array.removeAll(keepingCapacity:)` costs as much as several appends, which shows when a step
/// costs a few hundred nanoseconds.
public struct ScratchList<Element: Sendable>: Sendable {
  @usableFromInline var storage: [Element] = []
  /// How many elements are in use.
  public var count = 0

  @inlinable
  public init() {}

  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// - Parameter index: `0..<count`.
  @inlinable
  public subscript(index: Int) -> Element {
    get { storage[index] }
    set { storage[index] = newValue }
  }

  @inlinable
  public mutating func append(_ element: Element) {
    if count < storage.count {
      storage[count] = element
    } else {
      storage.append(element)
    }
    count += 1
  }

  @inlinable
  public mutating func removeAll() { count = 0 }

  /// The elements as an array.
  public var elements: [Element] { Array(storage.prefix(count)) }
}
