import DiskSimulation
import SimulationKernel
import Testing

/// Short ways to say what a disk with faults does.
enum FaultyDisk {
  /// A durable file `f` of so many blocks of `o`.
  static func furnished(
    _ blocks: Int = 1, _ profile: PersistenceProfile = .standard
  ) throws -> VirtualDisk {
    var disk = VirtualDisk(profile: profile)
    try disk.perform(.create("f"))
    try disk.perform(.write("f", offset: 0, bytes: SmallProgram.fill("o", blocks: blocks)))
    disk.syncAll()
    return disk
  }

  /// What recovery would find if nothing that is not durable survived.
  static func onMedium(_ disk: VirtualDisk, _ path: String = "f") throws -> String {
    var crashed = disk
    try crashed.losePower(.losingAll)
    return try text(&crashed, path)
  }

  /// A character a block, or the characters of a block that is not all the same.
  static func text(_ disk: inout VirtualDisk, _ path: String = "f") throws -> String {
    let bytes = try disk.read(path, offset: 0, count: .max)
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: blockSize) {
      let block = bytes[start..<min(bytes.count, start + blockSize)]
      let kinds = block.reduce(into: [UInt8]()) { if $0.last != $1 { $0.append($1) } }
      text += OpenDiskTests.string(kinds)
      text += kinds.count > 1 ? "|" : ""
    }
    return text
  }

  static func overwrite(_ disk: inout VirtualDisk, block: Int = 0, _ letter: Character) throws {
    try disk.perform(
      .write("f", offset: block * blockSize, bytes: SmallProgram.fill(letter, blocks: 1)))
  }

  /// The ways in which a body ends, for all decisions that faults leave to it.
  static func outcomes(
    _ disk: VirtualDisk, _ body: (inout VirtualDisk) throws -> String
  ) rethrows -> Set<String> {
    var found: Set<String> = []
    _ = try forEachRecovery(of: disk) { (copy: inout VirtualDisk) throws in
      found.insert(try body(&copy))
    }
    return found
  }
}
