import DiskSimulation
import SimulationKernel
import Testing

/// Random programs over nested directories: nothing traps, and forcing early changes nothing but
/// what can be lost.
@Suite struct RandomDiskTests {
  private static let paths = [
    "a", "b", "d", "d/a", "d/e", "d/e/a", "e", "e/a", "e/d", "e/d/a", ".",
  ]

  /// Three durable directories and two durable files in them.
  private func furnished() throws -> VirtualDisk {
    var disk = VirtualDisk()
    for path in ["d", "e", "d/e"] { try disk.perform(.makeDirectory(path)) }
    for path in ["d/a", "e/a"] {
      try disk.perform(.create(path))
      try disk.perform(.write(path, offset: 0, bytes: [UInt8](path.utf8)))
    }
    disk.syncAll()
    return disk
  }

  private func operation(
    _ stream: inout SeededStream, isNameHeavy: Bool = false
  ) -> FileOperation {
    let path = Self.paths[stream.below(Self.paths.count)]
    let other = Self.paths[stream.below(Self.paths.count)]
    switch isNameHeavy ? 5 + stream.below(5) : stream.below(12) {
    case 0, 1: return .create(path)
    case 2, 3:
      return .write(
        path, offset: stream.below(5000),
        bytes: [UInt8](
          repeating: UInt8(97 + stream.below(26)), count: stream.below(2) * 3000 + 1))
    case 4: return .truncate(path, size: stream.below(9000))
    case 5, 6, 7: return .rename(path, to: other)
    case 8: return .link(path, to: other)
    case 9: return .unlink(path)
    default: return .makeDirectory(path)
    }
  }

  /// Every name and every byte, in order.
  private func tree(_ disk: VirtualDisk, _ path: String = ".", depth: Int = 0) -> [String] {
    var disk = disk
    if let names = try? disk.list(path) {
      if depth > 12 { return ["\(path) is its own ancestor"] }
      return ["\(path)/"] + names.flatMap { tree(disk, path + "/" + $0, depth: depth + 1) }
    }
    return ["\(path) \((try? disk.read(path, offset: 0, count: .max)) ?? [])"]
  }

  /// One disk syncs and writes back as it goes, another never does and is told at the power loss to
  /// keep what the first one had forced, and the same drawn part of the rest.
  @Test func forcingEarlyIsTheSameAsKeeping() throws {
    var keptSomething = 0
    for seed in 0..<1000 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "program")
      var lazy = try furnished()
      var eager = lazy
      for _ in 0..<(seed < 500 ? 30 : 12) {
        let operation = operation(&stream, isNameHeavy: seed % 2 == 0)
        let isDone = (try? lazy.perform(operation)) != nil
        #expect(((try? eager.perform(operation)) != nil) == isDone)
        switch stream.below(8) {
        case 0: try? eager.perform(.syncFile(Self.paths[stream.below(Self.paths.count)]))
        case 1: try? eager.perform(.syncDirectory(Self.paths[stream.below(Self.paths.count)]))
        case 2: eager.writeBack(limit: stream.below(3))
        default: break
        }
      }
      #expect(tree(lazy) == tree(eager))
      let pending = eager.pendingMicroOperations
      let kept = pending.indices.filter { _ in stream.below(2) == 0 }
      let lost = Set(pending.indices.filter { !kept.contains($0) }.map { pending[$0].serial })
      let all = lazy.pendingMicroOperations
      try eager.losePower(keeping: kept)
      try lazy.losePower(keeping: all.indices.filter { !lost.contains(all[$0].serial) })
      #expect(tree(lazy) == tree(eager), "seed \(seed)")
      #expect(lazy == eager, "seed \(seed)")
      #expect(lazy.fingerprint == eager.fingerprint, "seed \(seed)")
      if !kept.isEmpty { keptSomething += 1 }
    }
    #expect(keptSomething > 500)
  }

  @Test func keepingEverythingLosesNothing() throws {
    for seed in 0..<200 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "keeping")
      var disk = try furnished()
      for _ in 0..<40 {
        try? disk.perform(operation(&stream, isNameHeavy: seed % 2 == 0))
        if stream.below(5) == 0 { try? disk.perform(.syncDirectory("d")) }
        if stream.below(5) == 0 { disk.writeBack(limit: 2) }
      }
      var crashed = disk
      try crashed.losePower(.keepingAll)
      #expect(tree(crashed) == tree(disk), "seed \(seed)")
      disk.syncAll()
      #expect(disk == crashed, "seed \(seed)")
    }
  }

  @Test func hostileInputsAreRefusedAndNeverTrap() {
    let numbers = [
      Int.min, .min + 1, -4096, -1, 0, 1, 4095, 4096, 4097, 70_000, VirtualDisk.largestFile - 1,
      VirtualDisk.largestFile, .max - 4096, .max - 1, .max,
    ]
    let paths =
      Self.paths + [
        "", "/", "//", "..", "a/..", "./", "./.", "a/", "a//", "/a", "\0", "d/\u{0}", "\u{301}",
        "e\u{301}", "\u{e9}", "a/b/c/d/e", String(repeating: "n", count: 300),
        String(repeating: "d/", count: 5000),
      ]
    for seed in 0..<40 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "hostile")
      var disk = VirtualDisk(profile: seed % 4 == 0 ? .synchronous : .standard)
      for _ in 0..<60 {
        let path = paths[stream.below(paths.count)]
        let other = paths[stream.below(paths.count)]
        let number = numbers[stream.below(numbers.count - (stream.below(30) == 0 ? 0 : 5))]
        switch stream.below(12) {
        case 0: try? disk.perform(.write(path, offset: number, bytes: [1, 2, 3]))
        case 1: try? disk.perform(.truncate(path, size: number))
        case 2: _ = try? disk.read(path, offset: number, count: numbers[stream.below(15)])
        case 3: try? disk.perform(.syncFile(path))
        case 4: try? disk.perform(.syncDirectory(other))
        case 5: disk.writeBack(limit: number)
        case 6: disk.losePower { stream.below($0 * 2) - 1 }
        case 7: try? disk.losePower(keeping: [number])
        case 8: _ = disk.dirtyBlockCount(for: .syncFile(path))
        default: try? disk.perform(operation(&stream))
        }
        try? disk.perform(.rename(path, to: other))
      }
      let copy = disk
      #expect(copy.fingerprint == disk.fingerprint)
    }
  }
}
