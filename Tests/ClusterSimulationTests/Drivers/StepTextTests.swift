import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("The text of a step")
struct StepTextTests {
  static let layout = ClusterLayout(serverCount: 2, coordinatorName: "vs", clientCount: 2)
  static var text: StepText { StepText(layout) }

  static let operations: [Operation] = [
    .get(key: 0), .put(key: 3, value: "<c1.2>"), .put(key: 0, value: ""),
    .append(key: 1, value: "a b\n%~\u{7f}é\0"), .putDrawn(key: 2, value: "x", outcomes: 4),
    .compareAndSet(key: 1, expected: "", new: "%"), .compareAndSet(key: 1, expected: "a", new: ""),
    .readBlocks(first: 0, count: 2), .writeBlocks(first: 5, count: 1, value: "v"),
  ]

  static let actions: [ClusterAction] =
    operations.map { .invoke(layout.client(1), $0) }
    + [
      .start(NodeID(2)), .deliver(from: NodeID(0), to: NodeID(4), number: .max),
      .lose(from: NodeID(1), to: NodeID(0), number: 0),
      .duplicate(from: NodeID(3), to: NodeID(2), number: 7), .fire(NodeID(0), .retry(-3)),
      .fire(NodeID(2), .pace()), .fire(NodeID(4), .suspicion(Int(Int32.max))),
      .resume(NodeID(1), -2), .crash(NodeID(0), .process), .crash(NodeID(1), .powerLoss),
      .clusterPowerLoss, .reportFailure(NodeID(1)), .cut(from: NodeID(0), to: NodeID(2)),
      .heal(from: NodeID(2), to: NodeID(0)), .writeBack(NodeID(1)), .calmDisk(NodeID(0)),
    ] + storageFaults.map { .faultDisk(NodeID(1), $0) }

  static let storageFaults: [StorageFaultRequest] =
    [
      .tornSectors(.garbage), .syncError(.reverted), .readError, .writeError, .noSpace, .lostWrite,
      .misdirectedWrite, .bitRot(byte: nil), .bitRot(byte: 4095), .staleRead,
      .stall(.milliseconds(3)),
    ].flatMap {
      [
        StorageFaultRequest($0),
        StorageFaultRequest($0, file: FilePattern("d 0/%*"), passes: 3, calls: 2),
      ]
    }

  static let steps: [RecordedStep] = actions.flatMap { action in
    [
      RecordedStep(time: .start, action: action),
      RecordedStep(
        time: VirtualTime(nanoseconds: .max), action: action,
        crash: CrashWithinStep(effectCount: 3, kind: .powerLoss), choices: [0, 4, .max]),
      RecordedStep(time: VirtualTime(nanoseconds: 5), action: action, choices: [1]),
    ]
  }

  @Test("a remark is no part of a step")
  func remarks() throws {
    for step in Self.steps {
      let line = Self.text.encode(step, remark: "Put(\"# a\") ~")
      #expect(try Self.text.decode(line) == step, "\(line)")
    }
  }

  @Test("a step of a schedule needs neither a time nor the number of a parcel")
  func scheduled() throws {
    func decode(_ line: String) throws -> PlannedStep {
      try Self.text.decode(scheduled: line, tag: 7) { word in
        Int64(word).map { VirtualDuration(nanoseconds: $0) }
      }
    }
    for step in Self.steps {
      let line = Self.text.encode(step, remark: "", takesFirst: false, isTimeless: true)
      let planned = try decode(line)
      #expect(planned.action == step.action, "\(line)")
      #expect(planned.time == nil && !planned.takesFirst)
      #expect((planned.crash, planned.choices) == (step.crash, step.choices))
      guard step.action.link != nil else { continue }
      let first = Self.text.encode(step, remark: "A(b c)", takesFirst: true, isTimeless: true)
      #expect(try decode(first).takesFirst)
      #expect(try decode(first).remark == "A(b c)")
      #expect(try decode(first).crash == step.crash)
      #expect(try decode("5 " + first).time == VirtualTime(nanoseconds: 5))
    }
    for line in [
      "", "5", "deliver s1", "deliver s1 s2 x", "deliver s1 s2 choose", "later start s1",
    ] {
      #expect(throws: StepTextError.self, "\(line)") { try decode(line) }
    }
  }

  @Test("every action reads back as it was written, with crash and choices")
  func roundTrip() throws {
    for step in Self.steps {
      let line = Self.text.encode(step)
      #expect(try Self.text.decode(line) == step, "\(line)")
      #expect(line.utf8.allSatisfy { (32..<127).contains($0) })
    }
  }

  @Test("the text of a step is pinned, because failure files hold it")
  func pinned() {
    let step = RecordedStep(
      time: VirtualTime(nanoseconds: 1_200_000),
      action: .deliver(from: NodeID(0), to: NodeID(1), number: 5),
      crash: CrashWithinStep(effectCount: 3, kind: .process), choices: [0, 2])
    #expect(Self.text.encode(step) == "1200000 deliver s1 s2 5 crash process 3 choose 0,2")
    let invocation = RecordedStep(
      time: .start, action: .invoke(Self.layout.client(0), .put(key: 1, value: "a b%")))
    #expect(Self.text.encode(invocation) == "0 invoke c1 put 1 a%20b%25")
    let fault = StorageFaultRequest(.syncError(.clean), file: FilePattern("log.*"), calls: 2)
    let arming = RecordedStep(
      time: .start, action: .faultDisk(NodeID(0), fault), decisions: [3, 1])
    #expect(Self.text.encode(arming) == "0 fault s1 fsync-error clean 0 2 log.* disk 3,1")
  }

  @Test(
    "a malformed line is refused with the reason",
    arguments: [
      ("", "the line ends where a time in nanoseconds should be"),
      ("soon start s1", "\"soon\" is not a time in nanoseconds"),
      ("-1 start s1", "\"-1\" is not a time in nanoseconds"),
      ("99999999999999999999 start s1", "\"99999999999999999999\" is not a time in nanoseconds"),
      ("1", "the line ends where an action should be"),
      ("1 sleep s1", "\"sleep\" is no action"),
      (
        "1 fault s1 rust",
        "\"rust\" is no storage fault; known: "
          + StorageWord.allCases.map(\.rawValue).joined(separator: ", ")
      ),
      (
        "1 fault s1 fsync-error dry 0 1 %",
        "\"dry\" is no state of a page; known: clean, dirty, reverted"
      ),
      ("1 fault s1 stall 5 0 0 %", "\"0\" is not a number of calls"),
      ("1 fault c1 stall 5 0 1 %", "\"c1\" is no server"),
      ("1 fault s1 bit-rot some 0 1 %", "\"some\" is not a byte"),
      ("1 start", "the line ends where a node should be"),
      ("1 start s3", "there is no node \"s3\" in this cluster"),
      ("1 start s1 s2", "unexpected \"s2\""),
      ("1 deliver s1 s2", "the line ends where a parcel number should be"),
      ("1 deliver s1 s2 4294967296", "\"4294967296\" is not a parcel number"),
      ("1 lose s1 nobody 1", "there is no node \"nobody\" in this cluster"),
      ("1 fire s1 nap 0", "\"nap\" is no kind of timer"),
      ("1 fire s1 pace x", "\"x\" is not a timer's number"),
      ("1 resume s1 2147483648", "\"2147483648\" is not a number"),
      ("1 invoke s1 get 0", "\"s1\" is no client"),
      ("1 invoke c1 take 0", "\"take\" is no operation"),
      ("1 invoke c1 get -1", "\"-1\" is not a key"),
      ("1 invoke c1 put 0", "the line ends where a value should be"),
      ("1 invoke c1 put 0 %2", "\"%2\" is not percent-encoded"),
      ("1 invoke c1 put 0 %zz", "\"%zz\" is not percent-encoded"),
      ("1 invoke c1 draw 0 a 0", "\"0\" is not a count"),
      ("1 invoke c1 read 0 3", "\"3\" is not 1 or 2"),
      ("1 invoke c1 write 0 0 a", "\"0\" is not 1 or 2"),
      ("1 die c1 process", "\"c1\" is no server"),
      ("1 die s1 slowly", "\"slowly\" is no kind of crash; known: process, powerLoss"),
      ("1 report vs", "\"vs\" is no server"),
      ("1 writeback c2", "\"c2\" is no server"),
      ("1 start s1 crash", "the line ends where a kind of crash should be"),
      ("1 start s1 crash process -1", "\"-1\" is not a number of effects"),
      ("1 start s1 choose", "the line ends where a list of outcomes should be"),
      ("1 start s1 choose 1,,2", "\"\" is no outcome of a choice"),
      ("1 start s1 choose 1,x", "\"x\" is no outcome of a choice"),
      ("1 start s1 choose 1 crash process 1", "unexpected \"crash\""),
      ("1 blackout now", "unexpected \"now\""),
    ])
  func malformed(line: String, message: String) {
    #expect(throws: StepTextError(message: message)) { try Self.text.decode(line) }
  }

  @Test("random mutations of valid lines are read or refused, and what is read is stable")
  func mutations() throws {
    var stream = SeededStream(seed: 1, name: "mutations")
    let lines = Self.steps.map { Array(Self.text.encode($0).utf8) }
    let alphabet = Array(" 0123456789-,%+abcs~\n\0é<>".utf8)
    var readable = 0
    for _ in 0..<20_000 {
      var line = lines[stream.below(lines.count)]
      for _ in 0...stream.below(3) where !line.isEmpty {
        let place = stream.below(line.count)
        switch stream.below(4) {
        case 0: line.remove(at: place)
        case 1: line.insert(alphabet[stream.below(alphabet.count)], at: place)
        case 2: line[place] = alphabet[stream.below(alphabet.count)]
        default: line.append(contentsOf: lines[stream.below(lines.count)].suffix(4))
        }
      }
      guard let step = try? Self.text.decode(String(decoding: line, as: UTF8.self)) else {
        continue
      }
      readable += 1
      #expect(try Self.text.decode(Self.text.encode(step)) == step)
    }
    #expect(readable > 1_000)
  }
}
