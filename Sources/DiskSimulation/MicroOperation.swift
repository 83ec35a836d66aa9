/// The smallest change of the disk that persists or does not: a file operation is cut into these
/// by the disk's ``PersistenceProfile``.
public struct MicroOperation: Sendable {
  /// What kind of change this is.
  public enum Kind: String, Sendable, CaseIterable {
    /// Sets the size of a file; its bytes stay.
    case size
    /// Space is allocated and holds ``garbageByte``.
    case garbage
    /// A range becomes zeros.
    case zeros
    /// A range gets its data.
    case data
    /// Sets the size of a file and forgets the bytes beyond.
    case truncation
    /// A directory entry appears, or points at another file.
    case entry
    /// A directory entry disappears.
    case removal
    /// An entry disappears and another appears, at once.
    case rename
  }

  /// The place in the order in which the disk was given its micro-operations; never reused between
  /// two power losses.
  public let serial: Int
  /// Serials of pending micro-operations that persist before this one; a crash that keeps this one
  /// keeps them. A serial that is no longer pending is met.
  public internal(set) var requires: [Int]
  /// Which rules of a profile speak of it.
  public let role: MicroOperationRole
  /// The path by which the file operation named what it changes.
  public let path: String
  let change: Change

  /// In bytes from the start of the file; nil for a change of a directory or of a size.
  public var offset: Int? {
    if case .write(_, let offset, _, _) = change { return offset }
    return nil
  }

  /// The bytes written, or the size that is set; nil for a change of a directory.
  public var size: Int? {
    switch change {
    case .size(_, let size), .truncate(_, _, let size): size
    case .write(_, _, let content, _): content.count
    case .setEntry, .removeEntry, .rename: nil
    }
  }

  public var kind: Kind {
    switch change {
    case .size: .size
    case .write(_, _, .garbage, _): .garbage
    case .write(_, _, .zeros, _): .zeros
    case .write(_, _, .bytes, _): .data
    case .truncate: .truncation
    case .setEntry: .entry
    case .removeEntry: .removal
    case .rename: .rename
    }
  }
}

extension MicroOperation: CustomStringConvertible {
  /// One line for traces, for example `data tmp 4096..<8192`.
  public var description: String {
    switch change {
    case .size(_, let size): "size \(path) \(size)"
    case .write(_, let offset, let content, _):
      "\(kind.rawValue) \(path) \(offset)..<\(offset + content.count)"
    case .truncate(_, let from, let size): "truncation \(path) \(from) to \(size)"
    case .setEntry: "entry \(path)"
    case .removeEntry: "removal \(path)"
    case .rename: "rename \(path)"
    }
  }
}

// MARK: - What it changes

extension MicroOperation {
  /// The bytes that a write puts in place.
  enum Content: Equatable, Sendable {
    case garbage(count: Int)
    case zeros(count: Int)
    case bytes([UInt8])

    var count: Int {
      switch self {
      case .garbage(let count), .zeros(let count): count
      case .bytes(let bytes): bytes.count
      }
    }
  }

  /// One name in one directory.
  struct Slot: Hashable, Sendable {
    var directory: Int
    var name: EntryName
  }

  /// The change itself, by inode: what it means does not depend on what else persists.
  enum Change: Equatable, Sendable {
    case size(file: Int, Int)
    /// `extending`: the file is at least as long as the end of the write.
    case write(file: Int, offset: Int, Content, extending: Bool)
    case truncate(file: Int, from: Int, to: Int)
    case setEntry(Slot, EntryTarget)
    case removeEntry(Slot)
    case rename(from: Slot, to: Slot, EntryTarget)
  }

  /// One block of one file; in order by file, and then by place.
  struct Block: Hashable, Comparable, Sendable {
    var file: Int
    var index: Int

    static func < (left: Block, right: Block) -> Bool {
      (left.file, left.index) < (right.file, right.index)
    }
  }

  /// A place whose changes must reach the durable state in the order in which they were made.
  enum Location: Hashable, Sendable {
    case file(Int)
    case slot(Slot)
  }
}

extension MicroOperation.Change {
  /// The file whose bytes or size change.
  var file: Int? {
    switch self {
    case .size(let file, _), .write(let file, _, _, _), .truncate(let file, _, _): file
    case .setEntry, .removeEntry, .rename: nil
    }
  }

  /// The file or directory that an entry is pointed at.
  var target: EntryTarget? {
    switch self {
    case .setEntry(_, let target), .rename(_, _, let target): target
    case .size, .write, .truncate, .removeEntry: nil
    }
  }

  /// The entries that change, the one that goes before the one that comes.
  var slots: [MicroOperation.Slot] {
    switch self {
    case .size, .write, .truncate: []
    case .setEntry(let slot, _), .removeEntry(let slot): [slot]
    case .rename(let from, let to, _): [from, to]
    }
  }

  /// The entry that disappears.
  var takenSlot: MicroOperation.Slot? {
    switch self {
    case .removeEntry(let slot), .rename(let slot, _, _): slot
    case .size, .write, .truncate, .setEntry: nil
    }
  }

  /// Whether an entry of the directory changes.
  func changesEntry(of directory: Int) -> Bool {
    switch self {
    case .size, .write, .truncate: false
    case .setEntry(let slot, _), .removeEntry(let slot): slot.directory == directory
    case .rename(let from, let to, _): from.directory == directory || to.directory == directory
    }
  }

  /// What must be kept in order.
  var locations: [MicroOperation.Location] {
    if let file { return [.file(file)] }
    return slots.map { .slot($0) }
  }

  /// Whether `next`, if it is applied right after this, leaves nothing of it.
  func isCovered(by next: Self) -> Bool {
    guard
      case .write(let file, let offset, let content, let extending) = self,
      case .write(let nextFile, let nextOffset, let nextContent, let nextExtending) = next
    else { return false }
    return file == nextFile && offset == nextOffset && content.count == nextContent.count
      && (nextExtending || !extending)
  }
}
