/// What bounds, closure and guide ask about a part.
extension CellPart {
  /// Whether the operation puts its value into its cells in every explanation.
  func surelyWrites(_ operation: Int) -> Bool {
    guard isDefinite[operation], written[2 * operation] >= 0 else { return false }
    return isTold[operation] || isExclusive(Int(written[2 * operation]))
      || returns[operation] == .max
  }

  /// Whether the site must be needed right after its one supplier.
  func isExclusive(_ site: Int) -> Bool { supplies[site] == 1 && demands[site] > 0 }

  /// The operations that need a site, ascending; none for site -1.
  func needers(of site: Int32) -> ArraySlice<Int32> {
    guard site >= 0 else { return [] }
    return needers[Int(neederStarts[Int(site)])..<Int(neederStarts[Int(site) + 1])]
  }

  /// The first operation that was called after a moment; ``count`` if there is none.
  func firstCalled(after moment: Int32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if calls[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether some update may or may not have taken effect.
  var hasUnknownOutcomes: Bool { returns.contains(.max) }

  /// Whether the operation has an effect that somebody may notice.
  func matters(_ operation: Int) -> Bool {
    if isDefinite[operation] || hasVagueAnswers { return true }
    return written[2 * operation...2 * operation + 1].contains {
      $0 >= 0 && (demands[Int($0)] > 0 || isExpected[Int(siteValues[Int($0)])])
    }
  }

  /// Operations that a contradiction among `operations` needs beside them.
  ///
  /// An update of unknown outcome counts only if somebody saw that it took effect. Where a value
  /// was written several times, the writes that a needer cannot have seen, and what replaced them,
  /// say which one it saw.
  func support(of operations: [Int32]) -> [Int32] {
    var found = Set<Int32>()
    var pending = operations
    let writes = WritesByValue(self)
    while let operation = pending.popLast() {
      var needed = replacements(hiddenFrom: Int(operation), among: writes)
      if returns[Int(operation)] == .max, let viewer = viewer(of: Int(operation)) {
        needed.append(viewer)
      }
      for other in needed where found.insert(other).inserted { pending.append(other) }
    }
    return found.sorted()
  }

  /// An operation that needs what an update wrote.
  private func viewer(of update: Int) -> Int32? {
    let sites = written[2 * update...2 * update + 1].filter { $0 >= 0 }
    return (0..<Int32(count)).first { candidate in
      isDefinite[Int(candidate)]
        && needed[2 * Int(candidate)...2 * Int(candidate) + 1].contains { sites.contains($0) }
    }
  }

  /// The writes of a value that a needer of it cannot have seen, although they were called in
  /// time, and one that replaced them all.
  private func replacements(hiddenFrom needer: Int, among writes: WritesByValue) -> [Int32] {
    guard isDefinite[needer] else { return [] }
    var found: [Int32] = []
    for site in needed[2 * needer...2 * needer + 1] where site >= 0 {
      let value = siteValues[Int(site)]
      let cell = siteCells[Int(site)]
      var latest: Int32 = siteValues[Int(initialSites[Int(cell)])] == value ? -1 : -2
      for write in writes.operations(of: value) {
        guard calls[Int(write)] < returns[needer] else { break }
        let isHidden = written[2 * Int(write)...2 * Int(write) + 1].contains { other in
          other >= 0 && other != site && siteValues[Int(other)] == value
        }
        if isHidden, Int(write) != needer {
          found.append(write)
          latest = max(latest, returns[Int(write)])
        }
      }
      guard latest > -2, let replacer = replacer(of: cell, after: latest, before: needer) else {
        continue
      }
      found.append(replacer)
    }
    return found
  }

  /// The first operation that surely wrote to the cell, called after a moment, and had returned
  /// before another one was called.
  private func replacer(of cell: Int32, after moment: Int32, before other: Int) -> Int32? {
    var write = firstCalled(after: moment)
    while write < count, calls[write] < calls[other] {
      let writesCell = written[2 * write...2 * write + 1].contains {
        $0 >= 0 && siteCells[Int($0)] == cell
      }
      if writesCell, isDefinite[write], isTold[write], returns[write] < calls[other] {
        return Int32(write)
      }
      write += 1
    }
    return nil
  }

  /// The operations that write each value, by call.
  private struct WritesByValue {
    private var operations: [Int32: [Int32]] = [:]

    init(_ part: CellPart) {
      for operation in 0..<part.count {
        let values = Set(
          part.written[2 * operation...2 * operation + 1].filter { $0 >= 0 }
            .map { part.siteValues[Int($0)] })
        for value in values { operations[value, default: []].append(Int32(operation)) }
      }
    }

    func operations(of value: Int32) -> [Int32] { operations[value] ?? [] }
  }
}
