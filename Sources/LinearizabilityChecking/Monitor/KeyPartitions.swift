/// The keys that a set of operations touches, split into parts that do not influence each other:
/// keys that some operation spans together are in one part. One monitor for each part is enough,
/// and smaller than one for all (locality: Herlihy and Wing 1990, theorem 1).
public struct KeyPartitions: Hashable, Sendable {
  /// The parts, ascending. Keys within a part are neighbours.
  public let parts: [Range<Int>]

  /// The parts of everything that a workload may ask. O(n log n).
  public init(_ operations: some Sequence<Operation>) {
    self.init(spans: operations.map { StoreSpecification().partitionKeys($0) })
  }

  /// The parts of spans that must not be cut. Empty spans are left out.
  public init(spans: some Sequence<Range<Int>>) {
    var parts: [Range<Int>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) where !span.isEmpty {
      if let last = parts.last, span.lowerBound < last.upperBound {
        parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
      } else {
        parts.append(span)
      }
    }
    self.parts = parts
  }

  /// The number of the part that holds these keys; `nil` if no part holds all of them. O(log n).
  public func part(of keys: Range<Int>) -> Int? {
    var low = 0
    var high = parts.count
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].upperBound <= keys.lowerBound { low = middle + 1 } else { high = middle }
    }
    guard low < parts.count, parts[low].lowerBound <= keys.lowerBound,
      parts[low].upperBound >= keys.upperBound
    else { return nil }
    return low
  }

  /// The number of the part that an operation belongs to; `nil` if it fits into none.
  public func part(of operation: Operation) -> Int? {
    part(of: operation.firstKey..<operation.firstKey + operation.keyCount)
  }
}
