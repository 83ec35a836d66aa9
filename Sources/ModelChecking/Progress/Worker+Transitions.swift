import Synchronization

/// Writing down which state leads to which.
extension Worker {
  /// Logs the transitions of a batch whose states have their numbers, or will have them as soon as
  /// the thread that has just found one comes to it.
  mutating func logTransitions() {
    guard var log, let numbers = table.numbers else { return }
    let items = batch.items
    var first = 0
    while first < batch.count {
      let source = items[first].source
      var end = first
      while end < batch.count, items[end].source == source { end += 1 }
      guard let successors = log.open(end - first) else { break }
      var count = 0
      for index in first..<end where items[index].tags & log.excluded == 0 {
        guard let number = number(at: numbers + batch.places[index]) else {
          log.abandon()
          break
        }
        if count > 0, successors[count - 1] == number { continue }
        successors[count] = number
        count += 1
      }
      log.close(count, source: source)
      first = end
    }
    self.log = log
  }

  /// The number of a state, once it is there; `nil` if it will not come.
  private func number(at cell: UnsafeMutablePointer<Atomic<UInt32>>) -> UInt32? {
    while true {
      let found = cell.pointee.load(ordering: .acquiring)
      if found != 0 { return found - 1 }
      guard shared.isStoring.load(ordering: .relaxed) else { return nil }
    }
  }
}
