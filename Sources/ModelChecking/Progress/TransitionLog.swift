/// The allowed transitions that one thread has found: for each state its successors, their count
/// and the state's own number, 32 bits each, to be read from the end.
struct TransitionLog {
  /// A point in the log.
  struct Mark: Hashable {
    var chunk = 0
    var used = 0
  }

  private struct Chunk {
    var words: UnsafeMutablePointer<UInt32>
    var capacity: Int
    var used = 0
  }

  /// Steps with one of these tags are left out.
  let excluded: UInt8
  private let account: MemoryAccount
  private var chunks: [Chunk] = []
  /// False once the budget had no room; what is there is then worth nothing.
  private(set) var isWhole = true

  static let chunkWords = 1 << 18

  init(excluded: UInt8, account: MemoryAccount) {
    self.excluded = excluded
    self.account = account
  }

  var end: Mark { Mark(chunk: chunks.count, used: chunks.last?.used ?? 0) }

  mutating func abandon() { isWhole = false }

  /// Room for the entry of one state with up to so many successors; closed by ``close(_:_:)``.
  mutating func open(_ most: Int) -> UnsafeMutablePointer<UInt32>? {
    guard isWhole else { return nil }
    if let last = chunks.last, last.used + most + 2 <= last.capacity {
      return last.words + last.used
    }
    let capacity = max(Self.chunkWords, most + 2)
    guard account.reserve(capacity * 4) else {
      isWhole = false
      return nil
    }
    let words = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    chunks.append(Chunk(words: words, capacity: capacity))
    return words
  }

  /// Ends the entry that was opened last.
  /// - Parameter count: how many successors were filled in; without any there is no entry.
  mutating func close(_ count: Int, source: UInt32) {
    guard count > 0 else { return }
    let last = chunks.count - 1
    let words = chunks[last].words + chunks[last].used
    words[count] = UInt32(count)
    words[count + 1] = source
    chunks[last].used += count + 2
  }

  /// The entries between two points, the last first.
  func forEachBackwards(
    from start: Mark, to end: Mark,
    _ body: (_ source: Int, _ successors: UnsafeBufferPointer<UInt32>) -> Void
  ) {
    var position = end
    while position.chunk > 0, position.chunk > start.chunk || position.used > start.used {
      let words = chunks[position.chunk - 1].words
      let first = position.chunk == start.chunk ? start.used : 0
      while position.used > first {
        let source = Int(words[position.used - 1])
        let count = Int(words[position.used - 2])
        position.used -= count + 2
        body(source, UnsafeBufferPointer(start: words + position.used, count: count))
      }
      guard position.chunk > start.chunk, position.chunk > 1 else { return }
      position.chunk -= 1
      position.used = chunks[position.chunk - 1].used
    }
  }

  func free() {
    for chunk in chunks {
      chunk.words.deallocate()
      account.release(chunk.capacity * 4)
    }
  }
}
