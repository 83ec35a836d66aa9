import SimulationKernel

// A bit of a durable block flips and nobody says so: Bairavasundaram et al., "An Analysis of Data
// Corruption in the Storage Stack" (FAST 2008).
extension DiskState {
  /// Flips one bit of a durable file that matches the pattern, if there is one.
  ///
  /// A clean page of the block leaves the cache with it, so that the next read sees the flipped
  /// bit. A page that is dirty, or that differs from the medium anyhow, stays, and hides it. Half
  /// of the draws strike a byte that is not zero: most of a padded block is zeros that nobody looks
  /// at.
  /// - Parameter byte: which byte of the file, from 0; nil for a drawn one.
  mutating func rot(_ pattern: FilePattern?, byte: Int?) {
    let candidates = durable.files(matching: pattern).filter { $0.size > byte ?? 0 }
    guard !candidates.isEmpty else { return }
    let file = candidates[pick(candidates.count)]
    let place = byte ?? drawByte(of: file)
    let bit = pick(8)
    flip(bit, ofByte: place, &durable, file.inode)
    let block = MicroOperation.Block(file: file.inode, index: place / blockSize)
    let isDirty = log.contains { !$0.isForced && $0.operation.change.touches(block) }
    if isDirty || faults?.phantoms.contains(block) ?? false {
      faults?.addPhantom(block)
    } else {
      flip(bit, ofByte: place, &visible, file.inode)
    }
    note(.bitRot, "bit \(bit) of byte \(place) of \(file.path) flips")
  }

  private mutating func drawByte(of file: DiskImage.ReachableFile) -> Int {
    let bytes = durable.files[file.inode]?.read(offset: 0, count: file.size) ?? []
    let written = bytes.indices.filter { bytes[$0] != 0 }
    if pick(2) == 1, !written.isEmpty { return written[pick(written.count)] }
    return pick(file.size)
  }

  private func flip(_ bit: Int, ofByte place: Int, _ image: inout DiskImage, _ inode: Int) {
    guard image.files.contains(inode) else { return }
    image.files.update(inode, orInsert: FileContents()) { contents in
      guard let byte = contents.read(offset: place, count: 1).first else { return }
      contents.store([byte ^ (1 << UInt8(bit))], at: place)
    }
  }
}
