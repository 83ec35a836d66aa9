import SimulationKernel

/// A state of all files in which every block is filled with one character; small enough to keep
/// many thousands. It says the same as ``DiskImage`` does for whole blocks.
struct BlockImage: Hashable, Sendable {
  /// Where things stand in an image of one program.
  struct Layout: Sendable {
    private(set) var slots: [MicroOperation.Slot] = []
    private var places: [MicroOperation.Slot: Int] = [:]
    /// Files and directories by inode number.
    private(set) var isDirectory: [Int: Bool] = [0: true]
    private(set) var inodeCount = 1

    mutating func meet(_ slot: MicroOperation.Slot) {
      if places[slot] == nil {
        places[slot] = slots.count
        slots.append(slot)
      }
    }

    mutating func meet(_ target: EntryTarget) {
      isDirectory[target.inode] = target.kind == .directory
      inodeCount = max(inodeCount, target.inode + 1)
    }

    func place(_ slot: MicroOperation.Slot) -> Int {
      guard let place = places[slot] else { programmingError("an entry is not in the layout") }
      return place
    }
  }

  /// By place of the layout: the inode that the entry names, or -1.
  private var targets: [Int32]
  /// By inode, in blocks.
  private var sizes: [Int32]
  /// By inode, a character a block; missing blocks are zeros. Blocks beyond the size are kept.
  private var blocks: [[UInt8]]

  /// The disk before a program, in the layout of that program.
  init(_ image: DiskImage, _ layout: Layout) {
    targets = layout.slots.map { slot in image[slot].map { Int32($0.inode) } ?? -1 }
    sizes = Array(repeating: 0, count: layout.inodeCount)
    blocks = Array(repeating: [], count: layout.inodeCount)
    for (inode, contents) in zip(image.files.numbers, image.files.values) {
      sizes[inode] = Int32(contents.size / blockSize)
      blocks[inode] = (0..<contents.size / blockSize).map { index in
        contents.read(offset: index * blockSize, count: 1).first ?? 0
      }
    }
  }

  mutating func apply(_ change: MicroOperation.Change, _ layout: Layout) {
    switch change {
    case .size(let file, let size): sizes[file] = Int32(size / blockSize)
    case .write(let file, let offset, let content, let extending):
      let start = offset / blockSize
      let end = (offset + content.count) / blockSize
      while blocks[file].count < end { blocks[file].append(0) }
      for index in start..<end { blocks[file][index] = content.character }
      if extending { sizes[file] = max(sizes[file], Int32(end)) }
    case .truncate(let file, _, let size):
      sizes[file] = Int32(size / blockSize)
      if blocks[file].count > size / blockSize {
        blocks[file].removeLast(blocks[file].count - size / blockSize)
      }
    case .setEntry(let slot, let target): targets[layout.place(slot)] = Int32(target.inode)
    case .removeEntry(let slot): targets[layout.place(slot)] = -1
    case .rename(let from, let to, let target):
      targets[layout.place(to)] = Int32(target.inode)
      targets[layout.place(from)] = -1
    }
    if let file = change.file {
      while blocks[file].last == 0 { blocks[file].removeLast() }
    }
  }

  /// What a file system shows after a crash: everything that can be reached from the root.
  func contents(_ layout: Layout) -> [ProgramState.Entry] {
    var entries: [ProgramState.Entry] = []
    var names: [Int: [(name: EntryName, inode: Int)]] = [:]
    for (place, slot) in layout.slots.enumerated() where targets[place] >= 0 {
      names[slot.directory, default: []].append((slot.name, Int(targets[place])))
    }
    func walk(_ directory: Int, _ prefix: String, _ passed: [Int]) {
      for (name, inode) in names[directory] ?? [] {
        let path = prefix + name.text
        guard layout.isDirectory[inode] == true else {
          entries.append(ProgramState.Entry(path: path, contents: text(of: inode)))
          continue
        }
        // Moves that persisted in part can leave a directory inside itself.
        if names[inode] == nil || passed.contains(inode) {
          entries.append(ProgramState.Entry(path: path + "/", contents: ""))
        } else {
          walk(inode, path + "/", passed + [inode])
        }
      }
    }
    walk(EntryTarget.root.inode, "", [EntryTarget.root.inode])
    return entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private func text(of file: Int) -> String {
    var bytes = Array(blocks[file].prefix(Int(sizes[file])))
    bytes += repeatElement(0, count: Int(sizes[file]) - bytes.count)
    return String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
  }
}

extension MicroOperation.Content {
  /// What a block of it shows; 0 for zeros.
  fileprivate var character: UInt8 {
    switch self {
    case .garbage: garbageByte
    case .zeros: 0
    case .bytes(let bytes): bytes.first ?? 0
    }
  }
}
