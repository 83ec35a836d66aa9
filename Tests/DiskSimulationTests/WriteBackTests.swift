import DiskSimulation
import SimulationKernel
import Testing

/// What a sync would cost, and how write-back makes it cheaper.
@Suite struct WriteBackTests {
  private func dirty() throws -> VirtualDisk {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: SmallProgram.fill("n", blocks: 4)))
    try disk.perform(.write("f", offset: 0, bytes: [1]))
    return disk
  }

  @Test func aSyncCostsBlocksAndEntries() throws {
    var disk = try dirty()
    #expect(disk.dirtyBlockCount(for: .syncFile("tmp")) == 4)
    #expect(disk.dirtyBlockCount(for: .syncFile("f")) == 1)
    #expect(disk.dirtyBlockCount(for: .syncDirectory(".")) == 1)
    try disk.perform(.rename("tmp", to: "f"))
    #expect(disk.dirtyBlockCount(for: .syncDirectory(".")) == 2)
    try disk.perform(.syncFile("f"))
    #expect(disk.dirtyBlockCount(for: .syncFile("f")) == 0)
    try disk.perform(.truncate("f", size: 0))
    #expect(disk.dirtyBlockCount(for: .syncFile("f")) == 1)
  }

  @Test func otherOperationsAndRefusedSyncsCostNothing() throws {
    let disk = try dirty()
    #expect(disk.dirtyBlockCount(for: .create("x")) == 0)
    #expect(disk.dirtyBlockCount(for: .syncFile("none")) == 0)
    #expect(disk.dirtyBlockCount(for: .syncDirectory("f")) == 0)
  }

  @Test func writeBackPersistsTheOldestAndMakesSyncsCheaper() throws {
    var disk = try dirty()
    let visible = try image(of: disk)
    #expect(disk.writeBack(limit: 7) == 7)
    #expect(try image(of: disk) == visible)
    #expect(disk.dirtyBlockCount(for: .syncFile("tmp")) == 2)
    #expect(disk.dirtyBlockCount(for: .syncDirectory(".")) == 0)
    var crashed = disk
    try crashed.losePower(.losingAll)
    #expect(try image(of: crashed) == "f=oo tmp=nn")
    #expect(disk.writeBack(limit: 100) == 7)
    #expect(disk.pendingCount == 0)
    #expect(disk.writeBack(limit: 100) == 0)
  }

  @Test func oddLimitsPersistNothing() throws {
    var disk = try dirty()
    let before = disk
    #expect(disk.writeBack(limit: 0) == 0)
    #expect(disk.writeBack(limit: .min) == 0)
    #expect(disk == before)
  }

  @Test func whatWasUnlinkedLeavesNothingBehind() throws {
    var disk = VirtualDisk()
    let empty = disk
    for _ in 0..<20 {
      try disk.perform(.create("tmp"))
      try disk.perform(.write("tmp", offset: 0, bytes: [1, 2, 3]))
      try disk.perform(.unlink("tmp"))
      disk.writeBack(limit: 100)
      #expect(disk == empty)
    }
  }
}
