import DiskSimulation
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Disks of a cluster")
struct DiskShelfTests {
  private static let block = 4096

  /// How many outcomes a reader of one overwritten record of three blocks meets after a power loss.
  private static func outcomes(_ checksummed: [ChecksummedFile]) throws -> Int {
    let shelf = DiskShelf(count: 1, "default+atomic-dir", checksummed: checksummed)
    var disk = shelf.disks[0]
    try disk.perform(.create("log"))
    for letter in [UInt8(1), 2] {
      let record = [UInt8](repeating: letter, count: 3 * block)
      try disk.perform(.write("log", offset: 0, bytes: record))
      if letter == 1 { try disk.perform(.syncFile("log")) }
    }
    try disk.perform(.syncDirectory("."))
    try disk.perform(.write("log", offset: 0, bytes: [UInt8](repeating: 3, count: 3 * block)))
    disk.losePowerLeavingOpen()
    var count = 0
    var pending: [[UInt32]] = [[]]
    while let given = pending.popLast() {
      var branch = disk
      branch.beginDecisions(given: given, drawing: nil)
      _ = try branch.read("log", offset: 0, count: 3 * block)
      count += 1
      let taken = branch.takenDecisions
      for place in given.count..<max(given.count, taken.count) {
        for other in 1..<taken[place].count {
          pending.append(taken[..<place].map(\.choice) + [other])
        }
      }
    }
    return count
  }

  @Test("a declared record is one of its versions or torn, instead of every mixture")
  func declared() throws {
    // Three blocks, each one of three versions.
    #expect(try Self.outcomes([]) == 27)
    #expect(try Self.outcomes([ChecksummedFile("log", recordSize: 3 * Self.block)]) == 4)
    #expect(try Self.outcomes([ChecksummedFile("other", recordSize: 3 * Self.block)]) == 27)
  }
}
