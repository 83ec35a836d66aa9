import DiskSimulation
import SimulationKernel
import Testing

/// How decisions are given and recorded, and what decides nothing.
@Suite struct DecisionTests {
  private func open() throws -> VirtualDisk {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: SmallProgram.fill("n", blocks: 2)))
    try disk.perform(.rename("tmp", to: "f"))
    disk.losePowerLeavingOpen()
    return disk
  }

  @Test func firstAlternativeKeepsNothing() throws {
    var disk = try open()
    #expect(disk.isOpen && disk.undecidedCount == 8 && disk.pendingCount == 0)
    disk.beginDecisions(given: [])
    #expect(try disk.read("f", offset: 0, count: 1) == [UInt8(ascii: "o")])
    #expect(disk.takenDecisions == [DiskDecision(choice: 0, count: 2)])
    #expect(try disk.read("f", offset: 0, count: 1) == [UInt8(ascii: "o")])
    #expect(disk.takenDecisions.count == 1)
  }

  @Test func givenDecisionsAreFollowed() throws {
    var disk = try open()
    disk.beginDecisions(given: [1, 2, 2, 1])
    #expect(
      try disk.read("f", offset: 0, count: 8192) == SmallProgram.fill("n", blocks: 1)
        + SmallProgram.fill("?", blocks: 1))
    #expect(disk.takenDecisions.map(\.choice) == [1, 2, 2, 1])
    #expect(disk.takenDecisions.map(\.count) == [2, 3, 3, 3])
    #expect(!disk.isOpen)
  }

  @Test func decisionsThatAreNotThereCountAsTheFirst() throws {
    var disk = try open()
    disk.beginDecisions(given: [.max, 7])
    #expect(try disk.list(".") == ["f"])
    #expect(disk.takenDecisions.allSatisfy { $0.choice == 0 })
  }

  @Test func syncsNeitherForceNorDependOnWhatIsOpen() throws {
    var disk = try open()
    try disk.perform(.syncDirectory("."))
    try disk.perform(.create("new"))
    try disk.perform(.syncDirectory("."))
    #expect(disk.takenDecisions.isEmpty)
    #expect(disk.undecidedCount == 8)
    disk.losePowerLeavingOpen()
    disk.writeBack(limit: 100)
    #expect(disk.undecidedCount == 8)
    #expect(try disk.size(of: "new") == 0)
  }

  @Test func aPowerLossWithAGivenOutcomeLeavesOlderFactsOpen() throws {
    var disk = try open()
    try disk.perform(.create("new"))
    try disk.losePower(.losingAll)
    #expect(disk.undecidedCount == 8)
    #expect(throws: FileError.notFound("new")) { try disk.size(of: "new") }
    disk.decideAll()
    #expect(!disk.isOpen)
  }

  @Test func equalFactsAreEqualDisks() throws {
    let disk = try open()
    var read = disk
    read.beginDecisions(given: [0])
    _ = try read.read("f", offset: 0, count: 1)
    #expect(read != disk)
    #expect(read.fingerprint != disk.fingerprint)
    var again = disk
    again.beginDecisions(given: [0])
    #expect(try again.size(of: "f") == 8192)
    #expect(again == read)
    var closed = try SmallProgram.start()
    closed.losePowerLeavingOpen()
    #expect(try closed == SmallProgram.start())
  }

  @Test func aLimitLeavesTheRestUndone() throws {
    var leaves = 0
    let summary = forEachRecovery(of: try open(), limit: 3) { disk in
      disk.decideAll()
      leaves += 1
    }
    #expect(summary.leaves == 3 && !summary.isComplete)
    #expect(leaves == 3)
  }
}
