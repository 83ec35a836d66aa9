/// The texts that the updates of one part write or append, as a tree of bytes. When none of them is
/// the beginning of another, a value that is made of them can be taken apart in one way only.
struct TextPieces: Sendable {
  private struct Node: Sendable {
    var firstChild: Int32 = -1
    var sibling: Int32 = -1
    /// The piece that ends here, or -1.
    var piece: Int32 = -1
    var byte: UInt8 = 0
  }

  private var nodes: [Node] = [Node()]
  /// Whether no piece so far is empty, or the beginning of another one, or equal to it.
  private(set) var isUnambiguous = true

  /// Forgets all pieces.
  mutating func removeAll() {
    nodes.removeAll(keepingCapacity: true)
    nodes.append(Node())
    isUnambiguous = true
  }

  /// Adds a piece with its number.
  mutating func insert(_ text: UnsafeBufferPointer<UInt8>, number: Int32) {
    var node = 0
    for byte in text {
      var child = childIndex(of: node, byte)
      if child < 0 {
        child = nodes.count
        nodes.append(Node(sibling: nodes[node].firstChild, byte: byte))
        nodes[node].firstChild = Int32(child)
      }
      if nodes[child].piece >= 0 { isUnambiguous = false }
      node = child
    }
    if node == 0 || nodes[node].firstChild >= 0 { isUnambiguous = false }
    nodes[node].piece = number
  }

  /// The piece that `text` has at `offset`, which moves behind it; `nil` if there is none.
  func next(in text: UnsafeBufferPointer<UInt8>, _ offset: inout Int) -> Int32? {
    var node = 0
    var place = offset
    while place < text.count {
      node = childIndex(of: node, text[place])
      if node < 0 { return nil }
      place += 1
      if nodes[node].piece >= 0 {
        offset = place
        return nodes[node].piece
      }
    }
    return nil
  }

  private func childIndex(of node: Int, _ byte: UInt8) -> Int {
    var child = Int(nodes[node].firstChild)
    while child >= 0, nodes[child].byte != byte { child = Int(nodes[child].sibling) }
    return child
  }
}

extension String {
  /// The UTF-8 bytes in place.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether `longer` starts with these bytes; eight at a time.
  func isPrefix(of longer: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count <= longer.count else { return false }
    let mine = UnsafeRawBufferPointer(self)
    let others = UnsafeRawBufferPointer(longer)
    var place = 0
    while place + 8 <= count {
      if mine.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        != others.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      {
        return false
      }
      place += 8
    }
    while place < count {
      if mine[place] != others[place] { return false }
      place += 1
    }
    return true
  }
}
