/// The models that the authors of ALICE used for file systems: Pillai et al. (OSDI 2014), table
/// 3(d). They say what was not found to break in 2014, which is no promise of those file systems.
extension PersistenceProfile {
  /// Where all of them come from.
  private static let table =
    "Pillai et al. (OSDI 2014), table 3(d), with what table 1 found about kernels of 2014"

  private static let laterFindings = """
    Bornholdt et al. (ASPLOS 2016, Linux 4.1) found ext4 to leave the size of a partly filled last \
    block without its data, and partial contents after replacement by rename without an fsync
    """

  /// ext3 that journals metadata only.
  public static let ext3Writeback = PersistenceProfile(
    name: "ext3-w",
    summary: """
      ext3, data=writeback: names and sizes keep their order and an fsync of anything forces them \
      all; data is unordered, so a size may come without its data
      """,
    source: table,
    caveat: """
      whether directory operations are atomic is lost from the copies of the table; table 1 says \
      that they are
      """,
    form: .paper(rename: [.move]),
    ordering: [OrderingRule(.metadata, before: .metadata, .anywhere)],
    syncs: [SyncRule(.metadata, .anywhere)]
  )

  /// ext3 that writes data before the metadata that speaks of it.
  public static let ext3Ordered = PersistenceProfile(
    name: "ext3-o",
    summary: """
      ext3, data=ordered: everything but overwrites keeps its order, an overwrite precedes what \
      follows it unless that is an overwrite, an fsync forces everything
      """,
    source: table,
    caveat: "delayed allocation, which ext4 and today's ext3 driver have, undoes this order",
    form: .contentAtomic,
    ordering: [
      OrderingRule(.everything, before: .everything.subtracting(.overwrite), .anywhere)
    ],
    syncs: [SyncRule(.everything, .anywhere)]
  )

  /// ext3 that journals data too.
  public static let ext3Journal = PersistenceProfile(
    name: "ext3-j",
    summary: """
      ext3, data=journal: everything persists in program order, by 4096-byte blocks; an fsync \
      forces everything
      """,
    source: table,
    caveat: """
      table 1 still shows writes of several blocks torn, as this profile does between two blocks
      """,
    form: .contentAtomic,
    ordering: [OrderingRule(.everything, before: .everything, .anywhere)],
    syncs: [SyncRule(.everything, .anywhere)],
    tearsBlocks: false
  )

  /// ext4 as it is mounted by default.
  public static let ext4Ordered = PersistenceProfile(
    name: "ext4-o",
    summary: """
      ext4, data=ordered: a file's data precedes its rename, an fsync forces the names of what it \
      forces, names keep their order, and so do appends to one file
      """,
    source: table,
    caveat: laterFindings,
    form: .contentAtomic,
    ordering: [
      OrderingRule([.overwrite, .append, .size, .truncation], before: .oldName, .namedFile),
      OrderingRule(.directory, before: .directory, .anywhere),
      OrderingRule(.append, before: .append, .sameFile),
    ],
    syncs: [SyncRule(.directory, .itsNames)]
  )

  /// btrfs, which does not order the names.
  public static let btrfs = PersistenceProfile(
    name: "btrfs",
    summary: """
      btrfs: a file's data precedes its rename, an fsync forces the names of what it forces, \
      appends to one file keep their order, and a name appears before it is renamed or unlinked
      """,
    source: table,
    caveat: """
      Bornholdt et al. (ASPLOS 2016, Linux 4.1) found btrfs, alone of six, to replace atomically \
      by rename, but not to create atomically by rename
      """,
    form: .contentAtomic,
    ordering: [
      OrderingRule([.overwrite, .append, .size, .truncation], before: .oldName, .namedFile),
      OrderingRule(.append, before: .append, .sameFile),
      OrderingRule(.newName, before: .oldName, .takenName),
    ],
    syncs: [SyncRule(.directory, .itsNames)],
    tearsBlocks: false
  )
}
