/// The files of one node, as its handlers see them. Paths are relative, with `/` between names;
/// the root directory is `.`.
///
/// Reads answer from the visible state, that is, after every operation so far; what survives a
/// crash is the disk's affair (DiskSimulation).
public protocol FileService: Sendable {
  /// Performs one operation on the visible state.
  mutating func perform(_ operation: FileOperation) throws(FileError)
  /// Up to `count` bytes from `offset` on; fewer at the end of the file.
  mutating func read(_ path: String, offset: Int, count: Int) throws(FileError) -> [UInt8]
  /// The size of a file in bytes.
  mutating func size(of path: String) throws(FileError) -> Int
  /// The names in a directory, sorted.
  mutating func list(_ path: String) throws(FileError) -> [String]
  /// How many blocks and directory entries an fsync would force if it were performed now; 0 for any
  /// other operation.
  func dirtyBlockCount(for operation: FileOperation) -> Int
  /// How much longer than usual the next call on a path takes; asked once before each operation and
  /// each read.
  mutating func takeStall(of path: String) -> VirtualDuration
  /// Told before each call where in its source the protocol makes it, if the host tells.
  mutating func nextCall(isAt site: CallSite)
}

extension FileService {
  public mutating func nextCall(isAt site: CallSite) {}
  public func dirtyBlockCount(for operation: FileOperation) -> Int { 0 }
  public mutating func takeStall(of path: String) -> VirtualDuration { .zero }
}

/// An operation that changes files, or forces changes to the disk.
public enum FileOperation: Hashable, Sendable {
  /// Makes an empty file; an existing one stays as it is (`O_CREAT`).
  case create(String)
  /// Writes bytes at an offset, extending the file if need be; a gap reads as zeros.
  case write(String, offset: Int, bytes: [UInt8])
  /// Sets the size of a file; new bytes are zeros.
  case truncate(String, size: Int)
  /// Renames a file or directory, replacing a file of the new name.
  case rename(String, to: String)
  /// Gives a file a second name.
  case link(String, to: String)
  case unlink(String)
  case makeDirectory(String)
  /// Forces a file's data and size (`fsync` of the file).
  case syncFile(String)
  /// Forces a directory's entries (`fsync` of the directory).
  case syncDirectory(String)
}

extension FileOperation {
  /// The path that the operation works on: for a rename or a link, the one that is there before.
  public var path: String {
    switch self {
    case .create(let path), .write(let path, _, _), .truncate(let path, _), .rename(let path, _),
      .link(let path, _), .unlink(let path), .makeDirectory(let path), .syncFile(let path),
      .syncDirectory(let path):
      path
    }
  }
}

/// Why a file operation was refused; each case is closed by the name of the error in C.
public enum FileError: Error, Hashable, Sendable {
  /// No file or directory of that name: `ENOENT`.
  case notFound(String)
  /// The new name is taken: `EEXIST`.
  case exists(String)
  /// A path goes through something that is not a directory: `ENOTDIR`.
  case notDirectory(String)
  /// A file operation on a directory: `EISDIR`.
  case isDirectory(String)
  /// An offset, count or size is negative or too large: `EINVAL`.
  case invalid(String)
  /// A directory with entries cannot be replaced: `ENOTEMPTY`.
  case notEmpty(String)
  /// The device failed: `EIO`.
  case inputOutput(String)
  /// The device is full: `ENOSPC`.
  case noSpace(String)
}

/// The files of a node that has none: every operation fails.
public struct NoFiles: FileService {
  public init() {}
  public mutating func perform(_ operation: FileOperation) throws(FileError) {
    throw .inputOutput("this node has no disk")
  }
  public mutating func read(
    _ path: String, offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    throw .inputOutput("this node has no disk")
  }
  public mutating func size(of path: String) throws(FileError) -> Int {
    throw .inputOutput("this node has no disk")
  }
  public mutating func list(_ path: String) throws(FileError) -> [String] {
    throw .inputOutput("this node has no disk")
  }
}

/// The unit in which file work is counted.
public enum FileBlock {
  /// Bytes of a block.
  public static let size = 4096

  /// How many blocks so many bytes fill, the last one perhaps in part.
  public static func count(of bytes: Int) -> Int { (max(0, bytes) + size - 1) / size }
}
