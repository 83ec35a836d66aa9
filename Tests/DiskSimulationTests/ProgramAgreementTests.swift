import DiskSimulation
import SimulationKernel
import Testing

/// The sweep over a whole program finds what crashing the disk after each of its calls finds, under
/// every profile.
@Suite struct ProgramAgreementTests {
  private static let n = UInt8(ascii: "n")

  static let grammar: [DiskProgram.Call] = [
    .create("t"), .write("t", offset: 0, count: 4096, fill: n),
    .write("f", offset: 4096, count: 8192, fill: n),
    .write("t", offset: 8192, count: 4096, fill: n),
    .truncate("f", size: 4096), .truncate("t", size: 8192), .rename("t", to: "f"),
    .link("f", to: "g"),
    .unlink("f"), .unlink("g"), .sync("t"), .sync("f"), .sync("."), .print,
  ]

  /// The same steps on a disk; a print, or a call.
  private func step(_ call: DiskProgram.Call) -> SmallProgram.Step {
    switch call {
    case .create(let path): .call(.create(path))
    case .write(let path, let offset, let count, let fill):
      .call(.write(path, offset: offset, bytes: [UInt8](repeating: fill, count: count)))
    case .truncate(let path, let size): .call(.truncate(path, size: size))
    case .rename(let path, let new): .call(.rename(path, to: new))
    case .link(let path, let new): .call(.link(path, to: new))
    case .unlink(let path): .call(.unlink(path))
    case .sync("."): .call(.syncDirectory("."))
    case .sync(let path): .call(.syncFile(path))
    case .makeDirectory(let path): .call(.makeDirectory(path))
    case .print: .print
    }
  }

  /// A random program without the calls that would be refused.
  private func program(_ stream: inout SeededStream) throws -> [DiskProgram.Call] {
    var disk = try SmallProgram.start()
    return (0..<6).compactMap { _ in
      let call = Self.grammar[stream.below(Self.grammar.count)]
      if case .call(let operation) = step(call) {
        guard (try? disk.perform(operation)) != nil else { return nil }
      }
      return call
    }
  }

  @Test(arguments: PersistenceProfile.known.map(\.name))
  func agreesWithCrashesAfterEachCall(_ name: String) throws {
    let profile = try #require(PersistenceProfile.named(name))
    if profile.durability == .immediately { return }
    var stream = SeededStream(seed: 7, name: name)
    var compared = 0
    while compared < 15 {
      let calls = try program(&stream)
      let sweep = try #require(try ProgramStates(of: ProgramStatesTests.program(calls), profile))
      guard sweep.microOperationCount <= 10 else { continue }
      let crashes = try CrashStates(
        of: SmallProgram(name: "", steps: calls.map(step)), profile)
      let states = sweep.states.map { state in
        state.entries.map { "\($0.path)=\($0.contents)" }.joined(separator: " ")
          + (state.isPrinted ? ", printed" : "")
      }
      #expect(Set(states) == crashes.states, "\(name) \(calls)")
      #expect(sweep.closedSetCount == crashes.closedSets.count, "\(name) \(calls)")
      compared += 1
    }
  }
}
