import DiskSimulation
import SimulationKernel
import Testing

/// Equal disks have equal fingerprints however they came about; different ones do not.
@Suite struct FingerprintTests {
  private func disk(_ operations: [FileOperation]) throws -> VirtualDisk {
    var disk = VirtualDisk()
    for operation in operations { try disk.perform(operation) }
    return disk
  }

  @Test func isTheSameInEveryProcess() throws {
    let disk = try disk([
      .create("a"), .write("a", offset: 0, bytes: [1, 2, 3]), .syncFile("a"), .makeDirectory("d"),
      .create("d/b"), .write("d/b", offset: 5000, bytes: [4]),
    ])
    #expect(disk.fingerprint == 14_647_708_834_395_856_443)
    #expect(VirtualDisk().fingerprint == 7_434_635_229_161_835_260)
  }

  @Test func doesNotDependOnInodeNumbersOrStorage() throws {
    var direct = try disk([.create("a"), .write("a", offset: 0, bytes: [7, 0, 0])])
    direct.syncAll()
    var roundabout = try disk([
      .create("x"), .create("b"), .unlink("x"), .truncate("b", size: 3),
      .write("b", offset: 0, bytes: [7]), .rename("b", to: "a"),
    ])
    roundabout.syncAll()
    #expect(direct == roundabout)
    #expect(direct.fingerprint == roundabout.fingerprint)
    #expect(Set([direct, roundabout]).count == 1)
  }

  @Test func tellsApartWhatIsVisibleDurableAndPending() throws {
    let create: [FileOperation] = [.create("a"), .syncDirectory(".")]
    let one = FileOperation.write("a", offset: 0, bytes: [1])
    let two = FileOperation.write("a", offset: 0, bytes: [2])
    let disks = try [
      disk([]), disk([.create("a")]), disk(create), disk(create + [one]), disk(create + [two]),
      disk(create + [one, .syncFile("a")]), disk(create + [two, one]),
      disk(create + [two, .syncFile("a"), one]), disk(create + [one, one]),
      disk(create + [.truncate("a", size: 1)]), disk([.makeDirectory("a")]),
      VirtualDisk(profile: .synchronous),
    ]
    #expect(Set(disks).count == disks.count)
    #expect(Set(disks.map(\.fingerprint)).count == disks.count)
  }
}
