import SimulationKernel

/// One call of a handler to its files.
struct FileCall: Sendable {
  enum Kind: Hashable, Sendable {
    case perform(FileOperation)
    case read(String, offset: Int, count: Int)
    case size(String)
    case list(String)
  }

  /// What a call that reads was answered.
  enum Answer: Hashable, Sendable {
    case bytes([UInt8])
    case size(Int)
    case names([String])
    case refused(FileError)
  }

  var site: CallSite
  var kind: Kind
  /// `nil` for an operation.
  var answer: Answer?
  /// Whether it read something that a power loss had left open.
  var isDecision = false

  /// The operation, unless the call reads.
  var operation: FileOperation? {
    if case .perform(let operation) = kind { operation } else { nil }
  }

  var isRead: Bool { operation == nil }

  /// A call without the bytes that it wrote or read.
  struct Key: Hashable {
    let site: CallSite
    let text: String
  }

  var key: Key { Key(site: site, text: description) }

  func isSame(as other: FileCall) -> Bool { site == other.site && kind == other.kind }
}

extension FileCall: CustomStringConvertible {
  /// By the names of the calls in C: `fsync d0/b0.tmp`.
  var description: String {
    switch kind {
    case .perform(let operation): operation.callText
    case .read(let path, _, _): "read \(path)"
    case .size(let path): "stat \(path)"
    case .list(let path): "list \(path)"
    }
  }
}

extension FileOperation {
  var callText: String {
    switch self {
    case .create(let path): "creat \(path)"
    case .write(let path, _, _): "write \(path)"
    case .truncate(let path, _): "truncate \(path)"
    case .rename(let path, let newPath): "rename \(path) \(newPath)"
    case .link(let path, let newPath): "link \(path) \(newPath)"
    case .unlink(let path): "unlink \(path)"
    case .makeDirectory(let path): "mkdir \(path)"
    case .syncFile(let path), .syncDirectory(let path): "fsync \(path)"
    }
  }

  /// Whether it forces something to the disk and changes nothing that can be seen.
  var isSync: Bool {
    switch self {
    case .syncFile, .syncDirectory: true
    default: false
    }
  }
}
