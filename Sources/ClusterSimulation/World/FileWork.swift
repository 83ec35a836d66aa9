import SimulationKernel

/// What the steps of a cluster ask of a disk that others may be using: a driver sets ``freeAt``
/// before each step and takes it back afterwards.
@usableFromInline
struct FileWork: Sendable {
  /// When the disk has finished what it was asked for; `nil`: no step ever waits for another.
  @usableFromInline var freeAt: VirtualTime?
  /// How long the disk has been busy.
  @usableFromInline var busy = VirtualDuration.zero
  /// How long steps waited for the disk and its work.
  @usableFromInline var waited = VirtualDuration.zero
  @usableFromInline var syncCount = 0
  /// File operations that only changed the cache.
  @usableFromInline var changeCount = 0

  @usableFromInline
  init() {}

  /// - Returns: when the fsync is done.
  mutating func sync(lasting cost: VirtualDuration, askedAt time: VirtualTime) -> VirtualTime {
    syncCount += 1
    guard let freeAt else { return time + cost }
    let done = max(time, freeAt) + cost
    self.freeAt = done
    busy = busy + cost
    waited = waited + (done - time)
    return done
  }
}
