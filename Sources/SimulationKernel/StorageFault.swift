/// The kinds of storage fault, by the words with which a scenario assumes them.
///
/// None of them is part of any persistence profile: a scenario asks for them one by one. What each
/// does and does not do is the disk's affair (DiskSimulation, folder Faults).
public enum StorageWord: String, Hashable, Sendable, CaseIterable {
  case tornSectors = "torn-sectors"
  case syncError = "fsync-error"
  case readError = "read-error"
  case writeError = "write-error"
  case noSpace = "no-space"
  case lostWrite = "lost-write"
  case misdirectedWrite = "misdirected-write"
  case bitRot = "bit-rot"
  case staleRead = "stale-read"
  case stall

  /// What it does, in one sentence.
  public var help: String {
    switch self {
    case .tornSectors:
      "a power loss tears what is pending at sectors of 512 bytes; what is forced stays whole"
    case .syncError:
      "an fsync fails with EIO; the page it could not write is then clean, dirty or reverted"
    case .readError: "a read fails with EIO; the next one succeeds"
    case .writeError: "a write fails with EIO and changes nothing"
    case .noSpace: "a call that needs new space fails with ENOSPC and changes nothing"
    case .lostWrite:
      "a block that an fsync or write-back sends to the disk is acknowledged and not written"
    case .misdirectedWrite:
      "a block that an fsync or write-back sends to the disk lands on another block of the disk"
    case .bitRot: "a bit of a durable block flips"
    case .staleRead: "a read answers what was durable when the fault was armed"
    case .stall: "a file operation or a read takes much longer than usual"
    }
  }
}

/// One way in which a disk lets its node down.
public enum StorageFault: Hashable, Sendable {
  case tornSectors(SectorRemains)
  case syncError(PageAfterError)
  case readError
  case writeError
  case noSpace
  case lostWrite
  case misdirectedWrite
  /// In the given byte of the file, counted from 0, or anywhere.
  case bitRot(byte: Int?)
  case staleRead
  case stall(VirtualDuration)

  public var word: StorageWord {
    switch self {
    case .tornSectors: .tornSectors
    case .syncError: .syncError
    case .readError: .readError
    case .writeError: .writeError
    case .noSpace: .noSpace
    case .lostWrite: .lostWrite
    case .misdirectedWrite: .misdirectedWrite
    case .bitRot: .bitRot
    case .staleRead: .staleRead
    case .stall: .stall
    }
  }
}

/// What the page cache holds of a page after an fsync could not write it: Rebello et al., "Can
/// Applications Recover from fsync Failures?" (USENIX ATC 2020), sections 3 and 4.
public enum PageAfterError: String, Hashable, Sendable, CaseIterable {
  /// The new content, and the page counts as written: ext4 and XFS.
  case clean
  /// The new content, and the next fsync tries again: what applications expect.
  case dirty
  /// What is on the disk: btrfs.
  case reverted
}

/// What a sector holds whose write a power loss interrupted.
public enum SectorRemains: String, Hashable, Sendable, CaseIterable {
  /// What it held before.
  case old
  case zeros
  /// Something else.
  case garbage
}

/// A storage fault, and which of the node's calls it strikes.
public struct StorageFaultRequest: Hashable, Sendable {
  public var fault: StorageFault
  /// Only calls on such a path are struck, or counted; `nil` for any.
  public var file: FilePattern?
  /// How many calls that could be struck pass unharmed first; 0 and up.
  public var passes: Int
  /// How many calls in a row are struck then; 1 and up.
  public var calls: Int

  public init(_ fault: StorageFault, file: FilePattern? = nil, passes: Int = 0, calls: Int = 1) {
    self.fault = fault
    self.file = file
    self.passes = max(0, passes)
    self.calls = max(1, calls)
  }
}

/// A path in which `*` stands for any text, also across `/`: `log.*`, `d0/b1`, `*.tmp`.
public struct FilePattern: Hashable, Sendable {
  public let text: String

  public init(_ text: String) {
    self.text = text
  }

  /// Compared byte by byte.
  public func matches(_ path: String) -> Bool {
    let pattern = Array(text.utf8)
    let bytes = Array(path.utf8)
    var (place, next) = (0, 0)
    // Where to go on if what follows the last star does not fit: after the star, one byte later.
    var retry: (place: Int, next: Int)?
    while next < bytes.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        place += 1
        retry = (place, next)
      } else if place < pattern.count, pattern[place] == bytes[next] {
        place += 1
        next += 1
      } else if let last = retry {
        place = last.place
        next = last.next + 1
        retry = (place, next)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

/// A storage fault that struck.
public struct StruckFault: Hashable, Sendable {
  public var word: StorageWord
  /// One clause for traces, for example `fsync of log.1 fails with EIO, page clean`.
  public var text: String

  public init(_ word: StorageWord, _ text: String) {
    self.word = word
    self.text = text
  }
}

extension StorageFaultRequest: CustomStringConvertible {
  /// For example `fsync-error (clean) of log.* after 2 others, 3 times`.
  public var description: String {
    var text = fault.word.rawValue
    if let detail = fault.detail { text += " (\(detail))" }
    if let file { text += " of \(file.text)" }
    if passes > 0 { text += " after \(passes) \(passes == 1 ? "other" : "others")" }
    if calls > 1 { text += ", \(calls) times" }
    return text
  }
}

extension StorageFault {
  /// What tells faults of one word apart; `nil` if nothing does.
  public var detail: String? {
    switch self {
    case .tornSectors(let remains): remains.rawValue
    case .syncError(let page): page.rawValue
    case .bitRot(let byte): byte.map { "byte \($0)" }
    case .stall(let duration): duration.description
    case .readError, .writeError, .noSpace, .lostWrite, .misdirectedWrite, .staleRead: nil
    }
  }
}
