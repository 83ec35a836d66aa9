import ClusterSimulation
import InputText
import LinearizabilityChecking
import ScenarioFiles
import Testing

@testable import CommandLineTool

/// Mutated files through reading, conversion and a run of one seed: whatever is read must run. A
/// trap ends the test process. The reader alone takes 20,000 mutations in its own tests.
@Suite("Mutated scenarios and failures")
struct MutatedRunTests {
  private struct Generator {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
  }

  private static let texts = [
    """
    {protocol:"chain",servers:3,clients:{count:2,operations:3,keys:2},
    network:{latency:{min:"1ms",max:"3ms"},loss:0.10},assume:{network:"lossy"},
    faults:[{after:"9ms",crash:"s1"},{cut:["s2","c1"],from:"5ms",to:"80ms"}],
    costs:{handler:"10us"},run:{seeds:2,steps:900,healWithin:"30s"}}
    """,
    """
    {protocol:"primary-backup",servers:3,clients:{count:2,operations:3},
    assume:{network:["fifo","partitions"],detector:"timeouts"},options:{deadPings:5},
    faults:{crashes:2,restarts:2,partitions:1,window:"500ms"},run:{seed:7,swarm:true}}
    """,
    """
    {protocol:"chain",clients:{count:2},script:[{client:1,put:"a",value:"1",at:"10ms"},
    {client:2,get:"a"},{delay:["c1","s1"],by:"20ms"}],faults:[{restart:"s2",after:"50ms"},
    {request:1,node:"head",label:"forwarded",crash:"head"},{powerLoss:"all",after:"1s"}]}
    """,
  ].map { Array($0.utf8) }

  /// Most mutations replace a digit, so that most files can still be read.
  private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    for _ in 0...generator.below(3) {
      let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
      let place = digits[generator.below(digits.count)]
      switch generator.below(8) {
      case 0: bytes[generator.below(bytes.count)] = UInt8(generator.below(256))
      case 1: bytes.insert(contentsOf: Array("999999999999".utf8), at: place)
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(UInt8(48 + generator.below(10)), at: place)
      default: bytes[place] = UInt8(48 + generator.below(10))
      }
      if !bytes.contains(where: { (48...57).contains($0) }) { bytes.append(48) }
    }
  }

  @Test("what can be read can be run and replayed")
  func mutants() throws {
    var ran = 0
    for number in 0..<1_000 {
      var generator = Generator(state: UInt64(number))
      var bytes = Self.texts[number % Self.texts.count]
      Self.mutate(&bytes, &generator)
      let file = SourceFile(path: "m", bytes: bytes)
      guard
        let scenario = try? Scenario.read(file, vocabulary: ProtocolCatalog.vocabulary),
        let entry = ProtocolCatalog.entry(named: scenario.protocolName)
      else { continue }
      let conversion = ScenarioConversion(scenario, entry)
      var plan = conversion.plan
      plan.limits.steps = min(plan.limits.steps, 300)
      plan.limits.configurations = 10_000
      let runner = try #require(entry.makeRunner(conversion.setting, plan))
      let recording = runner.record(scenario.run.firstSeed, false)
      let text = StepText(runner.layout)
      let steps = try recording.steps.map { try text.decode(text.encode($0)) }
      let replay = runner.replay(ReplayRequest(steps: steps))
      #expect(replay.result.divergedAt == nil, "\(String(decoding: bytes, as: UTF8.self))")
      #expect(replay.result.digest == recording.result.digest)
      ran += 1
    }
    #expect(ran > 300)
  }
}
