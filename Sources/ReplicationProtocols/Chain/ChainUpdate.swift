import LinearizabilityChecking
import SimulationKernel

extension Chain {
  /// An update as the head worked it out: not the operation but its result, so that every server
  /// ends up with the same state even if the operation is not deterministic (state forwarding,
  /// section 3). Immutable, and shared by messages, Sent and the table of answered requests.
  public final class Update: Sendable {
    let request: RequestID
    /// A hash of what the update leaves behind.
    let resultDigest: UInt64
    /// Its place in the history, from 1, given by the head.
    let sequence: Int
    /// The client's lowest request that is not finished: older ones need not be remembered.
    let floor: Int32
    let write: Write
    let reply: Response

    init(request: RequestID, sequence: Int, floor: Int32, write: Write, reply: Response) {
      var hasher = StableHasher()
      hasher.combine(write.first)
      hasher.combine(write.count)
      hasher.combine(write.value)
      if case .swapped(let succeeded) = reply { hasher.combine(succeeded) }
      self.request = request
      resultDigest = hasher.finalize()
      self.sequence = sequence
      self.floor = floor
      self.write = write
      self.reply = reply
    }

    /// As it stands in the history.
    var entry: UpdateLog.Entry {
      UpdateLog.Entry(request: request, resultDigest: resultDigest, source: self)
    }
  }

  /// The low-level write: one value into a run of neighbouring keys or blocks.
  struct Write: Sendable {
    var first: Int
    /// 0 if the update changes nothing (a failed `compareAndSet`), otherwise 1 or 2.
    var count: Int
    var value: String
  }
}

extension Chain.Update: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(request)
    hasher.combine(resultDigest)
    hasher.combine(UInt64(sequence) &<< 32 | UInt64(UInt32(bitPattern: floor)))
  }
}
