import Dispatch

/// The only place of the search that knows of threads.
enum SearchThreads {
  /// Runs a worker's share of a round on each of the first `count` workers, and waits for all.
  /// - Returns: whether all are done; otherwise the table has to grow, and the round goes on.
  static func run(
    _ workers: UnsafeMutablePointer<Worker>, count: Int, on level: Range<Int>, upTo roundEnd: Int
  ) -> Bool {
    guard count > 1 else { return workers[0].work(on: level, upTo: roundEnd) }
    let team = Team(workers: workers, count: count)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      team.isDone[index] = team.workers[index].work(on: level, upTo: roundEnd)
    }
    defer { team.isDone.deallocate() }
    return (0..<count).allSatisfy { team.isDone[$0] }
  }

  /// Each thread touches its own worker and its own flag.
  private struct Team: @unchecked Sendable {
    let workers: UnsafeMutablePointer<Worker>
    let isDone: UnsafeMutablePointer<Bool>

    init(workers: UnsafeMutablePointer<Worker>, count: Int) {
      self.workers = workers
      isDone = .allocate(capacity: count)
      isDone.initialize(repeating: true, count: count)
    }
  }
}
