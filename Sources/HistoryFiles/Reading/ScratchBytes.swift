/// Bytes of a text that does not stand in the input as it is, because it has escapes. One of them
/// is used again and again; what it holds is good until it is cleared.
final class ScratchBytes {
  private var storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)
  private var count = 0

  deinit {
    storage.deallocate()
  }

  /// What was appended since it was cleared.
  var token: Token { Token(UnsafePointer(storage.baseAddress.unsafelyUnwrapped), 0, count) }

  func clear() { count = 0 }

  func append(_ byte: UInt8) {
    if count == storage.count {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * count)
      _ = larger.update(fromContentsOf: storage)
      storage.deallocate()
      storage = larger
    }
    storage[count] = byte
    count += 1
  }

  func append(_ scalar: Unicode.Scalar) {
    for byte in UTF8.encode(scalar).unsafelyUnwrapped { append(byte) }
  }
}
