import SimulationKernel

/// The atomic format. Blocks 0 and 1 of the file are the two roots, written in turn; everything
/// else is data and pages of the table, in whatever order they were allocated.
extension ChainStore.Volume {
  /// Writes copies of the pages that lead to the blocks of a write: leaf, second level, first
  /// level. They are based on the newest table, with every write before this one.
  mutating func copyTable<Files: VolumeFiles>(_ write: inout Write, _ files: inout Files) {
    typealias Tree = ChainStore.TableTree
    for stored in write.blocks { tree.set(stored.entry) }
    let leaves = Self.distinct(write.blocks.map { $0.entry.block / Tree.leafEntries })
    for leaf in leaves {
      let place = space.allocate()
      files.perform(
        .write(Self.path, offset: place * Size.size, bytes: tree.leafPage(leaf).bytes),
        at: CallSite(#fileID, #line))
      write.replaced.append(tree.setLeaf(leaf, place: place))
    }
    for number in Self.distinct(leaves.map { $0 / Tree.fanOut }) {
      let place = space.allocate()
      files.perform(
        .write(Self.path, offset: place * Size.size, bytes: tree.secondPage(number).bytes),
        at: CallSite(#fileID, #line))
      write.replaced.append(tree.setSecond(number, place: place))
    }
    let place = space.allocate()
    files.perform(
      .write(Self.path, offset: place * Size.size, bytes: tree.rootPage.bytes),
      at: CallSite(#fileID, #line))
    write.replaced.append(tree.root)
    tree.root = place
    write.table = place
  }

  private static func distinct(_ sorted: [Int]) -> [Int] {
    var result: [Int] = []
    for number in sorted.sorted() where result.last != number { result.append(number) }
    return result
  }

  /// Everything that the root will lead to is durable before the root is written.
  mutating func commitTable<Files: VolumeFiles>(
    _ write: Write, _ root: ChainStore.VolumeRoot, _ files: inout Files
  ) {
    var root = root
    root.table = write.table
    files.perform(.syncFile(Self.path), at: CallSite(#fileID, #line))
    writeRoot(root, &files, from: CallSite(#fileID, #line))
    files.perform(.syncFile(Self.path), at: CallSite(#fileID, #line))
  }

  /// Reads the table that the root leads to.
  mutating func loadTable<Files: VolumeFiles>(_ files: inout Files) {
    typealias Tree = ChainStore.TableTree
    guard root.table > 0 else { return }
    tree.root = root.table
    let first = page(root.table, &files)
    for number in 0..<Tree.fanOut where first.number(at: number) > 0 {
      _ = tree.setSecond(number, place: first.number(at: number))
    }
    for node in tree.second {
      let second = page(node.place, &files)
      for index in 0..<Tree.fanOut where second.number(at: index) > 0 {
        _ = tree.setLeaf(node.number * Tree.fanOut + index, place: second.number(at: index))
      }
    }
    for leaf in tree.leaves {
      let entries = page(leaf.place, &files)
      for index in 0..<Tree.leafEntries where entries.number(at: 2 * index + 1) > 0 {
        tree.set(
          ChainStore.TableEntry(
            block: leaf.number * Tree.leafEntries + index,
            updated: entries.number(at: 2 * index), place: entries.number(at: 2 * index + 1)))
      }
    }
  }

  private func page<Files: VolumeFiles>(
    _ place: Int, _ files: inout Files
  ) -> ChainStore.VolumePage {
    ChainStore.VolumePage(
      files.read(
        Self.path, offset: place * Size.size, count: Size.size, at: CallSite(#fileID, #line)))
  }
}
