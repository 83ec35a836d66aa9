import SimulationKernel

/// Blocks are 4096 bytes, the page and block size of the file systems that are modelled.
public let blockSize = 4096

/// What garbage reads as: the byte `?`. A block whose space was allocated but whose data never
/// arrived holds what an earlier owner left there; one recognisable byte stands for all of it.
public let garbageByte = UInt8(ascii: "?")

/// Size and bytes of one file. Bytes at or beyond the size are kept but cannot be read: they are
/// data whose size has not arrived yet.
struct FileContents: Equatable, Sendable {
  /// In bytes.
  var size = 0
  /// How many entries name this file.
  var links = 0
  /// At most ``blockSize`` bytes each; bytes that are missing, and blocks past the last, are zeros.
  private var blocks: [[UInt8]] = []
  /// The sum over all aligned eight-byte words of a mix of position and word, where a zero word
  /// counts nothing: equal bytes have equal sums however they are stored, and a write costs only
  /// what it touches.
  private(set) var contentHash: UInt64 = 0

  static func == (left: FileContents, right: FileContents) -> Bool {
    guard
      left.size == right.size, left.links == right.links, left.contentHash == right.contentHash
    else { return false }
    return (0..<max(left.blocks.count, right.blocks.count)).allSatisfy { index in
      let one = left.block(index)
      let other = right.block(index)
      let shared = min(one.count, other.count)
      return one.prefix(shared) == other.prefix(shared)
        && one.dropFirst(shared).allSatisfy { $0 == 0 }
        && other.dropFirst(shared).allSatisfy { $0 == 0 }
    }
  }

  private func block(_ index: Int) -> [UInt8] {
    index < blocks.count ? blocks[index] : []
  }
}

// MARK: - Reading and writing

extension FileContents {
  /// At most `count` bytes from `offset` on; fewer at the end of the file. Neither is negative.
  func read(offset: Int, count: Int) -> [UInt8] {
    guard offset < size else { return [] }
    let end = offset + min(count, size - offset)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - offset)
    while offset + bytes.count < end {
      let position = offset + bytes.count
      let start = position % blockSize
      let wanted = min(blockSize - start, end - position)
      let stored = block(position / blockSize).dropFirst(start).prefix(wanted)
      bytes.append(contentsOf: stored)
      bytes.append(contentsOf: repeatElement(0, count: wanted - stored.count))
    }
    return bytes
  }

  /// Puts bytes at an offset, whatever the size.
  mutating func store(_ bytes: [UInt8], at offset: Int) {
    var done = 0
    while done < bytes.count {
      let index = (offset + done) / blockSize
      let start = (offset + done) % blockSize
      let count = min(blockSize - start, bytes.count - done)
      while blocks.count <= index { blocks.append([]) }
      let touched = start..<max(start + count, start == 0 ? blocks[index].count : 0)
      contentHash &-= hash(ofBlock: index, bytes: touched)
      if start == 0, count == bytes.count, count >= blocks[index].count {
        blocks[index] = bytes
      } else {
        overlay(bytes[done..<done + count], onBlock: index, at: start)
      }
      contentHash &+= hash(ofBlock: index, bytes: touched)
      done += count
    }
  }

  /// Makes a range of bytes zero, whatever the size.
  mutating func clear(from offset: Int, count: Int) {
    var position = offset
    let end = min(offset + count, blocks.count * blockSize)
    while position < end {
      let index = position / blockSize
      let start = position % blockSize
      let length = min(blockSize - start, end - position)
      let stop = min(start + length, blocks[index].count)
      if start < stop {
        contentHash &-= hash(ofBlock: index, bytes: start..<stop)
        for byte in start..<stop { blocks[index][byte] = 0 }
        contentHash &+= hash(ofBlock: index, bytes: start..<stop)
      }
      position += length
    }
  }

  /// Sets the size and forgets every byte beyond it.
  mutating func cut(to newSize: Int) {
    size = newSize
    let kept = (newSize + blockSize - 1) / blockSize
    while blocks.count > kept {
      contentHash &-= hash(ofBlock: blocks.count - 1, bytes: 0..<blocks[blocks.count - 1].count)
      blocks.removeLast()
    }
    let tail = newSize % blockSize
    if tail > 0, blocks.count == kept, blocks[kept - 1].count > tail {
      let whole = 0..<blocks[kept - 1].count
      contentHash &-= hash(ofBlock: kept - 1, bytes: whole)
      blocks[kept - 1].removeLast(blocks[kept - 1].count - tail)
      contentHash &+= hash(ofBlock: kept - 1, bytes: whole)
    }
  }

  private mutating func overlay(_ bytes: ArraySlice<UInt8>, onBlock index: Int, at start: Int) {
    let missing = start - blocks[index].count
    if missing > 0 { blocks[index].append(contentsOf: repeatElement(0, count: missing)) }
    let replaced = min(blocks[index].count - start, bytes.count)
    blocks[index].replaceSubrange(start..<start + replaced, with: bytes.prefix(replaced))
    blocks[index].append(contentsOf: bytes.dropFirst(replaced))
  }

  /// What the words that overlap a range of bytes of a block add to ``contentHash``.
  private func hash(ofBlock index: Int, bytes range: Range<Int>) -> UInt64 {
    blocks[index].withUnsafeBytes { raw in
      var sum: UInt64 = 0
      let firstWord = index * (blockSize / 8)
      let end = min(range.upperBound, raw.count)
      var start = range.lowerBound & ~7
      while start < end {
        var word: UInt64 = 0
        if start + 8 <= raw.count {
          word = UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        } else {
          for byte in start..<raw.count { word |= UInt64(raw[byte]) << UInt64(8 * (byte - start)) }
        }
        if word != 0 {
          let place = UInt64(firstWord + start / 8) &* 0x9E37_79B9_7F4A_7C15
          let product = (word ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(
            by: place ^ 0xA076_1D64_78BD_642F | 1)
          sum &+= product.high ^ product.low ^ word
        }
        start += 8
      }
      return sum
    }
  }
}

extension FileContents: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(size)
    hasher.combine(links)
    hasher.combine(contentHash)
  }
}
