import DiskSimulation
import SimulationKernel
import Testing

/// A bit of a durable block flips.
@Suite struct BitRotTests {
  @Test func oneBitOfADurableBlockFlipsAndTheNextReadSeesIt() throws {
    let disk = try FaultyDisk.furnished(2)
    let original = SmallProgram.fill("o", blocks: 2)
    for seed in 0..<50 as Range<UInt64> {
      var rotten = disk
      rotten.beginDecisions(given: [], drawing: SeededStream(seed: seed, name: "rot"))
      rotten.arm(StorageFaultRequest(.bitRot(byte: nil)))
      let bytes = try rotten.read("f", offset: 0, count: .max)
      let changed = bytes.indices.filter { bytes[$0] != original[$0] }
      #expect(changed.count == 1)
      #expect((bytes[changed[0]] ^ original[changed[0]]).nonzeroBitCount == 1)
      #expect(rotten.struckFaults.map(\.word) == [.bitRot])
      #expect(rotten.armedFaults == [])
      rotten.losePower { _ in 0 }
      #expect(try rotten.read("f", offset: 0, count: .max) == bytes)
    }
  }

  @Test func aDirtyPageHidesItAndOverwritesIt() throws {
    var disk = try FaultyDisk.furnished()
    try FaultyDisk.overwrite(&disk, "n")
    disk.arm(StorageFaultRequest(.bitRot(byte: 7)))
    #expect(try FaultyDisk.text(&disk) == "n")
    #expect(try FaultyDisk.onMedium(disk) != "o")
    try disk.perform(.syncFile("f"))
    #expect(try FaultyDisk.onMedium(disk) == "n")
  }

  @Test func whatIsNotDurableDoesNotRot() throws {
    var disk = VirtualDisk()
    try disk.perform(.create("f"))
    try FaultyDisk.overwrite(&disk, "n")
    let before = disk
    disk.arm(StorageFaultRequest(.bitRot(byte: nil)))
    #expect(disk == before)
    #expect(disk.struckFaults == [])
  }

  @Test func onlyFilesOfThePatternThatAreLongEnoughRot() throws {
    var disk = try FaultyDisk.furnished()
    let before = disk
    disk.arm(StorageFaultRequest(.bitRot(byte: nil), file: FilePattern("g*")))
    disk.arm(StorageFaultRequest(.bitRot(byte: blockSize)))
    #expect(disk == before)
    disk.arm(StorageFaultRequest(.bitRot(byte: blockSize - 1), file: FilePattern("*")))
    #expect(disk != before)
  }

  /// Most of a padded block is zeros: half of the draws strike what is not.
  @Test func bytesThatHoldSomethingRotHalfOfTheTime() throws {
    var disk = VirtualDisk()
    try disk.perform(.create("f"))
    try disk.perform(.write("f", offset: 100, bytes: Array("value".utf8)))
    try disk.perform(.truncate("f", size: blockSize))
    disk.syncAll()
    var hits = 0
    for seed in 0..<200 as Range<UInt64> {
      var rotten = disk
      rotten.beginDecisions(given: [], drawing: SeededStream(seed: seed, name: "rot"))
      rotten.arm(StorageFaultRequest(.bitRot(byte: nil)))
      if try rotten.read("f", offset: 100, count: 5) != Array("value".utf8) { hits += 1 }
    }
    #expect((80...120).contains(hits))
  }
}
