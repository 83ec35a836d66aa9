/// A disk as people read it: each file as it is visible, and as much of it as is durable.
public struct DiskListing: Hashable, Sendable {
  public struct File: Hashable, Sendable {
    /// With `/` between names; a directory ends in one.
    public var path: String
    /// The contents in a few words; `nil` if there is no such file.
    public var visible: String?
    /// The same of what is durable.
    public var durable: String?
  }

  /// Sorted by the bytes of the paths.
  public var files: [File]
  /// What a power loss may lose, oldest first.
  public var pending: [String]
}

extension VirtualDisk {
  /// What is visible and what is durable. On a disk on which a power loss has left something open,
  /// visible is what does not depend on it.
  public var listing: DiskListing {
    let (visible, durable) = (state.visible.texts, state.durable.texts)
    let paths = Set(visible.keys).union(durable.keys)
    let sorted = paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return DiskListing(
      files: sorted.map { .init(path: $0, visible: visible[$0], durable: durable[$0]) },
      pending: pendingMicroOperations.map(\.description))
  }
}

extension DiskImage {
  /// Contents by path.
  fileprivate var texts: [String: String] {
    var texts: [String: String] = [:]
    add(EntryTarget.root.inode, under: "", depth: 0, to: &texts)
    return texts
  }

  /// A torn move can leave a directory below itself, so the depth is bounded.
  private func add(_ inode: Int, under path: String, depth: Int, to texts: inout [String: String]) {
    guard let directory = directories[inode], depth < 32 else { return }
    for (name, target) in zip(directory.names, directory.targets) {
      let full = path + name.text
      switch target.kind {
      case .file: texts[full] = files[target.inode]?.words ?? "0 bytes"
      case .directory:
        texts[full + "/"] = "directory"
        add(target.inode, under: full + "/", depth: depth + 1, to: &texts)
      }
    }
  }
}

extension FileContents {
  /// `8192 bytes: "<c1.3>", "<c2.1>"`: the size, and what can be read in the first blocks.
  fileprivate var words: String {
    let shown = 4
    let blocks = (size + blockSize - 1) / blockSize
    var texts: [String] = []
    for block in 0..<min(blocks, shown) {
      texts.append(Self.words(read(offset: block * blockSize, count: blockSize)))
    }
    if blocks > shown { texts.append("and \(blocks - shown) more blocks") }
    let unit = size == 1 ? "byte" : "bytes"
    return texts.isEmpty ? "\(size) \(unit)" : "\(size) \(unit): " + texts.joined(separator: ", ")
  }

  /// What is printable, without the zeros; numbers of bytes for the rest.
  private static func words(_ bytes: [UInt8]) -> String {
    let meaningful = bytes.filter { $0 != 0 }
    if meaningful.isEmpty { return "zeros" }
    let text = meaningful.prefix(48).map { byte -> String in
      (32..<127).contains(byte) && byte != UInt8(ascii: "\"")
        ? String(UnicodeScalar(byte)) : byte == 10 ? "/" : "."
    }
    return "\"" + text.joined() + (meaningful.count > 48 ? "…\"" : "\"")
  }
}
