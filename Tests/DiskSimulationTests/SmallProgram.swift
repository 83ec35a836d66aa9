import DiskSimulation
import SimulationKernel

/// A small program of file operations on a disk that holds the durable file `f` of two blocks `o`,
/// in the notation of one character a block: `o` old, `n` and `r` new, `0` zeros, `?` garbage.
struct SmallProgram: Sendable {
  enum Step: Sendable {
    case call(FileOperation)
    /// Something that the outside world has seen.
    case print
  }

  var name: String
  var steps: [Step]

  static func fill(_ character: Character, blocks: Int) -> [UInt8] {
    [UInt8](repeating: character.asciiValue ?? 0, count: blocks * blockSize)
  }

  static let createTemporary: [Step] = [
    .call(.create("tmp")), .call(.write("tmp", offset: 0, bytes: fill("n", blocks: 2))),
  ]
  static let overwrite = Step.call(.write("f", offset: 0, bytes: fill("n", blocks: 2)))
  static let append = Step.call(.write("f", offset: 8192, bytes: fill("r", blocks: 2)))

  static let a = SmallProgram(
    name: "a", steps: createTemporary + [.call(.rename("tmp", to: "f")), .print])
  static let b = SmallProgram(
    name: "b",
    steps: createTemporary + [
      .call(.syncFile("tmp")), .call(.rename("tmp", to: "f")), .print,
    ])
  static let c = SmallProgram(
    name: "c",
    steps: createTemporary + [
      .call(.syncFile("tmp")), .call(.rename("tmp", to: "f")), .call(.syncDirectory(".")), .print,
    ])
  static let d = SmallProgram(name: "d", steps: [overwrite, .print])
  static let dSynced = SmallProgram(
    name: "d_fs", steps: [overwrite, .call(.syncFile("f")), .print])
  static let e = SmallProgram(name: "e", steps: [append, .call(.syncFile("f")), .print])

  /// The disk before the program.
  static func start(_ profile: PersistenceProfile = .standard) throws -> VirtualDisk {
    var disk = VirtualDisk(profile: profile)
    try disk.perform(.create("f"))
    try disk.perform(.write("f", offset: 0, bytes: fill("o", blocks: 2)))
    disk.syncAll()
    return disk
  }
}

/// A crash state as a person writes it: `f=oo tmp=n?`, files sorted by name; `, printed` if the
/// outside world has seen the output.
func image(of disk: VirtualDisk, printed: Bool = false) throws -> String {
  var disk = disk
  var words: [String] = []
  for name in try disk.list(".") {
    var characters = ""
    let size = try disk.size(of: name)
    for offset in stride(from: 0, to: size, by: blockSize) {
      let block = try disk.read(name, offset: offset, count: blockSize)
      let isUniform = block == [UInt8](repeating: block[0], count: block.count)
      let byte = block[0] == 0 ? UInt8(ascii: "0") : block[0]
      characters += isUniform ? String(UnicodeScalar(byte)) : "~"
    }
    words.append("\(name)=\(characters)")
  }
  return words.joined(separator: " ") + (printed ? ", printed" : "")
}

/// Every subset of `0..<count`, as ascending arrays.
func subsets(of count: Int) -> [[Int]] {
  (0..<(1 << count)).map { bits in (0..<count).filter { bits & (1 << $0) != 0 } }
}

/// Whether the subset contains whatever its members require.
func isClosed(_ places: [Int], _ pending: [MicroOperation]) -> Bool {
  let kept = Set(places.map { pending[$0].serial })
  let all = Set(pending.map(\.serial))
  return places.allSatisfy { place in
    pending[place].requires.allSatisfy { kept.contains($0) || !all.contains($0) }
  }
}

/// What a program can leave behind, crashing before its first step or after any: through the disk.
struct CrashStates {
  /// Micro-operations of the program that persisted, how many syncs completed, how many prints.
  struct ClosedSet: Hashable {
    var serials: [Int]
    var syncs: Int
    var prints: Int
  }

  var closedSets = Set<ClosedSet>()
  var states = Set<String>()
  var images = Set<String>()

  init(of program: SmallProgram, _ profile: PersistenceProfile = .standard) throws {
    var disk = try SmallProgram.start(profile)
    let first = disk.nextSerial
    var syncs = 0
    var prints = 0
    try crash(disk, since: first, syncs, prints)
    for step in program.steps {
      switch step {
      case .print: prints += 1
      case .call(let operation):
        try disk.perform(operation)
        switch operation {
        case .syncFile, .syncDirectory: syncs += 1
        default: break
        }
      }
      try crash(disk, since: first, syncs, prints)
    }
  }

  private mutating func crash(
    _ disk: VirtualDisk, since first: Int, _ syncs: Int, _ prints: Int
  ) throws {
    let pending = disk.pendingMicroOperations
    let isPending = Set(pending.map(\.serial))
    let durable = (first..<disk.nextSerial).filter { !isPending.contains($0) }
    for places in subsets(of: pending.count) where isClosed(places, pending) {
      let serials = (durable + places.map { pending[$0].serial }).sorted()
      let set = ClosedSet(serials: serials, syncs: syncs, prints: prints)
      guard closedSets.insert(set).inserted else { continue }
      var crashed = disk
      try crashed.losePower(keeping: places)
      states.insert(try image(of: crashed, printed: prints > 0))
      images.insert(try image(of: crashed))
    }
  }
}
