import SimulationKernel

extension TwoNodeStore {
  /// Where blocks lie on disk, and how a block's value is written: its UTF-8 bytes, zeros up to the
  /// size of a block. A block without a file, like one of zeros, has the empty value.
  struct BlockFiles: Hashable, Sendable {
    static let blockSize = 4096
    /// What a temporary file's name ends in.
    static let temporarySuffix = ".tmp"
    let filesPerDirectory: Int

    func directory(of block: Int) -> String { "d\(block / filesPerDirectory)" }
    func path(of block: Int) -> String { "\(directory(of: block))/b\(block)" }
    func temporaryPath(of block: Int) -> String { path(of: block) + Self.temporarySuffix }

    /// The block that a file of this name holds; `nil` for a temporary file or a stranger.
    static func block(ofFile name: String) -> Int? {
      guard name.hasPrefix("b") else { return nil }
      return Int(name.dropFirst())
    }

    static func isDirectory(_ name: String) -> Bool {
      name.hasPrefix("d") && Int(name.dropFirst()) != nil
    }

    /// A whole block. Values longer than a block are cut.
    static func bytes(of value: String) -> [UInt8] {
      var bytes = Array(value.utf8.prefix(blockSize))
      bytes.append(contentsOf: repeatElement(0, count: blockSize - bytes.count))
      return bytes
    }

    static func value(of bytes: [UInt8]) -> String {
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// What stands for a block when contents are compared.
    static func checksum(of value: String) -> UInt64 {
      var hasher = StableHasher()
      hasher.combine(value)
      return hasher.finalize()
    }
  }

  /// A block and the value that a write gives it.
  struct BlockValue: Hashable, Sendable, Fingerprintable {
    var block: Int
    var value: String

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(block)
      hasher.combine(value)
    }
  }
}
