import DiskSimulation
import SimulationKernel
import Testing

/// Profiles are data: those that are known, and others made of the same parts.
@Suite struct PersistenceProfileTests {
  @Test func knownProfilesHaveNamesAndSources() {
    #expect(
      PersistenceProfile.known.map(\.name) == [
        "default+atomic-dir", "paper-default/4096", "alice-code/count1", "alice-code/4096",
        "ext3-w",
        "ext3-o", "ext3-j", "ext4-o", "btrfs", "synchronous",
      ])
    #expect(PersistenceProfile.standard.name == "default+atomic-dir")
    #expect(PersistenceProfile.named("synchronous")?.durability == .immediately)
    #expect(PersistenceProfile.named("ext5") == nil)
    for profile in PersistenceProfile.known {
      #expect(!profile.summary.isEmpty && !profile.source.isEmpty && !profile.caveat.isEmpty)
    }
  }

  /// Closed sets, states and images of the published `ext3-j`: everything in program order.
  @Test func programOrderGivesThePublishedCounts() throws {
    let profile = PersistenceProfile.testing([
      OrderingRule(.everything, before: .everything, .anywhere)
    ])
    let expected: [(SmallProgram, [Int])] = [
      (.a, [10, 10, 5]), (.b, [8, 7, 5]), (.c, [8, 6, 5]), (.d, [6, 6, 3]),
      (.dSynced, [5, 4, 3]), (.e, [5, 4, 3]),
    ]
    for (program, counts) in expected {
      let found = try CrashStates(of: program, profile)
      #expect(
        [found.closedSets.count, found.states.count, found.images.count] == counts,
        "\(program.name)")
    }
  }

  /// The rules of the published `ext4-o` that need no sync: safe rename, directory operations in
  /// order, appends to one file in order.
  @Test func safeRenameGivesThePublishedCounts() throws {
    let profile = PersistenceProfile.testing([
      OrderingRule([.overwrite, .append, .truncation], before: .oldName, .namedFile),
      OrderingRule(.directory, before: .directory, .anywhere),
      OrderingRule(.append, before: .append, .sameFile),
    ])
    for (program, counts) in [(SmallProgram.a, [14, 10, 5]), (.d, [8, 8, 4]), (.e, [5, 4, 3])] {
      let found = try CrashStates(of: program, profile)
      #expect(
        [found.closedSets.count, found.states.count, found.images.count] == counts,
        "\(program.name)")
    }
  }

  @Test func aSyncForcesWhatItsFileRequires() throws {
    var disk = try SmallProgram.start(
      .testing([OrderingRule(.directory, before: .overwrite, .anywhere)]))
    try disk.perform(.create("a"))
    try disk.perform(.create("b"))
    try disk.perform(.write("f", offset: 0, bytes: SmallProgram.fill("n", blocks: 1)))
    #expect(disk.dirtyBlockCount(for: .syncFile("f")) == 3)
    try disk.perform(.syncFile("f"))
    try disk.losePower(.losingAll)
    #expect(try image(of: disk) == "a= b= f=no")
  }

  /// Rename in pieces, as the paper's own default has it.
  @Test func aRenameInPiecesCanLoseBothNames() throws {
    var profile = PersistenceProfile.testing([])
    profile.form.rename = [.truncateReplaced, .removeNewName, .setNewName, .removeOldName]
    let images = try CrashStates(of: .a, profile).images
    #expect(images.isSuperset(of: ["", "f=", "f=o", "f=o tmp=nn", "f=nn tmp=nn", "f=nn", "tmp=n"]))
  }
}
