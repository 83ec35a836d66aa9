/// What a minimal conflict of a queue, a set, a lock, or of two-block writes says, in words.
extension MinimalConflict {
  // MARK: Queues

  var queueClaim: String? {
    let takers = members.filter { history.operations[$0].kind == .dequeue }
    let full = takers.filter { history.operations[$0].result >= 0 }
    if let only = members.first, members.count == 1, full.count == 1 { return strange(only) }
    if full.count == members.count, let first = full.first { return duplicate(full, first) }
    for taker in full {
      guard let claim = overtaken(taker, takers) else { continue }
      return claim
    }
    let empty = takers.filter { history.operations[$0].result < 0 }
    for taker in empty {
      let waiting = members.filter {
        history.operations[$0].kind == .enqueue && precedes($0, taker)
      }
      if let first = waiting.first {
        let rest = members.count > 2 ? ", and nobody had taken everything by then" : ""
        return "\(phrase(taker)) after \(name(first)) had finished\(rest)"
      }
    }
    return nil
  }

  private func strange(_ taker: Int) -> String? {
    let operation = history.operations[taker]
    let writers = self.writers(of: operation.result, in: operation.key)
    if writers.isEmpty {
      let failed = failedWriter(of: operation.result, at: operation.key)
      if let failed {
        return "\(phrase(taker)), which only \(words.name(failed)) would have added, and that "
          + "failed"
      }
      return "\(phrase(taker)), which nobody enqueued"
    }
    let isEarly = writers.allSatisfy {
      operation.returned < history.operations[$0].call
    }
    return isEarly ? "\(phrase(taker)) before \(name(writers[0])) began" : nil
  }

  /// More got an element than there were.
  private func duplicate(_ takers: [Int], _ first: Int) -> String? {
    let operation = history.operations[first]
    guard takers.allSatisfy({ history.operations[$0].result == operation.result }) else {
      return nil
    }
    let end = takers.map { history.operations[$0].returned }.max() ?? 0
    let all = writers(of: operation.result, in: operation.key)
    let writers = all.filter { history.operations[$0].call < end }
    guard writers.count < takers.count else { return nil }
    let times = writers.count == 1 ? "only once" : "\(writers.count) times"
    let limit = all.count > writers.count ? " by then" : ""
    return "\(names(takers)) \(takers.count == 2 ? "both" : "all") returned "
      + "\(text(operation.result)), which was enqueued \(times)\(limit), by \(names(writers))"
  }

  /// An element was taken while another was in front of it.
  private func overtaken(_ taker: Int, _ takers: [Int]) -> String? {
    let operation = history.operations[taker]
    let behind = writers(of: operation.result, in: operation.key)
    guard behind.count == 1 else { return nil }
    for front in members where history.operations[front].kind == .enqueue && front != behind[0] {
      guard precedes(front, behind[0]) else { continue }
      let order = "although \(name(front)) had finished before \(name(behind[0])) began"
      let value = history.operations[front].argument
      let later = takers.first { history.operations[$0].result == value && precedes(taker, $0) }
      if let later { return "\(phrase(later)) after \(perfect(taker)), \(order)" }
      return "\(phrase(taker)), \(order), and nobody had taken \(text(value)) by then"
    }
    return nil
  }

  // MARK: Sets

  var setClaim: String? {
    guard let last = members.last(where: { history.operations[$0].kind == .contains }) else {
      return nil
    }
    let finds = history.operations[last].result == 1
    let causes = history.operations.indices.filter {
      history.operations[$0].kind == (finds ? .add : .remove)
    }
    let opposites = members.filter {
      let operation = history.operations[$0]
      return operation.kind == (finds ? .remove : .add) && precedes($0, last)
    }
    let earlier = members.first {
      let operation = history.operations[$0]
      return operation.kind == .contains && operation.result == (finds ? 0 : 1)
        && precedes($0, last)
    }
    let started = causes.filter { history.operations[$0].call < history.operations[last].returned }
    let before = opposites.last ?? earlier
    guard let before else {
      guard finds, started.isEmpty else { return nil }
      return causes.isEmpty
        ? "\(phrase(last)), which nobody had added"
        : "\(phrase(last)) before \(name(causes[0])) began"
    }
    if started.isEmpty {
      return "\(phrase(last)) after \(perfect(before)), and nobody had begun to "
        + (finds ? "add" : "remove") + " it"
    }
    guard started.allSatisfy({ precedes($0, before) }), opposites.last != nil else { return nil }
    return "\(phrase(last)) after \(perfect(before)), although \(names(started)) had finished "
      + "before that began"
  }

  // MARK: Locks

  var mutexClaim: String? {
    let acquires = members.filter { history.operations[$0].kind == .acquire }
    let releases = members.filter { history.operations[$0].kind == .release }
    if acquires.isEmpty, releases.count == 1 {
      return "\(name(releases[0])) gave back a lock that nobody had taken"
    }
    // The others come first.
    let isTaking = (acquires.last ?? -1) > (releases.last ?? -1)
    let (last, first) = isTaking ? (acquires, releases) : (releases, acquires)
    guard last.count > 1, first.allSatisfy({ one in last.allSatisfy { precedes(one, $0) } }) else {
      return nil
    }
    let verbs = isTaking ? ("took", "released") : ("gave back", "taken")
    let time = first.isEmpty ? "" : " after \(names(first))"
    let (all, few) = last.count == 2 ? ("both", "nobody") : ("all", "too few")
    return "\(names(last)) \(all) \(verbs.0) the lock\(time), and \(few) can have \(verbs.1) it in "
      + "between"
  }

  // MARK: Two blocks at once

  /// A write of two blocks of which one block shows and the other does not.
  var tornClaim: String? {
    for read in members where history.operations[read].kind == .readTwo {
      let seen = observed(read)
      for side in 0..<2 where seen.count == 2 {
        let other = seen[1 - side]
        for write in writers(of: seen[side].value, in: seen[side].cell)
        where covers(write, seen) && other.value != seen[side].value {
          guard let rest = tornRest(write, other, read) else { continue }
          return "\(phrase(read)): half of \(name(write))\(rest)"
        }
      }
    }
    return tornPair
  }

  private func covers(_ write: Int, _ seen: [(cell: Int32, value: Int32)]) -> Bool {
    history.operations[write].kind == .writeTwo && history.operations[write].key == seen[0].cell
  }

  /// Why the other block should not have shown another value; `nil` if that does not explain all.
  private func tornRest(
    _ write: Int, _ other: (cell: Int32, value: Int32), _ read: Int
  ) -> String? {
    let writers = self.writers(of: other.value, in: other.cell)
    if other.value == history.initialValue, writers.isEmpty {
      return members.count == 1 ? ", and the initial value of block \(other.cell)" : nil
    }
    guard let one = writers.first, writers.count == 1, other.value != history.initialValue else {
      return nil
    }
    let isPair = history.operations[one].kind == .writeTwo
    if members.count == 1, isPair, history.operations[one].key == history.operations[write].key {
      return " and half of \(name(one)), of which one came last and wrote both blocks"
    }
    let involved = Set([one, write, read])
    guard members.allSatisfy({ involved.contains($0) }), precedes(one, write) else { return nil }
    return ", although \(name(one)) had finished before it began"
  }

  /// The same where two operations saw the two blocks, one after the other.
  private var tornPair: String? {
    for first in members {
      for last in members where precedes(first, last) {
        for new in observed(first) {
          for write in writers(of: new.value, in: new.cell)
          where history.operations[write].kind == .writeTwo {
            guard let claim = tornPair(first, new.cell, last, write) else { continue }
            return claim
          }
        }
      }
    }
    return nil
  }

  private func tornPair(_ first: Int, _ cell: Int32, _ last: Int, _ write: Int) -> String? {
    let key = history.operations[write].key
    let otherCell = cell == key ? key + 1 : key
    guard let old = observed(last).first(where: { $0.cell == otherCell }) else { return nil }
    let writers = self.writers(of: old.value, in: otherCell)
    let isInitial = old.value == history.initialValue && writers.isEmpty
    guard isInitial || (writers.count == 1 && precedes(writers[0], write)) else { return nil }
    let involved = Set(writers + [first, last, write])
    guard members.allSatisfy({ involved.contains($0) }) else { return nil }
    let age = isInitial ? ", the initial value of block \(otherCell)," : ""
    let order = isInitial ? "" : ", and \(name(writers[0])) had finished before it began"
    return "\(phrase(last))\(age) after \(perfect(first)), although \(name(write)) wrote both "
      + "blocks at once\(order)"
  }
}
