extension PersistenceProfile {
  /// Every profile that a scenario can name, in the order in which they are listed.
  public static let known: [PersistenceProfile] = [
    .atomicDirectory, .paperDefault, .aliceCodeWhole, .aliceCodeBlocks, .ext3Writeback,
    .ext3Ordered, .ext3Journal, .ext4Ordered, .btrfs, .synchronous,
  ]

  /// The profile of a scenario that names none.
  public static let standard = atomicDirectory

  /// The profile of that name, or nil; the valid names are those of ``known``.
  public static func named(_ name: String) -> PersistenceProfile? {
    known.first { $0.name == name }
  }

  /// A disk that forgets nothing, for comparison.
  public static let synchronous = PersistenceProfile(
    name: "synchronous",
    summary: "every operation is durable, whole, when it returns",
    source: "a file system mounted with `sync,dirsync` as its documentation promises it",
    caveat: """
      table 1 of Pillai et al. (OSDI 2014) shows ext2 mounted with `sync` tearing overwrites of a \
      block and renames
      """,
    durability: .immediately,
    form: OperationForm(
      cut: nil, append: [.data], stretch: [.data], rename: [.move], unlink: [.removeName])
  )
}

/// The ways of cutting operations that the profiles share.
extension OperationForm {
  /// What the released code of ALICE does: an appended piece is zeros, then garbage, then data,
  /// each of which makes the file as long as the piece; a rename is three changes of entries.
  static func alice(cut: Int?) -> OperationForm {
    OperationForm(
      cut: cut,
      append: [.zeros, .garbage, .data],
      stretch: [.garbage, .data],
      rename: [.truncateReplaced, .removeNewName, .removeOldName, .setNewName],
      unlink: [.truncate, .removeName])
  }

  /// Table 2(a) of the paper: an appended piece is a size, garbage and data, and what lies beyond
  /// the size is invisible.
  static func paper(rename: [RenameStep]) -> OperationForm {
    OperationForm(
      cut: blockSize,
      append: [.size, .garbage, .data],
      stretch: [.size, .garbage, .data],
      rename: rename,
      unlink: [.truncate, .removeName])
  }

  /// An append carries its size: content-atomic by blocks; a rename happens at once.
  static let contentAtomic = OperationForm(
    cut: blockSize, append: [.data], stretch: [.data], rename: [.move],
    unlink: [.truncate, .removeName])
}
