import Foundation

/// The file operations that publishing is made of.
///
/// Every one that changes something first asks ``permit``: a test lets it throw after a number of
/// steps, which stops the publisher where a killed program would stop.
struct FileActions {
  enum Kind: Hashable {
    case file
    case folder
    case link
    case other
  }

  var permit: () throws(ReportFolderError) -> Void = { () throws(ReportFolderError) in }

  /// What stands at a path, without following a link; nil if nothing does.
  func kind(_ path: String) -> Kind? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return Self.kind(status)
  }

  /// Whether the path leads somewhere, through links.
  func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & mode_t(S_IFMT) {
    case mode_t(S_IFREG): .file
    case mode_t(S_IFDIR): .folder
    case mode_t(S_IFLNK): .link
    default: .other
    }
  }

  /// The names in a folder, sorted; none if it cannot be read.
  func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Where a link leads, as it is written in it; nil if there is no link.
  func linkTarget(_ path: String) -> String? {
    guard kind(path) == .link else { return nil }
    return try? FileManager.default.destinationOfSymbolicLink(atPath: path)
  }

  func read(_ path: String) throws(ReportFolderError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .failed(action: "read", path: path, reason: "it is not a readable file")
    }
    return Array(data)
  }

  /// Makes a folder and those that it is in, where they are missing.
  func makeFolders(_ path: String) throws(ReportFolderError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard Self.kind(status) == .folder else { throw .notAFolder(path: path) }
      return
    }
    if errno == ENOTDIR { throw .notAFolder(path: path) }
    if errno != ENOENT { throw .failed(action: "open", path: path, reason: reason()) }
    // A link that leads nowhere.
    if kind(path) != nil { throw .notAFolder(path: path) }
    let parent = Self.parent(path)
    if !parent.isEmpty { try makeFolders(parent) }
    try makeFolder(path)
  }

  /// The path of the folder that a path lies in; empty at the top, and for a bare name.
  /// `NSString.deletingLastPathComponent` traps on a name of one character.
  static func parent(_ path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    while let last = bytes.last, last != UInt8(ascii: "/") { bytes.removeLast() }
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    let parent = String(decoding: bytes, as: UTF8.self)
    return parent == path ? "" : parent
  }

  /// Another program may make it at the same time.
  func makeFolder(_ path: String) throws(ReportFolderError) {
    try permit()
    guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
    throw .failed(action: "make the folder", path: path, reason: reason())
  }

  /// Writes a file that is not there yet, and makes its content durable.
  func write(_ bytes: [UInt8], to path: String) throws(ReportFolderError) {
    try permit()
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .failed(action: "make", path: path, reason: reason()) }
    defer { close(descriptor) }
    let half = bytes.count / 2
    for part in [bytes[..<half], bytes[half...]] {
      try permit()
      try append(part, to: descriptor, path)
    }
    guard fsync(descriptor) == 0 else {
      throw .failed(action: "write", path: path, reason: reason())
    }
  }

  private func append(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String
  ) throws(ReportFolderError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if written == 0 || errno != EINTR {
        throw .failed(action: "write", path: path, reason: reason())
      }
    }
  }

  /// Makes the names in a folder durable. File systems that cannot are taken as they are.
  func synchronizeFolder(_ path: String) throws(ReportFolderError) {
    try permit()
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .failed(action: "open", path: path, reason: reason()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .failed(action: "write", path: path, reason: reason())
    }
  }

  func makeLink(_ path: String, to target: String) throws(ReportFolderError) {
    try permit()
    // The publisher holds the lock, so what stands here was left over.
    if kind(path) != nil { try remove(path) }
    guard symlink(target, path) == 0 else {
      throw .failed(action: "make the link", path: path, reason: reason())
    }
  }

  func rename(_ path: String, to newPath: String) throws(ReportFolderError) {
    try permit()
    guard Foundation.rename(path, newPath) == 0 else {
      throw .failed(action: "replace", path: newPath, reason: reason())
    }
  }

  /// Removes a file or a link.
  func remove(_ path: String) throws(ReportFolderError) {
    try permit()
    guard unlink(path) != 0, errno != ENOENT else { return }
    throw .failed(action: "remove", path: path, reason: reason())
  }

  /// Removes an empty folder.
  func removeFolder(_ path: String) throws(ReportFolderError) {
    try permit()
    guard rmdir(path) != 0, errno != ENOENT else { return }
    throw .failed(action: "remove", path: path, reason: reason())
  }

  /// Removes a file, or a folder with all that is in it; does not follow links.
  func removeTree(_ path: String) throws(ReportFolderError) {
    guard kind(path) == .folder else { return try remove(path) }
    for name in names(path) { try removeTree(path + "/" + name) }
    try removeFolder(path)
  }

  /// Waits for the lock of a file, which is made if there is none. The system releases the lock
  /// when the descriptor is closed, or its program ends.
  func lock(_ path: String) throws(ReportFolderError) -> Int32 {
    try permit()
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .failed(action: "open", path: path, reason: reason()) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno != EINTR else { continue }
      let failure = reason()
      close(descriptor)
      throw .failed(action: "lock", path: path, reason: failure)
    }
    return descriptor
  }

  func close(_ descriptor: Int32) {
    Foundation.close(descriptor)
  }

  private func reason() -> String { String(cString: strerror(errno)) }
}
