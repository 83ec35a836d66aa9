import SimulationKernel

// Calls that change directories.
extension DiskState {
  mutating func create(_ text: String) throws(FileError) {
    let path = try FilePath(text)
    guard let slot = try visible.slot(of: path) else { throw .isDirectory(text) }
    if let existing = visible[slot] {
      if existing.kind == .directory { throw .isDirectory(text) }
      if path.namesDirectory { throw .notDirectory(text) }
      return
    }
    if path.namesDirectory { throw .isDirectory(text) }
    issue(.setEntry(slot, EntryTarget(inode: takeInode(), kind: .file)), .newName, text)
  }

  mutating func makeDirectory(_ text: String) throws(FileError) {
    let path = try FilePath(text)
    guard let slot = try visible.slot(of: path), visible[slot] == nil else {
      throw .exists(text)
    }
    issue(.setEntry(slot, EntryTarget(inode: takeInode(), kind: .directory)), .newName, text)
  }

  mutating func link(_ text: String, to newText: String) throws(FileError) {
    let target = try visible.target(of: FilePath(text))
    if target.kind == .directory { throw .isDirectory(text) }
    let newPath = try FilePath(newText)
    guard let slot = try visible.slot(of: newPath), visible[slot] == nil else {
      throw .exists(newText)
    }
    if newPath.namesDirectory { throw .notFound(newText) }
    issue(.setEntry(slot, target), .newName, newText)
  }

  mutating func unlink(_ text: String) throws(FileError) {
    let path = try FilePath(text)
    guard let slot = try visible.slot(of: path) else { throw .isDirectory(text) }
    let target = try visible.target(of: path)
    if target.kind == .directory { throw .isDirectory(text) }
    for step in profile.form.unlink {
      switch step {
      case .truncate: truncateIfLastName(target, text)
      case .removeName: issue(.removeEntry(slot), .oldName, text)
      }
    }
    visible.removeIfUnlinked(target.inode)
  }

  mutating func rename(_ text: String, to newText: String) throws(FileError) {
    let path = try FilePath(text)
    let newPath = try FilePath(newText)
    let target = try visible.target(of: path)
    guard let slot = try visible.slot(of: path) else { throw .invalid(text) }
    guard let newSlot = try visible.slot(of: newPath) else { throw .invalid(newText) }
    if target.kind == .directory, visible.way(to: newPath, passes: target.inode) {
      throw .invalid(newText)
    }
    let replaced = visible[newSlot]
    if replaced == target { return }
    if target.kind == .file, newPath.namesDirectory { throw .notDirectory(newText) }
    if let replaced { try checkReplacing(replaced, by: target, newText) }
    move(from: slot, to: newSlot, target, replaced: replaced, "\(text) to \(newText)")
    if let replaced { visible.removeIfUnlinked(replaced.inode) }
  }

  private func checkReplacing(
    _ replaced: EntryTarget, by target: EntryTarget, _ newText: String
  ) throws(FileError) {
    switch (target.kind, replaced.kind) {
    case (.file, .file): return
    case (.file, .directory): throw .isDirectory(newText)
    case (.directory, .file): throw .notDirectory(newText)
    case (.directory, .directory):
      let isEmpty = visible.directories[replaced.inode]?.names.isEmpty ?? true
      if !isEmpty { throw .notEmpty(newText) }
    }
  }

  private mutating func move(
    from slot: MicroOperation.Slot, to newSlot: MicroOperation.Slot, _ target: EntryTarget,
    replaced: EntryTarget?, _ label: String
  ) {
    for step in profile.form.rename {
      switch step {
      case .move: issue(.rename(from: slot, to: newSlot, target), .oldName, label)
      case .truncateReplaced:
        if let replaced { truncateIfLastName(replaced, label) }
      case .removeNewName:
        if replaced != nil { issue(.removeEntry(newSlot), .oldName, label) }
      case .setNewName: issue(.setEntry(newSlot, target), .oldName, label)
      case .removeOldName: issue(.removeEntry(slot), .oldName, label)
      }
    }
  }

  private mutating func truncateIfLastName(_ target: EntryTarget, _ label: String) {
    guard target.kind == .file, visible.links(to: target.inode) == 1 else { return }
    shrink(target.inode, from: visible.files[target.inode]?.size ?? 0, to: 0, label)
  }
}
