import ClusterSimulation
import SimulationKernel
import Testing

@Suite("Units of an enumeration as text")
struct CrashPointUnitTextTests {
  private static var tallies: [CrashPointTally] {
    var pass = CrashPointTally()
    pass.outcomes = 3
    pass.merged = 2
    pass.steps = 214
    pass.operations = 14
    pass.faults.powerLosses = 3
    pass.faults.restarts = 4
    pass.longestRecovery = .milliseconds(41)
    pass.loss.closedSets = 8192
    pass.loss.images = nil
    pass.loss.leaves = 5
    var failed = CrashPointTally()
    failed.verdict = .violation([.durability, .linearizability])
    var open = CrashPointTally()
    open.verdict = .undecided("gave up after 100% of 3 runs, ü")
    open.loss.closedSets = nil
    return [pass, failed, open]
  }

  @Test("a unit reads back as it was written")
  func roundTrip() throws {
    let line = CrashPointUnitText.encode(17, Self.tallies)
    #expect(line.hasPrefix("17 pass 3 2 214 14 0 3 4 0 0 0 41000000 8192 - 5 violation "))
    let read = try CrashPointUnitText.decode(line)
    #expect(read.unit == 17)
    #expect(read.tallies == Self.tallies)
    #expect(try CrashPointUnitText.decode("3").tallies.isEmpty)
  }

  @Test(
    "lines that are none are refused",
    arguments: [
      ("", "the line ends where the number of a unit should be"),
      ("x", "\"x\" is not the number of a unit"),
      ("1 fine", "\"fine\" is no verdict"),
      ("1 pass 1 2", "the line ends where a number of steps should be"),
      ("1 pass -1", "\"-1\" is not a number of outcomes"),
      ("1 pass 9999999999999999", "\"9999999999999999\" is not a number of outcomes"),
      ("1 violation , 1", "\"\" are no checks"),
      ("1 violation durability,x 1", "\"durability,x\" are no checks"),
      ("1 undecided %4", "\"%4\" is not percent-encoded"),
    ])
  func wrong(line: String, message: String) {
    #expect(throws: StepTextError(message: message)) { try CrashPointUnitText.decode(line) }
  }
}
