import Foundation
import Synchronization

/// Ctrl-C and termination: the run in progress ends after its batch, and the report says so. A
/// second Ctrl-C ends the process at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  static var hasHappened: Bool { count.load(ordering: .relaxed) > 0 }

  static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if Interruption.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(128 + number) }
      }
    }
  }
}
