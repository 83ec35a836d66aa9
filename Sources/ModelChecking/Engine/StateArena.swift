import Synchronization

/// All states in the order in which they were found, as pairs of half ids (left in the upper 32
/// bits); a level is a run of them. Shared by all threads; states never move.
final class StateArena: @unchecked Sendable {
  let states: UnsafeMutablePointer<UInt64>
  let capacity: Int
  private let region: MappedRegion
  private let account: MemoryAccount
  private let used = Atomic<Int>(0)
  private let reserved = Atomic<Int>(0)
  private let lock = Mutex<Void>(())

  init?(states limit: Int, account: MemoryAccount) {
    self.account = account
    let most = min(account.limit, min(limit, Int(UInt32.max) - 1) * 8 + MappedRegion.pageBytes)
    guard let region = MappedRegion.growing(upTo: most) else { return nil }
    self.region = region
    capacity = min(region.byteCount / 8, Int(UInt32.max) - 1)
    states = region.base.bindMemory(to: UInt64.self, capacity: region.byteCount / 8)
  }

  var count: Int { used.load(ordering: .relaxed) }

  /// Room for so many states, to be filled in by the caller; `nil` if the budget has none.
  func append(_ more: Int) -> Int? {
    let start = used.wrappingAdd(more, ordering: .relaxed).oldValue
    let end = start + more
    if end * 8 > reserved.load(ordering: .relaxed), !reserve(upTo: end * 8) {
      used.wrappingSubtract(more, ordering: .relaxed)
      return nil
    }
    return start
  }

  private func reserve(upTo bytes: Int) -> Bool {
    lock.withLock { _ in
      while reserved.load(ordering: .relaxed) < bytes {
        guard bytes <= capacity * 8, account.reserve(MappedRegion.pageBytes) else { return false }
        reserved.wrappingAdd(MappedRegion.pageBytes, ordering: .relaxed)
      }
      return true
    }
  }

  deinit {
    account.release(reserved.load(ordering: .relaxed))
    region.free()
  }
}
