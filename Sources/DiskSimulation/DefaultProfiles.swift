/// The profiles of no file system in particular: only an fsync orders anything.
extension PersistenceProfile {
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
    form: .paper(rename: [.move])
  )

  /// The published default, in which a rename may happen in part.
  public static let paperDefault = PersistenceProfile(
    name: "paper-default/4096",
    summary: """
      as default+atomic-dir, but a rename is the removal of the new name, its appearance and the \
      removal of the old name, each of which persists or not
      """,
    source: """
      the default abstract persistence model of Pillai et al. (OSDI 2014), table 2(a) and (b), cut \
      at 4096 bytes
      """,
    caveat: """
      table 1 of the paper found no journaling file system that tears a directory operation; only \
      ext2 and reiserfs without a log do
      """,
    form: .paper(
      rename: [.truncateReplaced, .removeNewName, .setNewName, .removeOldName])
  )

  /// The released tool's model with whole writes.
  public static let aliceCodeWhole = PersistenceProfile(
    name: "alice-code/count1",
    summary: """
      as paper-default/4096, but a write or truncation persists whole, and an append is zeros, \
      garbage and data that each bring the size
      """,
    source: """
      the released code of ALICE (alicedefaultfs.py, split `count` 1), which goes with Pillai et \
      al. (OSDI 2014)
      """,
    caveat: """
      table 1 of the paper found every file system to tear a write of several blocks, so this \
      misses states that every one of them shows; the code's own explorer uses finer splits too
      """,
    form: .alice(cut: nil)
  )

  /// The released tool's model, cut at blocks.
  public static let aliceCodeBlocks = PersistenceProfile(
    name: "alice-code/4096",
    summary: "as alice-code/count1, but writes and truncations persist by 4096-byte blocks",
    source: """
      the released code of ALICE (alicedefaultfs.py, split `aligned` 4096), which goes with Pillai \
      et al. (OSDI 2014)
      """,
    caveat: """
      it has no size of its own, so a size without any of its bytes, not even zeros or garbage, is \
      not among its micro-operations; whole sets of states agree with the paper's on the programs \
      that were compared
      """,
    form: .alice(cut: blockSize)
  )
}
