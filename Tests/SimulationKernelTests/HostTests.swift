import SimulationKernel
import Testing

/// A message that says nothing but its number.
private struct Ping: NodeMessage, Hashable {
  typealias Operation = Int
  typealias Response = String
  var number: Int

  var summary: String { "Ping(\(number))" }
  func fingerprint(into hasher: inout StableHasher) { hasher.combine(number) }
}

/// Files that refuse everything whose path is `refused`.
private struct PickyFiles: FileService {
  mutating func perform(_ operation: FileOperation) throws(FileError) {
    if operation == .create("refused") { throw .noSpace("refused") }
  }
  mutating func read(_ path: String, offset: Int, count: Int) throws(FileError) -> [UInt8] {
    if path == "refused" { throw .notFound(path) }
    return [UInt8(offset), UInt8(min(count, 255))]
  }
  mutating func size(of path: String) throws(FileError) -> Int { path.utf8.count }
  mutating func takeStall(of path: String) -> VirtualDuration {
    path == "slow" ? .milliseconds(2) : .zero
  }
  mutating func list(_ path: String) throws(FileError) -> [String] { ["a", "b"] }
}

@Suite("The host")
struct HostTests {
  private static func host() -> Host<Ping> {
    let layout = ClusterLayout(serverCount: 2, coordinatorName: nil, clientCount: 1)
    var host = Host<Ping>(
      layout: layout, costs: CostTable(),
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
    host.files = PickyFiles()
    host.begin(NodeID(1), incarnation: Incarnation(3), time: .start, skew: .zero)
    return host
  }

  private static func words(_ host: Host<Ping>) -> [String] {
    host.effects.map { effect in
      switch effect {
      case .send(let message, let peer): "send \(message.number) to \(peer.index)"
      case .setTimer(let timer, let delay): "set \(timer) \(delay)"
      case .cancelTimer(let timer): "cancel \(timer)"
      case .file(let operation): "file \(operation)"
      case .resume(let continuation): "resume \(continuation)"
      case .complete(let request, let response): "complete \(request.number) \(response)"
      case .work(let duration): "work \(duration)"
      case .observe(let observation): "observe \(observation)"
      }
    }
  }

  @Test("effects of every kind come in the order in which the handler asked for them")
  func order() throws {
    var host = Self.host()
    let request = RequestID(client: NodeID(2), number: 4)
    host.send(Ping(number: 7), to: NodeID(0))
    host.setTimer(.retry(2), after: .milliseconds(5))
    try host.perform(.create("a"))
    host.complete(request, "yes")
    host.work(lasting: .microseconds(3))
    host.send(Ping(number: 8), to: NodeID(2))
    host.cancelTimer(.pace())
    host.observe(.acknowledged(epoch: 2))
    host.observe(.accepted(request, epoch: 1))
    host.observe(.applied(request, sequence: 9))
    host.observe(.answered(request, epoch: 1))
    host.resumeLater(12)
    try host.perform(.syncFile("a"))
    #expect(
      Self.words(host) == [
        "send 7 to 0", "set retry/2 5ms", "file \(FileOperation.create("a"))", "complete 4 yes",
        "work 3us", "send 8 to 2", "cancel pace/0",
        "observe \(Observation.acknowledged(epoch: 2))",
        "observe \(Observation.accepted(request, epoch: 1))",
        "observe \(Observation.applied(request, sequence: 9))",
        "observe \(Observation.answered(request, epoch: 1))",
        "resume 12", "file \(FileOperation.syncFile("a"))",
      ])
  }

  @Test("a new step starts without the effects and crash points of the one before")
  func begin() {
    var host = Self.host()
    host.send(Ping(number: 1), to: NodeID(0))
    host.crashPoint("sent")
    host.observe(.note("old"))
    host.begin(
      NodeID(0), incarnation: Incarnation(2), time: VirtualTime(nanoseconds: 40),
      skew: VirtualDuration(nanoseconds: 2))
    #expect(host.effects.isEmpty)
    #expect(host.crashPoints.isEmpty)
    #expect(host.me == NodeID(0))
    #expect(host.incarnation == Incarnation(2))
    #expect(host.localClock == VirtualTime(nanoseconds: 42))
    host.send(Ping(number: 2), to: NodeID(1))
    #expect(Self.words(host) == ["send 2 to 1"])
  }

  @Test("a crash point names the boundary before the next effect and is no effect itself")
  func crashPoints() throws {
    var host = Self.host()
    let request = RequestID(client: NodeID(2), number: 1)
    host.crashPoint("before")
    host.send(Ping(number: 1), to: NodeID(0))
    host.crashPoint("between", request: request)
    host.crashPoint("again")
    try host.perform(.create("a"))
    host.crashPoint("after")
    #expect(host.effects.count == 2)
    #expect(
      host.crashPoints == [
        PassedCrashPoint(effectCount: 0, label: "before", request: nil),
        PassedCrashPoint(effectCount: 1, label: "between", request: request),
        PassedCrashPoint(effectCount: 1, label: "again", request: nil),
        PassedCrashPoint(effectCount: 2, label: "after", request: nil),
      ])
  }

  @Test("crash points are not noted when nobody asks for them")
  func unaskedCrashPoints() {
    var host = Self.host()
    host.notesCrashPoints = false
    host.crashPoint("sent")
    #expect(host.crashPoints.isEmpty)
  }

  @Test("a refused file operation is told to the handler and is no effect")
  func refusal() throws {
    var host = Self.host()
    try host.perform(.create("a"))
    #expect(throws: FileError.noSpace("refused")) { try host.perform(.create("refused")) }
    #expect(host.effects.count == 1)
    #expect(host.fileOperations.elements == [.create("a")])
  }

  @Test("reading is no effect")
  func reading() throws {
    var host = Self.host()
    #expect(try host.read("a", offset: 2, count: 9) == [2, 9])
    #expect(try host.read("a") == [0, 255])
    #expect(throws: FileError.notFound("refused")) { try host.read("refused") }
    #expect(try host.size(of: "abc") == 3)
    #expect(try host.list(".") == ["a", "b"])
    #expect(host.effects.isEmpty)
  }

  @Test("a node without files is refused every one of them")
  func noFiles() {
    var host = Self.host()
    host.files = NoFiles()
    let error = FileError.inputOutput("this node has no disk")
    #expect(throws: error) { try host.perform(.create("a")) }
    #expect(throws: error) { try host.read("a") }
    #expect(throws: error) { try host.size(of: "a") }
    #expect(throws: error) { try host.list(".") }
    #expect(host.effects.isEmpty)
  }

  @Test("work that takes no time is no effect")
  func freeWork() {
    var host = Self.host()
    host.work(lasting: .zero)
    host.work(.query)
    #expect(host.effects.isEmpty)
    host.work(.sync)
    #expect(Self.words(host) == ["work 500us"])
  }

  @Test("a call that stalls keeps the node busy before it is made, or before it answers")
  func stalls() throws {
    var host = Self.host()
    try host.perform(.create("slow"))
    _ = try host.read("slow")
    #expect(Self.words(host) == ["work 2ms", "file \(FileOperation.create("slow"))", "work 2ms"])
    host = Self.host()
    host.effectLimit = 1
    try host.perform(.create("slow"))
    #expect(Self.words(host) == ["work 2ms"])
    #expect(throws: FileError.inputOutput("slow")) { try host.read("slow") }
  }

  @Test("what a handler does after it has ended its process does not happen")
  func abort() throws {
    var host = Self.host()
    host.send(Ping(number: 1), to: NodeID(0))
    host.abort("no way")
    #expect(host.aborted == ProcessAbort(effectCount: 1, reason: "no way"))
    host.send(Ping(number: 2), to: NodeID(0))
    try host.perform(.create("a"))
    #expect(host.fileOperations.count == 0)
    #expect(throws: FileError.inputOutput("a")) { try host.read("a") }
    host.abort("again")
    #expect(host.aborted?.reason == "no way")
    #expect(Self.words(host) == ["send 1 to 0"])
    host.endAtAbort()
    #expect(host.records.count == 1)
    host.begin(NodeID(1), incarnation: Incarnation(3), time: .start, skew: .zero)
    #expect(host.aborted == nil)
  }

  @Test("a process that is dead by then does not end itself")
  func abortBeyondTheLimit() {
    var host = Self.host()
    host.effectLimit = 0
    host.abort("no way")
    #expect(host.aborted == nil)
  }

  @Test("choosing is recorded with the choices, not with the effects")
  func choosing() {
    var host = Self.host()
    host.choices.offer([2])
    host.choices.begin()
    #expect(host.choose(3) == 2)
    #expect(host.choices.taken == [2])
    #expect(host.effects.isEmpty)
  }
}
