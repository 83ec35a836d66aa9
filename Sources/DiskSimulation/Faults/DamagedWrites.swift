import SimulationKernel

// Writes that the disk acknowledges and does not carry out as it was told: lost and misdirected
// ones, as Krioukov et al., "Parity Lost and Parity Regained" (FAST 2008), define them, and
// Bairavasundaram et al., "An Analysis of Data Corruption in the Storage Stack" (FAST 2008), count.
extension DiskState {
  /// A block that is sent to the disk and does not arrive.
  struct DamagedWrite {
    var block: MicroOperation.Block
    /// What the medium goes on to hold.
    var old: [UInt8]
    /// Where the block lands instead; nil for nowhere.
    var landing: MicroOperation.Block?
  }

  /// Which blocks do not arrive, of the entries at these positions, which are going to be forced.
  ///
  /// A fault strikes one block, drawn, of those that hold data of one file; the others arrive, and
  /// so do the file's size and names. A misdirected one lands on another block of the disk, drawn
  /// among those of all durable files; as long as there is none, it strikes nothing.
  mutating func drawDamage(_ positions: [Int]) -> [DamagedWrite] {
    guard let faults, faults.hasArmed(.lostWrite) || faults.hasArmed(.misdirectedWrite) else {
      return []
    }
    let forced = Set(positions)
    var damage: [DamagedWrite] = []
    var paths: [String] = []
    for position in positions where !paths.contains(log[position].operation.path) {
      paths.append(log[position].operation.path)
    }
    for path in paths {
      let blocks = dataBlocks(at: positions.filter { log[$0].operation.path == path })
        .filter { allIsForced(of: $0.file, forced) }
      guard !blocks.isEmpty else { continue }
      if self.faults?.take(.lostWrite, path) != nil {
        let block = blocks[pick(blocks.count)]
        damage.append(DamagedWrite(block: block, old: mediumBytes(block)))
        note(.lostWrite, "write of \(path) block \(block.index) is lost")
      } else if blocks.contains(where: { !landings(except: $0).isEmpty }),
        self.faults?.take(.misdirectedWrite, path) != nil
      {
        let block = blocks[pick(blocks.count)]
        let landings = landings(except: block)
        guard !landings.isEmpty else { continue }
        let landing = landings[pick(landings.count)]
        damage.append(
          DamagedWrite(block: block, old: mediumBytes(block), landing: landing))
        let victim = durable.files(matching: nil).first { $0.inode == landing.file }
        let name = victim?.path ?? "a file"
        note(
          .misdirectedWrite,
          "write of \(path) block \(block.index) lands on \(name) block \(landing.index)")
      }
    }
    return damage
  }

  /// Whether nothing of a file stays pending: what is forced then reaches the medium at once.
  private func allIsForced(of file: Int, _ forced: Set<Int>) -> Bool {
    log.indices.allSatisfy { position in
      log[position].operation.change.file != file || log[position].isForced
        || forced.contains(position)
    }
  }

  private func mediumBytes(_ block: MicroOperation.Block) -> [UInt8] {
    mediumContents(of: block.file, with: \.isForced)
      .read(offset: block.bytes.lowerBound, count: blockSize)
  }

  /// The blocks of durable files that a block can land on, in order.
  private func landings(except block: MicroOperation.Block) -> [MicroOperation.Block] {
    durable.files(matching: nil).flatMap { entry in
      (0..<(entry.size + blockSize - 1) / blockSize).map {
        MicroOperation.Block(file: entry.inode, index: $0)
      }
    }.filter { $0 != block }.sorted { ($0.file, $0.index) < ($1.file, $1.index) }
  }

  /// Takes the damaged writes back, after everything was forced. The cache still holds what was
  /// written, and what was there before where a block landed.
  mutating func inflict(_ damage: [DamagedWrite]) {
    for damaged in damage {
      let start = damaged.block.bytes.lowerBound
      var page: [UInt8] = []
      guard durable.files.contains(damaged.block.file) else { continue }
      durable.files.update(damaged.block.file, orInsert: FileContents()) {
        page = $0.read(offset: start, count: blockSize)
        $0.clear(from: start, count: blockSize)
        $0.store(damaged.old, at: start)
      }
      faults?.addPhantom(damaged.block)
      guard let landing = damaged.landing, durable.files.contains(landing.file) else { continue }
      durable.files.update(landing.file, orInsert: FileContents()) {
        let room = max(0, $0.size - landing.bytes.lowerBound)
        let whole = page + [UInt8](repeating: 0, count: blockSize - page.count)
        $0.store(Array(whole.prefix(room)), at: landing.bytes.lowerBound)
      }
      faults?.addPhantom(landing)
    }
  }
}

extension DiskImage {
  /// A file that can be reached from the root, by one of its paths.
  struct ReachableFile {
    var path: String
    var inode: Int
    var size: Int
  }

  /// The files that can be reached from the root and hold something, each once, in order of paths.
  func files(matching pattern: FilePattern?) -> [ReachableFile] {
    var found: [ReachableFile] = []
    var passed: Set<Int> = []
    func walk(_ inode: Int, _ prefix: String) {
      guard passed.insert(inode).inserted, let directory = directories[inode] else { return }
      for (name, target) in zip(directory.names, directory.targets) {
        let path = prefix + name.text
        if target.kind == .directory {
          walk(target.inode, path + "/")
        } else if let size = files[target.inode]?.size, size > 0,
          pattern?.matches(path) ?? true, passed.insert(target.inode).inserted
        {
          found.append(ReachableFile(path: path, inode: target.inode, size: size))
        }
      }
    }
    walk(EntryTarget.root.inode, "")
    return found
  }
}
