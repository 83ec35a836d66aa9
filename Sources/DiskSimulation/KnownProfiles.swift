extension PersistenceProfile {
  /// Every profile that a scenario can name, in the order in which they are listed.
  public static let known: [PersistenceProfile] = [.atomicDirectory, .synchronous]

  /// The profile of a scenario that names none.
  public static let standard = atomicDirectory

  /// The profile of that name, or nil; the valid names are those of ``known``.
  public static func named(_ name: String) -> PersistenceProfile? {
    known.first { $0.name == name }
  }

  /// The pessimistic default: only an fsync orders anything, but a rename happens at once.
  ///
  /// Unlike a rename over it, the unlinking of a file's last name truncates the file first, in
  /// micro-operations of its own, as table 2(a) has it: only the rename is made atomic.
  public static let atomicDirectory = PersistenceProfile(
    name: "default+atomic-dir",
    summary: """
      an fsync orders, nothing else does; writes persist by 4096-byte blocks; an append may leave \
      its size without its data; a rename happens entirely or not at all
      """,
    source: """
      the default abstract persistence model of Pillai et al. (OSDI 2014), table 2, with the \
      "directory op atomic" property that table 1 found on every journaling file system
      """,
    caveat: """
      Bornholdt et al. (ASPLOS 2016, Linux 4.1) still found replacement by rename without an fsync \
      to leave partial contents on ext4, as this profile allows, and btrfs not to create \
      atomically by rename; a drive that tears a 4096-byte block does more than this profile
      """,
    form: OperationForm(
      cut: blockSize,
      append: [.size, .garbage, .data],
      stretch: [.size, .garbage, .data],
      rename: [.move],
      unlink: [.truncate, .removeName])
  )

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
