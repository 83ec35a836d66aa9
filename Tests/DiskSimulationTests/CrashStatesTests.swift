import DiskSimulation
import SimulationKernel
import Testing

/// What each program may leave behind under `default+atomic-dir`, against published counts and
/// against a plain enumerator.
@Suite struct CrashStatesTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    var program: SmallProgram
    var closedSets: Int
    var states: Int
    var images: Int
    /// States that are neither old nor new, or old although new was printed.
    var bad: Int

    var testDescription: String { program.name }
  }

  static let expectations = [
    Expectation(program: .a, closedSets: 512, states: 54, images: 27, bad: 38),
    Expectation(program: .b, closedSets: 136, states: 18, images: 15, bad: 2),
    Expectation(program: .c, closedSets: 134, states: 16, images: 15, bad: 0),
    Expectation(program: .d, closedSets: 8, states: 8, images: 4, bad: 5),
    Expectation(program: .dSynced, closedSets: 6, states: 5, images: 4, bad: 2),
    Expectation(program: .e, closedSets: 66, states: 14, images: 13, bad: 11),
  ]

  @Test(arguments: expectations)
  func countsAreThePublishedOnes(_ expected: Expectation) throws {
    let found = try CrashStates(of: expected.program)
    let name = expected.program.name
    #expect(found.closedSets.count == expected.closedSets, "\(name)")
    #expect(found.states.count == expected.states, "\(name)")
    #expect(found.images.count == expected.images, "\(name)")
    #expect(found.states.filter { isBad($0, name) }.count == expected.bad, "\(name)")
  }

  private func isBad(_ state: String, _ name: String) -> Bool {
    let (old, new) = name == "e" ? ("oo", "oorr") : ("oo", "nn")
    let word = state.split(separator: ",")[0].split(separator: " ").first { $0.hasPrefix("f=") }
    let isPrinted = state.hasSuffix("printed")
    return word.map { !($0 == "f=\(new)" || ($0 == "f=\(old)" && !isPrinted)) } ?? true
  }

  static let partial = ["", "0", "00", "0?", "0n", "?", "?0", "??", "?n", "n", "n0", "n?", "nn"]

  @Test func everyStateOfReplacementWithSyncOfTheFileOnly() throws {
    let expected =
      ["f=nn", "f=oo", "f=nn, printed", "f=oo, printed", "f=oo tmp=nn, printed"]
      + Self.partial.map { "f=oo tmp=\($0)" }
    #expect(try CrashStates(of: .b).states == Set(expected))
  }

  @Test func everyStateOfReplacementWithBothSyncs() throws {
    let expected = ["f=nn", "f=oo", "f=nn, printed"] + Self.partial.map { "f=oo tmp=\($0)" }
    #expect(try CrashStates(of: .c).states == Set(expected))
  }

  @Test func aSynchronousDiskLeavesOnlyPrefixes() throws {
    let found = try CrashStates(of: .a, .synchronous)
    #expect(
      found.states == ["f=oo", "f=oo tmp=", "f=oo tmp=nn", "f=nn", "f=nn, printed"])
  }

  static let grammar: [CrashStateOracle.Call] = [
    .create("t"), .write("t", at: 0, count: 1, "n"), .write("f", at: 1, count: 2, "n"),
    .write("t", at: 1, count: 1, "m"), .rename("t", "f"), .unlink("f"), .syncFile("t"),
    .syncFile("f"), .syncDirectory, .print,
  ]

  private func compare(_ calls: [CrashStateOracle.Call]) throws -> Bool {
    guard let oracle = CrashStateOracle(calls, limit: 9) else { return false }
    let found = try CrashStates(of: SmallProgram(calls))
    #expect(found.states == oracle.states, "\(calls)")
    #expect(found.images == oracle.images, "\(calls)")
    #expect(found.closedSets.count == oracle.closedSets, "\(calls)")
    return true
  }

  @Test func agreesWithThePlainEnumeratorOnAllProgramsOfTwoCalls() throws {
    var compared = 0
    for first in Self.grammar {
      for second in Self.grammar where try compare([first, second]) { compared += 1 }
    }
    #expect(compared == 100)
  }

  @Test func agreesWithThePlainEnumeratorOnRandomProgramsOfSevenCalls() throws {
    var stream = SeededStream(seed: 1, name: "programs")
    var compared = 0
    for _ in 0..<300 {
      let calls = [.create("t")] + (0..<6).map { _ in Self.grammar[stream.below(10)] }
      if try compare(calls) { compared += 1 }
    }
    #expect(compared > 100)
  }

  @Test func agreesWithThePlainEnumeratorOnTheSixPrograms() throws {
    let temporary: [CrashStateOracle.Call] = [.create("tmp"), .write("tmp", at: 0, count: 2, "n")]
    let rename = CrashStateOracle.Call.rename("tmp", "f")
    let overwrite = CrashStateOracle.Call.write("f", at: 0, count: 2, "n")
    let pairs: [(SmallProgram, [CrashStateOracle.Call])] = [
      (.a, temporary + [rename, .print]),
      (.b, temporary + [.syncFile("tmp"), rename, .print]),
      (.c, temporary + [.syncFile("tmp"), rename, .syncDirectory, .print]),
      (.d, [overwrite, .print]),
      (.dSynced, [overwrite, .syncFile("f"), .print]),
      (.e, [.write("f", at: 2, count: 2, "r"), .syncFile("f"), .print]),
    ]
    for (program, calls) in pairs {
      let oracle = try #require(CrashStateOracle(calls))
      let found = try CrashStates(of: program)
      #expect(found.states == oracle.states, "\(program.name)")
      #expect(found.closedSets.count == oracle.closedSets, "\(program.name)")
    }
  }
}

extension SmallProgram {
  /// The same calls on the disk, without those that it would refuse.
  init(_ calls: [CrashStateOracle.Call]) throws {
    var disk = try SmallProgram.start()
    var steps: [Step] = []
    for call in calls {
      let step = Self.step(call)
      if case .call(let operation) = step {
        do { try disk.perform(operation) } catch { continue }
      }
      steps.append(step)
    }
    self.init(name: "\(calls)", steps: steps)
  }

  private static func step(_ call: CrashStateOracle.Call) -> Step {
    switch call {
    case .create(let name): .call(.create(name))
    case .write(let name, let start, let count, let character):
      .call(.write(name, offset: start * blockSize, bytes: fill(character, blocks: count)))
    case .rename(let old, let new): .call(.rename(old, to: new))
    case .unlink(let name): .call(.unlink(name))
    case .syncFile(let name): .call(.syncFile(name))
    case .syncDirectory: .call(.syncDirectory("."))
    case .print: .print
    }
  }
}
