import Foundation
import Synchronization

/// The process's own streams, which may be closed, full, or lead to a program that has ended.
enum StandardStreams {
  private static let failure = Atomic<Int32>(0)

  /// A stream that the caller closed becomes `/dev/null`, so that no file of ours gets its number;
  /// a reader that ends early does not end the run, whose reports are still wanted.
  static func prepare() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", O_RDWR)
    }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Writes all of the text, or as much as the stream takes. That stdout's reader has gone is no
  /// failure.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        usleep(1000)
      } else if errno != EINTR {
        if errno != EPIPE, descriptor == 1 { failure.store(errno, ordering: .relaxed) }
        return
      }
    }
  }

  /// Why a part of the result could not be written; `nil` if all of it was.
  static var failureReason: String? {
    let number = failure.load(ordering: .relaxed)
    return number == 0 ? nil : String(cString: strerror(number))
  }
}
