import SimulationKernel

// Calls that change the bytes and the size of a file.
extension DiskState {
  mutating func write(
    _ text: String, offset: Int, bytes: [UInt8]
  ) throws(FileError) {
    let target = try visible.target(of: FilePath(text))
    // Only the size: holding the contents would make the write below copy them.
    guard let size = visible.files[target.inode]?.size else { throw .isDirectory(text) }
    guard
      offset >= 0, bytes.count <= VirtualDisk.largestFile,
      offset <= VirtualDisk.largestFile - bytes.count
    else { throw .invalid(text) }
    if bytes.isEmpty { return }
    let file = target.inode
    let end = offset + bytes.count
    if offset > size {
      extend(file, size..<offset, profile.form.stretch, text) { .zeros(count: $0.count) }
    }
    let slice = { (piece: Range<Int>) in
      MicroOperation.Content.bytes(
        piece.count == bytes.count
          ? bytes : [UInt8](bytes[piece.lowerBound - offset..<piece.upperBound - offset]))
    }
    if offset < size {
      forEachPiece(of: offset..<min(end, size)) { disk, piece in
        disk.issue(
          .write(file: file, offset: piece.lowerBound, slice(piece), extending: false),
          .overwrite, text)
      }
    }
    if end > size {
      extend(file, max(offset, size)..<end, profile.form.append, text, content: slice)
    }
  }

  mutating func truncate(_ text: String, size newSize: Int) throws(FileError) {
    let target = try visible.target(of: FilePath(text))
    guard let size = visible.files[target.inode]?.size else { throw .isDirectory(text) }
    guard newSize >= 0, newSize <= VirtualDisk.largestFile else { throw .invalid(text) }
    if newSize > size {
      extend(target.inode, size..<newSize, profile.form.stretch, text) {
        .zeros(count: $0.count)
      }
    } else {
      shrink(target.inode, from: size, to: newSize, text)
    }
  }

  /// Truncates piece by piece from the end of the file, as the blocks are given back.
  mutating func shrink(_ file: Int, from size: Int, to newSize: Int, _ label: String) {
    var end = size
    while end > newSize {
      var next = newSize
      if let cut = profile.form.cut { next = max(newSize, (end - 1) / cut * cut) }
      issue(.truncate(file: file, from: end, to: next), .truncation, label)
      end = next
    }
  }

  /// Makes a file longer; `content` gives the bytes of a piece.
  private mutating func extend(
    _ file: Int, _ range: Range<Int>, _ steps: [OperationForm.AppendStep], _ label: String,
    content: (Range<Int>) -> MicroOperation.Content
  ) {
    let extending = !steps.contains(.size)
    forEachPiece(of: range) { disk, piece in
      for step in steps {
        let written: MicroOperation.Content
        switch step {
        case .size:
          disk.issue(.size(file: file, piece.upperBound), .size, label)
          continue
        case .garbage: written = .garbage(count: piece.count)
        case .zeros: written = .zeros(count: piece.count)
        case .data: written = content(piece)
        }
        disk.issue(
          .write(file: file, offset: piece.lowerBound, written, extending: extending),
          .append, label)
      }
    }
  }

  /// Cuts a range as the profile says.
  private mutating func forEachPiece(
    of range: Range<Int>, _ body: (inout DiskState, Range<Int>) -> Void
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      var end = range.upperBound
      if let cut = profile.form.cut { end = min(end, (start / cut + 1) * cut) }
      body(&self, start..<end)
      start = end
    }
  }
}
