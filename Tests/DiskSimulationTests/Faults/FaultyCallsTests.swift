import DiskSimulation
import SimulationKernel
import Testing

/// Calls that fail, stale answers, and stalls.
@Suite struct FaultyCallsTests {
  /// The call fails, nothing changes but that the fault is spent, and the next call succeeds.
  private func failsOnce(
    _ fault: StorageFault, _ operation: FileOperation, _ error: FileError,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let plain = try FaultyDisk.furnished()
    var disk = plain
    disk.arm(StorageFaultRequest(fault))
    #expect(throws: error, sourceLocation: location) { try disk.perform(operation) }
    #expect(disk.struckFaults.map(\.word) == [fault.word], sourceLocation: location)
    #expect(disk == plain, sourceLocation: location)
    try disk.perform(operation)
  }

  @Test func aWriteErrorChangesNothing() throws {
    try failsOnce(.writeError, .write("f", offset: 0, bytes: [1]), .inputOutput("f"))
  }

  @Test func aFullDiskRefusesWhatNeedsSpaceAndChangesNothing() throws {
    try failsOnce(.noSpace, .create("g"), .noSpace("g"))
    try failsOnce(.noSpace, .makeDirectory("d"), .noSpace("d"))
    try failsOnce(.noSpace, .link("f", to: "g"), .noSpace("f"))
    try failsOnce(
      .noSpace, .write("f", offset: 4090, bytes: Array(repeating: 1, count: 7)), .noSpace("f"))
  }

  @Test func aFullDiskAllowsWhatNeedsNoSpace() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.noSpace))
    try disk.perform(.create("f"))
    try disk.perform(.write("f", offset: 0, bytes: [1, 2]))
    try disk.perform(.truncate("f", size: 9000))
    try disk.perform(.rename("f", to: "g"))
    try disk.perform(.syncFile("g"))
    try disk.perform(.syncDirectory("."))
    try disk.perform(.unlink("g"))
    #expect(disk.armedFaults.count == 1)
  }

  @Test func whatIsRefusedAnywayIsNotCounted() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.writeError))
    disk.arm(StorageFaultRequest(.noSpace))
    #expect(throws: FileError.notFound("g")) {
      try disk.perform(.write("g", offset: 0, bytes: [1]))
    }
    #expect(throws: FileError.exists("f")) { try disk.perform(.makeDirectory("f")) }
    #expect(throws: FileError.notFound("g")) { try disk.read("g", offset: 0, count: 1) }
    #expect(disk.armedFaults.count == 2)
  }

  @Test func aReadFailsOnceAndTheNextAnswers() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.readError))
    #expect(try disk.size(of: "f") == blockSize)
    #expect(try disk.list(".") == ["f"])
    #expect(try disk.read("f", offset: 0, count: 0) == [])
    #expect(throws: FileError.inputOutput("f")) { try disk.read("f", offset: 0, count: 1) }
    #expect(try disk.read("f", offset: 0, count: 1) == [UInt8(ascii: "o")])
  }

  @Test func aStaleReadAnswersWhatWasDurableWhenTheFaultWasArmed() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.staleRead))
    // Nothing has changed, so no answer is stale.
    #expect(try FaultyDisk.text(&disk) == "o")
    try FaultyDisk.overwrite(&disk, "n")
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.text(&disk) == "o")
    #expect(disk.struckFaults.map(\.text) == ["read of f answers what was durable before"])
    #expect(try FaultyDisk.text(&disk) == "n")
    #expect(try FaultyDisk.onMedium(disk) == "n")
  }

  /// A file that is replaced by a rename is found by its name.
  @Test func aStaleReadFindsTheFileThatHadTheName() throws {
    var disk = try FaultyDisk.furnished()
    disk.arm(StorageFaultRequest(.staleRead))
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: SmallProgram.fill("n", blocks: 1)))
    #expect(try FaultyDisk.text(&disk, "tmp") == "n")
    try disk.perform(.rename("tmp", to: "f"))
    #expect(try FaultyDisk.text(&disk) == "o")
    #expect(try FaultyDisk.text(&disk) == "n")
  }

  @Test func aStallIsToldOnceAndChangesNothing() throws {
    let plain = try FaultyDisk.furnished()
    var disk = plain
    disk.arm(
      StorageFaultRequest(.stall(.seconds(1)), file: FilePattern("f"), passes: 1))
    #expect(disk.takeStall(of: "g") == .zero)
    #expect(disk.takeStall(of: "f") == .zero)
    #expect(disk.takeStall(of: "f") == .seconds(1))
    #expect(disk.struckFaults.map(\.text) == ["f stalls for 1s"])
    #expect(disk.takeStall(of: "f") == .zero)
    #expect(disk == plain)
  }
}
