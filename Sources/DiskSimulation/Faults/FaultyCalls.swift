import SimulationKernel

// Calls on a disk with faults. A call that would be refused anyway is refused as usual, and no
// fault counts it.
extension DiskState {
  mutating func performWithFaults(_ operation: FileOperation) throws(FileError) {
    decideEverything()
    var trial = self
    trial.faults = nil
    try trial.perform(operation)
    try refuse(operation)
    if operation.isSync { try failSync(operation) }
    rewritePhantoms(before: operation)
    try carryOut(operation)
  }

  /// A write with EIO, or a call that needs space with ENOSPC, fails before it has changed
  /// anything.
  ///
  /// POSIX lets a write on a full disk write a part; this one writes nothing then. EIO of a write
  /// that only goes to the page cache is rare, as the medium is not asked; direct and synchronous
  /// writes meet it.
  private mutating func refuse(_ operation: FileOperation) throws(FileError) {
    let path = operation.path
    if case .write = operation, faults?.take(.writeError, path) != nil {
      note(.writeError, "write of \(path) fails with EIO")
      throw .inputOutput(path)
    }
    if needsSpace(operation), faults?.take(.noSpace, path) != nil {
      note(.noSpace, "no space for \(path)")
      throw .noSpace(path)
    }
  }

  /// Whether a call makes a name, or writes beyond the end of a file. A file system that overwrites
  /// in place needs no space for anything else.
  private func needsSpace(_ operation: FileOperation) -> Bool {
    switch operation {
    case .create(let path): (try? visible.target(of: FilePath(path))) == nil
    case .link, .makeDirectory: true
    case .write(let path, let offset, let bytes):
      (try? contents(of: path)).map { offset + bytes.count > $0.size } ?? false
    case .truncate, .rename, .unlink, .syncFile, .syncDirectory: false
    }
  }

  /// A read fails with EIO, which changes nothing: a latent sector error that goes away
  /// (Bairavasundaram et al., SIGMETRICS 2007, describe those that stay). Or it answers what it
  /// would have answered from the medium as it was when the fault was armed, if that is something
  /// else: what a drive answers that has lost a write, or a cache that nobody invalidated.
  mutating func readWithFaults(
    _ path: String, offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    decideEverything()
    let bytes = try contents(of: path).read(offset: offset, count: count)
    if count > 0, faults?.take(.readError, path) != nil {
      note(.readError, "read of \(path) fails with EIO")
      throw .inputOutput(path)
    }
    func stale(_ armed: DiskFaults.Armed) -> [UInt8]? {
      guard let earlier = armed.earlier, let target = try? earlier.target(of: FilePath(path)),
        let contents = earlier.files[target.inode]
      else { return nil }
      let old = contents.read(offset: offset, count: count)
      return old == bytes ? nil : old
    }
    guard let armed = faults?.take(path, where: { stale($0) != nil }), let old = stale(armed) else {
      return bytes
    }
    note(.staleRead, "read of \(path) answers what was durable before")
    return old
  }

  /// Makes the pages dirty again that a call writes to, or forgets those that it cuts off.
  private mutating func rewritePhantoms(before operation: FileOperation) {
    guard let phantoms = faults?.phantoms, !phantoms.isEmpty,
      let file = (try? visible.target(of: FilePath(operation.path)))?.inode
    else { return }
    switch operation {
    case .write(let path, let offset, let bytes):
      for block in phantoms where block.file == file {
        guard block.bytes.overlaps(offset..<offset + bytes.count),
          let page = visible.files[file]?.read(offset: block.bytes.lowerBound, count: blockSize),
          !page.isEmpty
        else { continue }
        let hasSizes = profile.form.append.contains(.size)
        issue(
          .write(
            file: file, offset: block.bytes.lowerBound, .bytes(page), extending: !hasSizes),
          .overwrite, path)
        faults?.phantoms.removeAll { $0 == block }
      }
    case .truncate(_, let size):
      faults?.phantoms.removeAll { $0.file == file && $0.bytes.lowerBound >= size }
    default: break
    }
  }
}

extension FileOperation {
  var isSync: Bool {
    switch self {
    case .syncFile, .syncDirectory: true
    default: false
    }
  }
}

extension MicroOperation.Block {
  /// The bytes of the file that lie in the block.
  var bytes: Range<Int> { index * blockSize..<(index + 1) * blockSize }
}
