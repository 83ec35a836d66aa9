import SimulationKernel

extension VirtualDisk {
  /// Says that the file of that path, whatever file that will be, consists of records that carry a
  /// checksum. A record of which several pieces are undecided is then old, new or torn when it is
  /// read, instead of every mixture of its pieces: all torn ones look alike to a reader that
  /// checks.
  ///
  /// A torn record is represented by one mixture of old and new pieces, so this may only be
  /// declared if the reader rejects every mixture, and it says nothing about readers that do not.
  /// - Parameter recordSize: in bytes; 0 or less takes the declaration back.
  public mutating func declareChecksummed(_ path: String, recordSize: Int) {
    state.checksummed.removeAll { $0.path == path }
    guard recordSize > 0 else { return }
    state.checksummed.append(ChecksummedFile(path, recordSize: recordSize))
    state.checksummed.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}

extension DiskState {
  /// Decides the bytes of each record that overlaps a range of a file that declared its records.
  mutating func decideRecords(_ file: Int, _ range: Range<Int>, recordSize: Int, size: Int) {
    var start = range.lowerBound / recordSize * recordSize
    while start < range.upperBound, undecidedCount > 0 {
      let record = start..<min(size, start + min(recordSize, size - start))
      decideRecord(file, record)
      decideBytes(file, record.clamped(to: range))
      if recordSize >= size - start { return }
      start += recordSize
    }
  }

  /// One branch for each whole version of a record that can be, and one for all mixtures; nothing
  /// if the pieces do not have equally many versions.
  private mutating func decideRecord(_ file: Int, _ record: Range<Int>) {
    let pieces = undecidedWriters(of: file, in: record)
    guard pieces.count > 1, let count = pieces.first?.count,
      pieces.allSatisfy({ $0.count == count })
    else { return }
    // Version 0 is without any of the writers, version n with the n-th of each piece.
    var alternatives = (0...count).map { version in pieces.map { _ in version } }
    let mixtures = (1..<pieces.count).flatMap { border in
      [(count, 0), (0, count)].map { first, second in
        pieces.indices.map { $0 < border ? first : second }
      }
    }
    alternatives = alternatives.filter { isPossible($0, pieces) }
    guard let torn = mixtures.first(where: { isPossible($0, pieces) }) else { return }
    alternatives.append(torn)
    let versions = alternatives[decisions.choose(alternatives.count)]
    var kept: [Int] = []
    var lost = Set<Int>()
    for (version, writers) in zip(versions, pieces) {
      if version > 0 { kept.append(writers[version - 1]) }
      lost.formUnion(writers[version...])
    }
    decide(kept: kept, lost: lost)
  }

  /// For each piece of a range that has undecided writers, their serials, oldest first.
  private func undecidedWriters(of file: Int, in range: Range<Int>) -> [[Int]] {
    var borders: Set<Int> = [range.lowerBound, range.upperBound]
    for entry in log where entry.operation.change.file == file {
      guard let bytes = entry.operation.change.bytes else { continue }
      for border in [bytes.lowerBound, bytes.upperBound] where range.contains(border) {
        borders.insert(border)
      }
    }
    return borders.sorted().dropLast().compactMap { start in
      var serials: [Int] = []
      for entry in log where entry.operation.change.file == file {
        guard entry.operation.change.bytes?.contains(start) ?? false else { continue }
        if entry.isUndecided { serials.append(entry.operation.serial) } else { serials = [] }
      }
      return serials.isEmpty ? nil : serials
    }
  }

  /// Whether nothing that is kept requires something that is lost.
  private func isPossible(_ versions: [Int], _ pieces: [[Int]]) -> Bool {
    var lost = Set<Int>()
    var kept = Set<Int>()
    for (version, writers) in zip(versions, pieces) {
      if version > 0 { kept.insert(writers[version - 1]) }
      lost.formUnion(writers[version...])
    }
    for entry in log where entry.isUndecided {
      if entry.operation.requires.contains(where: lost.contains) {
        lost.insert(entry.operation.serial)
      }
    }
    return kept.isDisjoint(with: lost)
  }
}
