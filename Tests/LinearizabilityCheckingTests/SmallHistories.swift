import LinearizabilityChecking

/// One thing that can happen: an operation and its answer, `nil` if it never returned.
struct Deed {
  var operation: Operation
  var response: Response?

  init(_ operation: Operation, _ response: Response?) {
    self.operation = operation
    self.response = response
  }
}

/// All ways in which the intervals of a few operations can overlap.
enum Shape {
  /// The event sequences of `count` operations: `i` is a call, `~i` a return. Operations are
  /// numbered by call; of sequences that differ only in the order of neighbouring returns, one
  /// stands for all. At most `open` operations are open at once.
  static func all(count: Int, open: Int) -> [[Int]] {
    var shapes: [[Int]] = []
    extend([], called: 0, running: [], count, open, &shapes)
    return shapes
  }

  private static func extend(
    _ events: [Int], called: Int, running: [Int], _ count: Int, _ open: Int,
    _ shapes: inout [[Int]]
  ) {
    if called == count, running.isEmpty { return shapes.append(events) }
    if called < count, running.count < open {
      extend(
        events + [called], called: called + 1, running: running + [called], count, open, &shapes)
    }
    for operation in running {
      if let last = events.last, last < 0, ~last > operation { continue }
      extend(
        events + [~operation], called: called, running: running.filter { $0 != operation }, count,
        open, &shapes)
    }
  }

  /// The history in which operation `i` of the shape is `deeds[i]`; returns of unknown outcomes
  /// are left out.
  static func history(_ shape: [Int], _ deeds: [Deed]) -> StoreHistory {
    var history = StoreHistory()
    for event in shape {
      if event >= 0 {
        history.invoke(client: event, operation: deeds[event].operation)
      } else if let response = deeds[~event].response {
        history.complete(~event, response: response)
      }
    }
    return history
  }
}

/// Visits every assignment of `deeds` to `count` places, in counting order; each `stride`-th one.
func forEachAssignment(
  of deeds: [Deed], count: Int, startingAt start: Int = 0, stride: Int = 1, _ body: ([Deed]) -> Void
) {
  var total = 1
  for _ in 0..<count { total *= deeds.count }
  for number in Swift.stride(from: start % stride, to: total, by: stride) {
    var rest = number
    var chosen: [Deed] = []
    for _ in 0..<count {
      chosen.append(deeds[rest % deeds.count])
      rest /= deeds.count
    }
    body(chosen)
  }
}
