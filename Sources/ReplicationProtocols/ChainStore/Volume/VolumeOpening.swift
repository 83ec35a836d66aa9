import SimulationKernel

/// Starting on the files that are there.
extension ChainStore.Volume {
  /// Opens the node's volume, or makes an empty one.
  static func open<Files: VolumeFiles>(
    _ format: ChainStore.VolumeFormat, _ design: ChainStore.VolumeDesign, sectors: Int,
    _ files: inout Files
  ) -> Self {
    var volume = Self(format, design, sectors: sectors)
    if files.size(of: path, at: CallSite(#fileID, #line)) == nil {
      volume.create(&files)
    } else {
      volume.load(&files)
    }
    return volume
  }

  /// The file gets its name when it is complete.
  private mutating func create<Files: VolumeFiles>(_ files: inout Files) {
    if files.size(of: Self.newPath, at: CallSite(#fileID, #line)) != nil {
      files.perform(.unlink(Self.newPath), at: CallSite(#fileID, #line))
    }
    files.perform(.create(Self.newPath), at: CallSite(#fileID, #line))
    root.generation = 1
    files.perform(
      .write(Self.newPath, offset: 0, bytes: root.page.bytes), at: CallSite(#fileID, #line))
    files.perform(
      .truncate(Self.newPath, size: space.end * Size.size), at: CallSite(#fileID, #line))
    files.perform(.syncFile(Self.newPath), at: CallSite(#fileID, #line))
    files.perform(.rename(Self.newPath, to: Self.path), at: CallSite(#fileID, #line))
    files.perform(.syncDirectory("."), at: CallSite(#fileID, #line))
  }

  private mutating func load<Files: VolumeFiles>(_ files: inout Files) {
    loadRoot(&files)
    let entries: [ChainStore.TableEntry]
    switch format {
    case .atomic:
      loadTable(&files)
      entries = tree.entries
    case .linear:
      entries = loadEntries(&files)
      redoEntries(&files)
    }
    let site = CallSite(#fileID, #line)
    blocks = entries.map { Stored(entry: $0, content: content(at: $0.place, &files, from: site)) }
    let size = files.size(of: Self.path, at: CallSite(#fileID, #line)) ?? 0
    space = ChainStore.FileSpace(
      reserved: Self.reserved(format), end: (size + Size.size - 1) / Size.size,
      used: usedPlaces(entries))
  }

  /// CB-18 looks the data's places up under the wrong index: the block of the volume, not the
  /// block of the file.
  private func usedPlaces(_ entries: [ChainStore.TableEntry]) -> [Int] {
    guard design.findsUsedPlaces else {
      return [tree.root] + (tree.second + tree.leaves).map(\.place) + entries.map(\.block)
    }
    return format == .atomic ? tree.places : entries.map(\.place)
  }

  private mutating func loadRoot<Files: VolumeFiles>(_ files: inout Files) {
    var newest: (root: ChainStore.VolumeRoot, slot: Int)?
    for slot in 0..<(design.keepsTwoRoots ? 2 : 1) {
      let page = ChainStore.VolumePage(
        files.read(
          Self.path, offset: slot * Size.size, count: Size.size, at: CallSite(#fileID, #line)))
      guard let found = ChainStore.VolumeRoot(page, isChecked: design.keepsTwoRoots) else {
        continue
      }
      if let newest, newest.root.generation >= found.generation { continue }
      newest = (found, slot)
    }
    if let newest {
      root = newest.root
      slot = newest.slot
    }
  }
}
