/// Which operations must come before which others, and why.
struct OrderGraph {
  /// Why an operation comes before another one.
  enum Reason: Hashable {
    /// The same process did it first.
    case process
    /// The other one observed what it did.
    case observed
    /// An answer shows the effects in this order.
    case shown(by: Int32)
    /// The same process had observed it before it did the other.
    case knownTo(observer: Int32)
    /// An operation that must see it shows the value of the other as the later one.
    case overwritten(reader: Int32, sight: Sight)
    /// It comes before a reader of the other, which shows that the other came last.
    case beforeReader(Int32)
    /// It read what was there before the other overwrote that; `nil`: the initial value.
    case readBefore(overwritten: Int32?)
  }

  /// Why an operation must see an update.
  enum Sight: Hashable {
    /// It shows it.
    case shown
    /// Its own process did it before.
    case own
    /// Its own process had seen it before.
    case seenBefore(by: Int32)
    /// It sees a later update of the same process.
    case precedes(Int32)
    /// It sees an update of a process that had observed it before.
    case knownTo(observer: Int32, of: Int32)
  }

  struct Edge: Hashable {
    var from: Int32
    var to: Int32
    var reason: Reason
  }

  /// By operation: what must come after it.
  private(set) var edges: [[Edge]]
  /// By pair: whether there is an edge.
  private var isPresent: [UInt64]
  private let words: Int

  init(operationCount: Int) {
    edges = Array(repeating: [], count: operationCount)
    words = (operationCount + 63) / 64
    isPresent = Array(repeating: 0, count: words * operationCount)
  }

  /// Adds an edge unless there is one between the two; says whether it was new.
  @discardableResult
  mutating func add(_ from: Int32, _ to: Int32, _ reason: Reason) -> Bool {
    let word = Int(from) * words + Int(to) >> 6
    let bit: UInt64 = 1 << UInt64(to & 63)
    if isPresent[word] & bit != 0 { return false }
    isPresent[word] |= bit
    edges[Int(from)].append(Edge(from: from, to: to, reason: reason))
    return true
  }

  /// A cycle of few edges, steps of one process in a row made one; `nil` if there is none.
  /// O(edges), and the same again for each of a few operations on cycles.
  func cycle() -> [Edge]? {
    guard let cycle = shortCycle() else { return nil }
    var merged: [Edge] = []
    for edge in cycle {
      if edge.reason == .process, let last = merged.last, last.reason == .process {
        merged[merged.count - 1].to = edge.to
      } else {
        merged.append(edge)
      }
    }
    return merged
  }

  private func shortCycle() -> [Edge]? {
    let onCycles = remaining()
    var best: [Edge]?
    // Any of them lies on a cycle or between two; the first few give a short one.
    for start in onCycles.prefix(64) {
      if let found = shortestCycle(through: start), found.count < best?.count ?? .max {
        best = found
        if found.count <= 2 { break }
      }
    }
    if best == nil {
      for start in onCycles.dropFirst(64) {
        if let found = shortestCycle(through: start) { return found }
      }
    }
    return best
  }

  /// The operations that are left when those without a predecessor are taken away again and again.
  private func remaining() -> [Int32] {
    var incoming = [Int](repeating: 0, count: edges.count)
    for list in edges { for edge in list { incoming[Int(edge.to)] += 1 } }
    var free = incoming.indices.filter { incoming[$0] == 0 }
    var isFree = incoming.map { $0 == 0 }
    while let next = free.popLast() {
      for edge in edges[next] {
        incoming[Int(edge.to)] -= 1
        if incoming[Int(edge.to)] == 0 {
          isFree[Int(edge.to)] = true
          free.append(Int(edge.to))
        }
      }
    }
    return edges.indices.filter { !isFree[$0] }.map { Int32($0) }
  }

  private func shortestCycle(through start: Int32) -> [Edge]? {
    var cameBy = [Edge?](repeating: nil, count: edges.count)
    var queue = [start]
    var next = 0
    while next < queue.count {
      for edge in edges[Int(queue[next])] {
        if edge.to == start {
          var cycle = [edge]
          while let first = cycle.last, first.from != start, let earlier = cameBy[Int(first.from)] {
            cycle.append(earlier)
          }
          return cycle.reversed()
        }
        if cameBy[Int(edge.to)] == nil {
          cameBy[Int(edge.to)] = edge
          queue.append(edge.to)
        }
      }
      next += 1
    }
    return nil
  }
}
