import SimulationKernel

extension ChainStore {
  /// A 4096-byte block of metadata: 512 words of 64 bits, least significant byte first.
  struct VolumePage {
    static let wordCount = 512
    private(set) var bytes: [UInt8]

    init() {
      bytes = Array(repeating: 0, count: BlockContent.size)
    }

    /// Bytes that are missing are zeros.
    init(_ read: [UInt8]) {
      bytes = Array(read.prefix(BlockContent.size))
      bytes.append(contentsOf: repeatElement(0, count: BlockContent.size - bytes.count))
    }

    /// - Parameter index: `0..<wordCount`.
    subscript(index: Int) -> UInt64 {
      get {
        var word: UInt64 = 0
        for place in (0..<8).reversed() { word = word << 8 | UInt64(bytes[index * 8 + place]) }
        return word
      }
      set {
        for place in 0..<8 {
          bytes[index * 8 + place] = UInt8(truncatingIfNeeded: newValue >> UInt64(8 * place))
        }
      }
    }

    /// A word that is a number of blocks or writes; 0 for one that cannot be, which only a damaged
    /// page holds.
    func number(at index: Int) -> Int {
      let word = self[index]
      return word < Self.limit ? Int(word) : 0
    }

    mutating func set(_ number: Int, at index: Int) {
      self[index] = UInt64(max(0, number))
    }

    private static let limit: UInt64 = 1 << 40
  }
}
