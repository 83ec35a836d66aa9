import SimulationKernel

/// The linear format. Blocks 0 and 1 of the file are the two roots, then comes a table of 16 bytes
/// for each block of the volume, then data.
extension ChainStore.Volume {
  /// Pages of the table; the volume has 256 times as many blocks.
  static let linearPages = 40
  private static let firstPage = 2

  static func reserved(_ format: ChainStore.VolumeFormat) -> Int {
    format == .atomic ? firstPage : firstPage + linearPages
  }

  /// Bytes of the table of a volume of so many blocks of 4096 bytes.
  static func linearTableBytes(blocks: Int) -> Int { 16 * blocks }

  /// The blocks' data are durable first. Then the root is written with the entries that change, so
  /// that they are redone if the node stops before they are durable: the next commit forces them
  /// before it writes a root without them.
  ///
  /// CB-14 and the document write the entries alone: a power loss keeps any of them.
  mutating func commitEntries<Files: VolumeFiles>(
    _ write: Write, _ root: ChainStore.VolumeRoot, _ files: inout Files
  ) {
    var root = root
    let entries = write.blocks.map(\.entry)
    let fits = 3 * entries.count + root.replay.count <= ChainStore.VolumeRoot.room
    files.perform(.syncFile(Self.path), at: CallSite(#fileID, #line))
    if design.redoesEntries, fits {
      root.redo = entries
      writeRoot(root, &files, from: CallSite(#fileID, #line))
      files.perform(.syncFile(Self.path), at: CallSite(#fileID, #line))
      for entry in entries { writeEntry(entry, &files) }
    } else {
      // Without a redo record, or for the blocks of a node that has not caught up: such a node
      // is sent these blocks again if it stops here.
      root.redo = []
      for entry in entries { writeEntry(entry, &files) }
      files.perform(.syncFile(Self.path), at: CallSite(#fileID, #line))
      writeRoot(root, &files, from: CallSite(#fileID, #line))
      files.perform(.syncFile(Self.path), at: CallSite(#fileID, #line))
    }
  }

  private func writeEntry<Files: VolumeFiles>(
    _ entry: ChainStore.TableEntry, _ files: inout Files
  ) {
    guard entry.block < Self.linearPages * ChainStore.TableTree.leafEntries else { return }
    var page = ChainStore.VolumePage()
    page.set(entry.updated, at: 0)
    page.set(entry.place, at: 1)
    let offset = Self.firstPage * Size.size + 16 * entry.block
    files.perform(
      .write(Self.path, offset: offset, bytes: Array(page.bytes.prefix(16))),
      at: CallSite(#fileID, #line))
  }

  /// Reads the table, with the entries that the root redoes.
  /// - Returns: sorted by block.
  func loadEntries<Files: VolumeFiles>(_ files: inout Files) -> [ChainStore.TableEntry] {
    var entries: [ChainStore.TableEntry] = []
    for number in 0..<Self.linearPages {
      let bytes = files.read(
        Self.path, offset: (Self.firstPage + number) * Size.size, count: Size.size,
        at: CallSite(#fileID, #line))
      guard bytes.contains(where: { $0 != 0 }) else { continue }
      let page = ChainStore.VolumePage(bytes)
      for index in 0..<ChainStore.TableTree.leafEntries where page.number(at: 2 * index + 1) > 0 {
        entries.append(
          ChainStore.TableEntry(
            block: number * ChainStore.TableTree.leafEntries + index,
            updated: page.number(at: 2 * index), place: page.number(at: 2 * index + 1)))
      }
    }
    for redone in root.redo {
      entries.removeAll { $0.block == redone.block }
      entries.append(redone)
    }
    return entries.sorted { $0.block < $1.block }
  }

  /// Writes the redone entries to the table again; the next commit forces them.
  func redoEntries<Files: VolumeFiles>(_ files: inout Files) {
    for entry in root.redo { writeEntry(entry, &files) }
  }
}
