/// Finds undecided entries of a log that make no difference whether they were kept.
struct HiddenChanges {
  private let log: [DiskState.LogEntry]
  /// Inodes that an entry of a directory may name.
  private var reached: Set<Int> = []

  init(_ state: DiskState) {
    log = state.log
    reached.insert(EntryTarget.root.inode)
    for inode in state.durable.directories.numbers {
      for target in state.durable.directories[inode]?.targets ?? [] {
        reached.insert(target.inode)
      }
    }
    for entry in log {
      if let target = entry.operation.change.target { reached.insert(target.inode) }
    }
  }

  func contains(_ position: Int) -> Bool {
    let change = log[position].operation.change
    guard let file = change.file else {
      return change.slots.allSatisfy { slot in
        !reached.contains(slot.directory)
          || log[(position + 1)...].contains {
            $0.isForced && $0.operation.change.slots.contains(slot)
          }
      }
    }
    if !reached.contains(file) { return true }
    let later = log[(position + 1)...].filter { $0.isForced && $0.operation.change.file == file }
    // The cut after a power loss stands for a decided size.
    var cut: Int?
    for entry in later {
      if case .truncate(_, _, let size) = entry.operation.change { cut = min(cut ?? size, size) }
    }
    switch change {
    case .size: return cut != nil || later.contains { $0.operation.change.setsSize }
    case .truncate(_, _, let size): return cut.map { $0 <= size } ?? false
    case .write(_, let offset, let content, let extending):
      if extending, cut == nil { return false }
      return isCovered(offset..<min(offset + content.count, max(offset, cut ?? .max)), later)
    case .setEntry, .removeEntry, .rename: return false
    }
  }

  /// Whether later forced writes leave nothing of a range.
  private func isCovered(_ range: Range<Int>, _ later: [DiskState.LogEntry]) -> Bool {
    var open = range.isEmpty ? [] : [range]
    for entry in later {
      guard case .write(_, let offset, let content, _) = entry.operation.change else { continue }
      let written = offset..<offset + content.count
      open = open.flatMap { piece -> [Range<Int>] in
        let clamped = written.clamped(to: piece)
        if clamped.isEmpty { return [piece] }
        return [
          piece.lowerBound..<clamped.lowerBound, clamped.upperBound..<piece.upperBound,
        ].filter { !$0.isEmpty }
      }
    }
    return open.isEmpty
  }
}

extension MicroOperation.Change {
  /// Whether the size afterwards does not depend on what was before.
  var setsSize: Bool {
    switch self {
    case .size, .truncate: true
    case .write, .setEntry, .removeEntry, .rename: false
    }
  }

  /// The bytes that it writes or clears; nil for none.
  var bytes: Range<Int>? {
    switch self {
    case .write(_, let offset, let content, _): offset..<offset + content.count
    case .truncate(_, _, let size): size..<Int.max
    case .size, .setEntry, .removeEntry, .rename: nil
    }
  }
}
