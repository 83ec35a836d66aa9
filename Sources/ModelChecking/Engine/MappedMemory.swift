import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a search holds, in bytes, against its budget. Shared by all threads.
final class MemoryAccount: Sendable {
  let limit: Int
  private let isLifted = Atomic<Bool>(false)
  private let held = Atomic<Int>(0)
  private let most = Atomic<Int>(0)

  init(limit: Int) {
    self.limit = limit
  }

  var bytes: Int { held.load(ordering: .relaxed) }
  var peak: Int { most.load(ordering: .relaxed) }

  /// Takes so many bytes if the budget has them. A sixteenth of it is for what is urgent: what
  /// finishing a level needs after nothing more is stored.
  func reserve(_ bytes: Int, isUrgent: Bool = false) -> Bool {
    let now = held.wrappingAdd(bytes, ordering: .relaxed).newValue
    guard now <= (isUrgent ? limit : limit - limit / 16) || isLifted.load(ordering: .relaxed)
    else {
      held.wrappingSubtract(bytes, ordering: .relaxed)
      return false
    }
    _ = most.max(now, ordering: .relaxed)
    return true
  }

  /// From now on everything is granted.
  func lift() {
    isLifted.store(true, ordering: .relaxed)
  }

  func release(_ bytes: Int) {
    held.wrappingSubtract(bytes, ordering: .relaxed)
  }
}

/// Zeroed pages straight from the operating system. Pages that nobody touches cost nothing, so a
/// region may be reserved far larger than it will become, and never has to move.
struct MappedRegion {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  static let pageBytes = 65_536

  /// - Parameter usesHugePages: for tables that are read at random all over: fewer address
  ///   translations miss.
  init?(byteCount: Int, usesHugePages: Bool = false) {
    let rounded = (max(1, byteCount) + Self.pageBytes - 1) / Self.pageBytes * Self.pageBytes
    #if canImport(Darwin)
      let flags = MAP_PRIVATE | MAP_ANON
    #else
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    #endif
    let mapped = mmap(nil, rounded, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { return nil }
    base = mapped
    self.byteCount = rounded
    if usesHugePages, rounded >= 4 << 20 { useHugePages(from: 0) }
  }

  /// Address space for something that grows from the front, `byteCount` or as much as there is.
  /// What lies beyond the first megabytes comes in huge pages.
  static func growing(upTo byteCount: Int) -> MappedRegion? {
    var wanted = byteCount
    while wanted >= pageBytes {
      if let region = MappedRegion(byteCount: wanted) {
        region.useHugePages(from: 4 << 20)
        return region
      }
      wanted /= 2
    }
    return nil
  }

  private func useHugePages(from start: Int) {
    #if !canImport(Darwin)
      if byteCount > start { madvise(base + start, byteCount - start, MADV_HUGEPAGE) }
    #endif
  }

  /// Gives the pages of a part back; their contents are lost.
  func discard(from start: Int, to end: Int) {
    let page = Self.pageBytes
    let first = (start + page - 1) / page * page
    let last = end / page * page
    if last > first { madvise(base + first, last - first, MADV_DONTNEED) }
  }

  func free() {
    munmap(base, byteCount)
  }
}
