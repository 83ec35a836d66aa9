/// What a checker's reason says of a minimal conflict, in words. Registers, texts, lists, blocks.
extension MinimalConflict {
  /// `nil` where the reason tells too little.
  var reasonClaim: String? {
    if let claim = vagueClaim { return claim }
    guard let reason = reason ?? checkedReason else { return nil }
    switch reason {
    case .impossibleAnswer(let only):
      return "whatever happened before, \(phrase(Int(only))) is impossible"
    case .neverWritten(let read): return neverWritten(Int(read))
    case .readBeforeWrite(let read, let write):
      return "\(phrase(Int(read))) before \(name(Int(write))) began"
    case .overwritten(let read, let writes, let by):
      return overwritten(Int(read), writes.map(Int.init), by: Int(by))
    case .twoSuccesses(let write, let first, let second):
      let origin = write.map { ", which \(name(Int($0))) put there only once" }
      return "\(phrase(Int(first))) and \(phrase(Int(second)))"
        + (origin ?? ", which was there only once, at the beginning")
    case .divergentReads(_, let first, let second):
      return "\(phrase(Int(first))) and \(phrase(Int(second))): neither continues the other"
    case .observedTwice(let update, let first, let second):
      return observedTwice(Int(update), Int(first), Int(second))
    case .chainAgainstTime(let earlier, let later, _):
      return chainClaim(Int(earlier), Int(later))
    case .mutualConflict(let one, let other): return mutualClaim(one, other)
    case .cycle, .exhausted: return inversionClaim
    }
  }

  /// What a short check says.
  private var checkedReason: ViolationCertificate.Reason? {
    var checker = HistoryChecker(limit: 10_000)
    guard case .violation(let certificate) = checker.check(history).verdict else { return nil }
    return certificate.reason
  }

  /// A compare-and-swap that found *something else* where nothing else can have been.
  private var vagueClaim: String? {
    let vague = members.filter { history.answer(of: $0) == .swapped(false, found: -1) }
    guard let only = vague.first, vague.count == 1 else { return nil }
    let others = members.filter { $0 != only }
    guard others.count <= 2, others.allSatisfy({ precedes($0, only) }) else { return nil }
    let time = others.isEmpty ? "" : " after " + Self.joined(others.map { perfect($0) })
    return "\(phrase(only))\(time), although nothing else can have been there"
  }

  private func neverWritten(_ read: Int) -> String {
    let operation = history.operations[read]
    if operation.kind == .readList {
      let strange = observed(read).first { writers(of: $0.value, in: $0.cell).isEmpty }
      let failed = strange.flatMap { failedWriter(of: $0.value, at: $0.cell) }
      if let failed { return "\(phrase(read)), but \(words.name(failed)) had failed" }
      let value = strange.map { text($0.value) } ?? "that"
      return "\(phrase(read)), but nobody appended \(value)"
    }
    for (cell, value) in observed(read) where value != history.initialValue {
      guard writers(of: value, in: cell).isEmpty else { continue }
      if let failed = failedWriter(of: value, at: cell) {
        return "\(phrase(read)), which only \(words.name(failed)) would have written, and that "
          + "failed"
      }
    }
    if operation.kind == .readTwo,
      let strange = observed(read).first(where: {
        $0.value != history.initialValue && writers(of: $0.value, in: $0.cell).isEmpty
      })
    {
      return "\(phrase(read)), but nobody wrote \(text(strange.value)) to block \(strange.cell)"
    }
    return "\(phrase(read)), which nobody wrote"
  }

  private func overwritten(_ read: Int, _ writes: [Int], by: Int) -> String {
    let time = precedes(by, read) ? "\(perfect(by)) before it began" : "\(began(by)) before it"
    guard !writes.isEmpty else {
      return "\(phrase(read)), \(initial(read, besides: by)), although \(time)"
    }
    let origin = writes.count == 1 ? "" : ", all that may have written it,"
    return "\(phrase(read)) although \(time), and \(names(writes))\(origin) had finished before "
      + "\(name(by)) began"
  }

  /// `the initial value`, of a pair with the block that another operation is about.
  private func initial(_ read: Int, besides other: Int) -> String {
    guard history.operations[read].kind == .readTwo else { return "the initial value" }
    let blocks = observed(read).filter { seen in
      seen.value == history.initialValue
        && (values(other, in: seen.cell).contains { $0 != seen.value })
    }
    return blocks.first.map { "the initial value of block \($0.cell)" } ?? "initial values"
  }

  private func observedTwice(_ update: Int, _ first: Int, _ second: Int) -> String {
    let value = text(history.operations[update].argument)
    guard first != second else {
      return "\(phrase(second)), with \(value) twice, which only \(name(update)) appended"
    }
    return "\(phrase(first)) and \(phrase(second)): \(name(update)) shows at two places"
  }

  /// By the values `earlier` comes before `later`, which had returned before it was called.
  private func chainClaim(_ earlier: Int, _ later: Int) -> String {
    let isRead = (
      history.operations[earlier].kind.isRead, history.operations[later].kind.isRead
    )
    switch isRead {
    case (true, true): return "\(phrase(earlier)) after \(perfect(later))"
    case (true, false) where history.model == .listAppend:
      let value = text(history.operations[later].argument)
      return "\(phrase(earlier)), without \(value), after \(name(later)) had finished"
    case (true, false): return "\(phrase(earlier)) after \(perfect(later))"
    case (false, true): return "\(phrase(later)) before \(began(earlier))"
    case (false, false):
      let viewer = members.first {
        $0 != earlier && $0 != later && !observed($0).isEmpty
      }
      guard let viewer else { return "\(phrase(earlier)) after \(perfect(later))" }
      return "\(phrase(viewer)), although \(name(later)) had finished before \(name(earlier)) "
        + "began"
    }
  }

  // MARK: Two values

  /// Each of two values was there before the other had gone.
  private func mutualClaim(
    _ one: ViolationCertificate.ConflictingGroup, _ other: ViolationCertificate.ConflictingGroup
  ) -> String? {
    guard let (old, new) = oriented(one, other), let last = old.lastCalled.map(Int.init),
      let first = new.firstReturned.map(Int.init), last != first
    else { return nil }
    var claim = inverted(last, after: first)
    var told = [last, first]
    if old.write == nil {
      let isInitial = observed(last).contains { $0.value == history.initialValue }
      if isInitial, history.operations[last].kind.isRead, history.model != .listAppend {
        claim = "\(phrase(last)), \(initial(last, besides: first)), after \(perfect(first))"
      }
    } else if let start = old.firstReturned.map(Int.init),
      let end = latestCall(of: new, after: start)
    {
      told += [start, end]
      if start == last, end != first {
        // One operation between two that say that it was not.
        let finish = words.answer(names[end]) == nil ? began(end) : phrase(end)
        claim = "\(finish) after \(perfect(start)), which began after \(perfect(first))"
      } else if start != last || end != first {
        claim += ", although \(perfect(start)) before \(began(end))"
      }
    }
    let rest = members.filter { !told.contains($0) }.map { phrase($0) }
    return rest.isEmpty ? claim : "\(claim), and \(Self.joined(rest))"
  }

  /// The write of a group if it was called late enough, otherwise what was called last.
  private func latestCall(
    of group: ViolationCertificate.ConflictingGroup, after start: Int
  ) -> Int? {
    if let write = group.write.map(Int.init), precedes(start, write) { return write }
    return group.lastCalled.map(Int.init)
  }

  /// The value that was there first, as far as the writes say.
  private func oriented(
    _ one: ViolationCertificate.ConflictingGroup, _ other: ViolationCertificate.ConflictingGroup
  ) -> (
    old: ViolationCertificate.ConflictingGroup, new: ViolationCertificate.ConflictingGroup
  )? {
    if one.write == nil { return (one, other) }
    if other.write == nil { return (other, one) }
    func weight(
      _ old: ViolationCertificate.ConflictingGroup, _ new: ViolationCertificate.ConflictingGroup
    ) -> Int {
      (old.firstReturned == old.write ? 1 : 0) + (new.lastCalled == new.write ? 1 : 0)
    }
    return weight(one, other) >= weight(other, one) ? (one, other) : (other, one)
  }

  private func inverted(_ last: Int, after first: Int) -> String {
    if history.model == .listAppend, history.operations[first].kind == .append {
      let value = text(history.operations[first].argument)
      if history.operations[last].kind == .readList {
        return "\(phrase(last)), without \(value), after \(name(first)) had finished"
      }
    }
    if words.answer(names[last]) != nil { return "\(phrase(last)) after \(perfect(first))" }
    return "\(began(last)) after \(perfect(first))"
  }

  /// A read of an old value after one of a new value, where the writes tell which is which.
  private var inversionClaim: String? {
    for last in members {
      for first in members where precedes(first, last) {
        for (cell, old) in observed(last) {
          let news = values(first, in: cell).filter { $0 != old }
          for new in news {
            guard let claim = inversion(last, old, first, new, cell) else { continue }
            return claim
          }
        }
      }
    }
    return nil
  }

  /// What an operation saw or left in a cell.
  func values(_ place: Int, in cell: Int32) -> [Int32] {
    let operation = history.operations[place]
    var values = observed(place).filter { $0.cell == cell }.map(\.value)
    let isPair = operation.kind == .writeTwo && operation.key + 1 == cell
    if operation.kind == .write || operation.kind == .writeTwo, operation.key == cell || isPair {
      values.append(operation.argument)
    }
    return values
  }

  private func inversion(
    _ last: Int, _ old: Int32, _ first: Int, _ new: Int32, _ cell: Int32
  ) -> String? {
    let olds = writers(of: old, in: cell)
    let news = writers(of: new, in: cell)
    guard !news.isEmpty, new != history.initialValue else { return nil }
    if olds.isEmpty, old == history.initialValue {
      guard members.count == 2 else { return nil }
      return "\(phrase(last)), \(initial(last, besides: first)), after \(perfect(first))"
    }
    guard old != history.initialValue, !olds.isEmpty,
      olds.allSatisfy({ write in news.allSatisfy { precedes(write, $0) } })
    else { return nil }
    let involved = Set(olds + news + [last, first])
    guard members.allSatisfy({ involved.contains($0) }) else { return nil }
    let rest = news.filter { $0 != first }
    let order = rest.isEmpty ? news : rest
    return "\(phrase(last)) after \(perfect(first)), although \(names(olds)) had finished before "
      + "\(names(order)) began"
  }
}
