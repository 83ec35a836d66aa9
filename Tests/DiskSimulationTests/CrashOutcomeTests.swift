import DiskSimulation
import SimulationKernel
import Testing

/// How the outcome of a power loss is drawn, recorded and given.
@Suite struct CrashOutcomeTests {
  /// The disk just before the first sync of a replacement: seven independent micro-operations.
  private func replacement() throws -> VirtualDisk {
    var disk = try SmallProgram.start()
    try disk.perform(.create("tmp"))
    try disk.perform(.write("tmp", offset: 0, bytes: SmallProgram.fill("n", blocks: 2)))
    return disk
  }

  @Test func everyImageIsDrawnAndNoOther() throws {
    let disk = try replacement()
    var possible = Set<String>()
    for places in subsets(of: disk.pendingCount) {
      var crashed = disk
      try crashed.losePower(keeping: places)
      possible.insert(try image(of: crashed))
    }
    var drawn: [String: Int] = [:]
    for seed in 0..<2000 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "crash")
      var crashed = disk
      crashed.losePower { stream.below($0) }
      drawn[try image(of: crashed), default: 0] += 1
    }
    #expect(Set(drawn.keys) == possible)
    #expect(possible.count == 14)
    #expect(drawn["f=oo", default: 0] > 300)
    #expect(drawn["f=oo tmp=nn", default: 0] > 300)
  }

  @Test func everyClosedSetIsDrawn() throws {
    let chain = PersistenceProfile.testing([
      OrderingRule(.append, before: .append, .sameFile)
    ])
    var disk = try SmallProgram.start(chain)
    try disk.perform(.write("f", offset: 8192, bytes: SmallProgram.fill("n", blocks: 3)))
    try disk.perform(.write("f", offset: 0, bytes: SmallProgram.fill("m", blocks: 2)))
    var drawn = Set<String>()
    for seed in 0..<500 as Range<UInt64> {
      var stream = SeededStream(seed: seed, name: "crash")
      var crashed = disk
      crashed.losePower { stream.below($0) }
      drawn.insert(try image(of: crashed))
    }
    let old = ["oo", "om", "mo", "mm"]
    let appended = ["", "n", "nn", "nnn"]
    #expect(drawn == Set(old.flatMap { start in appended.map { "f=\(start)\($0)" } }))
  }

  @Test func recordedDecisionsReplay() throws {
    let disk = try replacement()
    for seed in 0..<100 as Range<UInt64> {
      var choices = Choices(stream: SeededStream(seed: seed, name: "crash"))
      var first = disk
      first.losePower { choices.choose($0) }
      let list = choices.taken
      choices.offer(list)
      choices.begin()
      var second = disk
      second.losePower { choices.choose($0) }
      #expect(!choices.hasDiverged && !choices.hasLeftovers)
      #expect(first == second)
      #expect(list.count <= disk.pendingCount + 1)
    }
  }

  @Test func nothingIsDecidedWhenNothingIsPending() throws {
    var disk = try SmallProgram.start()
    disk.losePower { _ in
      Issue.record("a decision about nothing")
      return 0
    }
    #expect(try image(of: disk) == "f=oo")
  }

  @Test(arguments: [Int.min, -1, 99, Int.max])
  func answersOutOfRangeCountAsZero(_ answer: Int) throws {
    var disk = try replacement()
    disk.losePower { _ in answer }
    #expect(try image(of: disk) == "f=oo")
  }

  @Test func outcomesThatCannotBeAreRefused() throws {
    var ordered = try SmallProgram.start(
      .testing([OrderingRule(.everything, before: .everything, .anywhere)]))
    try ordered.perform(.write("f", offset: 0, bytes: SmallProgram.fill("n", blocks: 2)))
    let before = ordered
    #expect(throws: CrashOutcomeError.notClosed(kept: 1, lost: 0)) {
      try ordered.losePower(keeping: [1])
    }
    #expect(throws: CrashOutcomeError.unknown(2)) { try ordered.losePower(keeping: [0, 2]) }
    #expect(throws: CrashOutcomeError.unknown(-1)) { try ordered.losePower(keeping: [-1]) }
    #expect(ordered == before)
    try ordered.losePower(keeping: [0, 0])
    #expect(try image(of: ordered) == "f=no")
  }
}

extension PersistenceProfile {
  /// Appends in one micro-operation each and the given order, for tests.
  static func testing(_ ordering: [OrderingRule]) -> PersistenceProfile {
    PersistenceProfile(
      name: "testing", summary: "", source: "",
      form: OperationForm(
        cut: blockSize, append: [.data], stretch: [.data], rename: [.move],
        unlink: [.truncate, .removeName]),
      ordering: ordering)
  }
}
