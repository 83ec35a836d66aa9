import Dispatch
import Synchronization

/// The same work for many numbers, on several threads, with results in order.
enum ConcurrentMap {
  /// - Parameter count: the numbers are `0..<count`.
  static func map<Result: Sendable>(
    _ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    let workers = min(max(1, jobs), count)
    guard workers > 1 else { return (0..<count).map(work) }
    let taken = Atomic<Int>(0)
    let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = taken.add(1, ordering: .relaxed).oldValue
        if index >= count { break }
        let result = work(index)
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
