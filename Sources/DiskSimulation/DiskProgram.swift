import SimulationKernel

/// A list of file operations, and the files that are there before it: what `crashproof disk` reads.
/// Contents are whole blocks of ``blockSize`` bytes, each filled with one character.
public struct DiskProgram: Hashable, Sendable {
  /// A file that exists, durable, before the program; directories on the way to it exist too.
  public struct InitialFile: Hashable, Sendable {
    public var path: String
    public var blocks: Int
    /// The character of every block, in ASCII.
    public var fill: UInt8

    public init(_ path: String, blocks: Int, fill: UInt8) {
      self.path = path
      self.blocks = blocks
      self.fill = fill
    }
  }

  /// One call. Offsets, counts and sizes are in bytes, multiples of ``blockSize``.
  public enum Call: Hashable, Sendable {
    case create(String)
    case makeDirectory(String)
    case unlink(String)
    case link(String, to: String)
    case rename(String, to: String)
    case truncate(String, size: Int)
    case write(String, offset: Int, count: Int, fill: UInt8)
    /// Of a file, or of a directory.
    case sync(String)
    /// Something that the outside world has seen.
    case print
  }

  public var files: [InitialFile]
  public var calls: [Call]

  public init(files: [InitialFile], calls: [Call]) {
    self.files = files
    self.calls = calls
  }
}

/// Why a program cannot be run: the file or call at an index of its list is wrong.
public enum DiskProgramError: Error, Hashable, Sendable {
  case file(Int, FileError)
  case call(Int, FileError)
  /// Offsets, counts and sizes must be multiples of ``blockSize``.
  case unaligned(Int)
  /// More micro-operations than ``DiskProgram/largestMicroOperationCount``.
  case tooLarge(Int)
}

extension DiskProgram.Call {
  /// The word by which a program names it.
  public var word: String {
    switch self {
    case .create: "creat"
    case .makeDirectory: "mkdir"
    case .unlink: "unlink"
    case .link: "link"
    case .rename: "rename"
    case .truncate: "truncate"
    case .write: "write"
    case .sync: "fsync"
    case .print: "print"
    }
  }

  /// Whether every number is a multiple of the block size.
  var isAligned: Bool {
    switch self {
    case .truncate(_, let size): size.isMultiple(of: blockSize)
    case .write(_, let offset, let count, _):
      offset.isMultiple(of: blockSize) && count.isMultiple(of: blockSize)
    default: true
    }
  }
}

// MARK: - Running it

extension DiskProgram {
  /// Programs with more micro-operations are refused.
  public static let largestMicroOperationCount = 4096

  /// The disk before the program.
  func start(_ profile: PersistenceProfile) throws(DiskProgramError) -> DiskState {
    var disk = DiskState(profile: profile)
    for (index, file) in files.enumerated() {
      do throws(FileError) {
        for directory in try FilePath(file.path).parents {
          do throws(FileError) {
            try disk.perform(.makeDirectory(directory))
          } catch .exists {}
        }
        guard file.blocks >= 0, file.blocks <= VirtualDisk.largestFile / blockSize else {
          throw .invalid(file.path)
        }
        try disk.perform(.create(file.path))
        let bytes = [UInt8](repeating: file.fill, count: file.blocks * blockSize)
        try disk.perform(.write(file.path, offset: 0, bytes: bytes))
      } catch {
        throw .file(index, error)
      }
    }
    _ = disk.writeBack(limit: .max)
    return disk
  }
}

extension DiskState {
  /// Performs a call of a program; nothing happens for a print.
  mutating func carryOut(_ call: DiskProgram.Call) throws(FileError) {
    switch call {
    case .create(let path): try perform(.create(path))
    case .makeDirectory(let path): try perform(.makeDirectory(path))
    case .unlink(let path): try perform(.unlink(path))
    case .link(let path, let newPath): try perform(.link(path, to: newPath))
    case .rename(let path, let newPath): try perform(.rename(path, to: newPath))
    case .truncate(let path, let size): try perform(.truncate(path, size: size))
    case .write(let path, let offset, let count, let fill):
      guard count >= 0, count <= VirtualDisk.largestFile else { throw .invalid(path) }
      let bytes = [UInt8](repeating: fill, count: count)
      try perform(.write(path, offset: offset, bytes: bytes))
    case .sync(let path):
      switch try visible.target(of: FilePath(path)).kind {
      case .file: try perform(.syncFile(path))
      case .directory: try perform(.syncDirectory(path))
      }
    case .print: break
    }
  }
}

extension FilePath {
  /// The directories on the way to the last name, outermost first.
  var parents: [String] {
    var parents: [String] = []
    var path = ""
    for name in names.dropLast() {
      path += (path.isEmpty ? "" : "/") + name.text
      parents.append(path)
    }
    return parents
  }
}
