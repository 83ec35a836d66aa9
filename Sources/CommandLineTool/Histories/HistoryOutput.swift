import Foundation
import HistoryFiles
import LinearizabilityChecking

/// Where a converted history goes: a file, or the standard output.
final class HistoryOutput {
  private let path: String?
  private var descriptor: Int32 = -1

  /// The reader of the standard output has gone, so nothing more is wanted.
  private struct NobodyReads: Error {}

  /// - Parameter path: `nil` for the standard output.
  init(_ path: String?) {
    self.path = path
  }

  deinit {
    if path != nil, descriptor >= 0 { close(descriptor) }
  }

  /// Writes a history. A file is made when its first bytes come, so that a history that the format
  /// cannot hold leaves it as it was.
  /// - Throws: `InexpressibleHistory`, and ``MissingFileError`` if the file cannot be written.
  func write(_ history: RecordedHistory, as format: HistoryFormat) throws {
    do {
      try HistoryWriter.write(history, as: format) { try self.write($0) }
      try prepare()
    } catch is NobodyReads {
      return
    }
  }

  private func prepare() throws {
    guard descriptor < 0 else { return }
    guard let path else {
      descriptor = 1
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    try prepare()
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        usleep(1000)
      } else if errno != EINTR {
        if path == nil, errno == EPIPE { throw NobodyReads() }
        throw failure(path ?? "stdout")
      }
    }
  }

  private func failure(_ path: String) -> MissingFileError {
    MissingFileError(path: path, reason: "cannot be written: " + String(cString: strerror(errno)))
  }
}
