import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Files in memory, for one node of a scripted test: whole directories of byte arrays, and nothing
/// that is ever lost.
struct MemoryFiles: FileService {
  var directories: Set<String> = ["."]
  var contents: [String: [UInt8]] = [:]
  /// Paths that the device does not answer for.
  var broken: Set<String> = []

  mutating func perform(_ operation: FileOperation) throws(FileError) {
    if broken.contains(operation.path) { throw .inputOutput(operation.path) }
    switch operation {
    case .create(let path): contents[path] = contents[path] ?? []
    case .write(let path, let offset, let bytes):
      var file = try file(path)
      while file.count < offset + bytes.count { file.append(0) }
      file.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
      contents[path] = file
    case .rename(let path, let new):
      contents[new] = try file(path)
      contents[path] = nil
    case .unlink(let path):
      _ = try file(path)
      contents[path] = nil
    case .makeDirectory(let path): directories.insert(path)
    case .syncFile(let path): _ = try file(path)
    case .syncDirectory(let path):
      guard directories.contains(path) else { throw .notFound(path) }
    case .truncate, .link: throw .invalid("not used by the store")
    }
  }

  private func file(_ path: String) throws(FileError) -> [UInt8] {
    if broken.contains(path) { throw .inputOutput(path) }
    guard let bytes = contents[path] else { throw .notFound(path) }
    return bytes
  }

  func read(_ path: String, offset: Int, count: Int) throws(FileError) -> [UInt8] {
    Array(try file(path).dropFirst(offset).prefix(count))
  }

  func size(of path: String) throws(FileError) -> Int { try file(path).count }

  func list(_ path: String) throws(FileError) -> [String] {
    if broken.contains(path) { throw .inputOutput(path) }
    let names = Array(contents.keys) + directories.filter { $0 != "." }
    let prefix = path == "." ? "" : path + "/"
    return names.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }
      .map { String($0.dropFirst(prefix.count)) }.sorted()
  }
}

/// Drives one node by hand: s1 and s2, the load balancer, clients c1 and c2. Each input returns
/// what the node sent, answered or put off, a line each; continuations wait until they are asked
/// for.
struct TwoNodeScript<N: Node> where N.Message == TwoNodeStore.Message {
  var node: N
  let me: NodeID
  var files = MemoryFiles()
  /// Continuations put off, oldest first.
  var postponed: [Int] = []
  private(set) var incarnation: Int
  private var host: Host<TwoNodeStore.Message>

  init(_ node: N, _ me: NodeID, incarnation: Int = 1) {
    self.node = node
    self.me = me
    self.incarnation = incarnation
    host = Host(
      layout: Two.layout, costs: CostTable(),
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
  }

  var effects: [Effect<TwoNodeStore.Message>] { host.effects }

  var fileOperations: [FileOperation] {
    effects.compactMap { if case .file(let operation) = $0 { operation } else { nil } }
  }

  var observations: [Observation] {
    effects.compactMap { if case .observe(let observation) = $0 { observation } else { nil } }
  }

  /// Why the node ended its process in the last step; `nil` if it did not.
  var abort: String? { host.aborted?.reason.text }

  var crashPoints: [String] { host.crashPoints.map(\.label.text) }

  var messages: [TwoNodeStore.Message] {
    effects.compactMap { if case .send(let message, _) = $0 { message } else { nil } }
  }

  @discardableResult
  mutating func start() -> [String] { step { $0.start(&$1) } }

  @discardableResult
  mutating func receive(_ message: TwoNodeStore.Message, from name: String) -> [String] {
    step { $0.receive(message, from: Two.node(name), &$1) }
  }

  @discardableResult
  mutating func fire(_ timer: TimerID) -> [String] { step { $0.timerFired(timer, &$1) } }

  /// Runs the oldest continuation.
  @discardableResult
  mutating func resume() -> [String] {
    let continuation = postponed.removeFirst()
    return step { $0.resume(continuation, &$1) }
  }

  /// Runs continuations until none is left; returns what all of them sent.
  @discardableResult
  mutating func resumeAll() -> [String] {
    var lines: [String] = []
    while !postponed.isEmpty { lines += resume() }
    return lines
  }

  /// Runs a step on a copy of the files. With a limit only the first effects happen, as in a crash
  /// of the process; the script is of no use afterwards but for ``files``.
  @discardableResult
  mutating func step(
    keeping limit: Int = .max, _ body: (inout N, inout Host<TwoNodeStore.Message>) -> Void
  ) -> [String] {
    host.begin(me, incarnation: Incarnation(incarnation), time: .start, skew: .zero)
    host.files = files
    body(&node, &host)
    host.files = NoFiles()
    var lines: [String] = []
    for effect in effects.prefix(limit) {
      switch effect {
      case .send(let message, let peer):
        lines.append("\(Two.layout.name(of: peer)) <- \(message.summary)")
      case .complete(let request, let response):
        lines.append("complete \(request.number): \(response)")
      case .resume(let continuation): postponed.append(continuation)
      case .file(let operation):
        do { try files.perform(operation) } catch { Issue.record("\(operation): \(error)") }
      default: break
      }
    }
    return lines
  }
}

/// The cluster of the scripted tests, and short ways to say what is said in it.
enum Two {
  static let layout = ClusterLayout(serverCount: 2, coordinatorName: "lb", clientCount: 2)

  static func node(_ name: String) -> NodeID { layout.node(named: name) ?? NodeID(99) }

  static func setting(
    _ bugs: [TwoNodeStore.Deviation] = []
  ) -> ProtocolSetting<TwoNodeStore.Deviation> {
    ProtocolSetting(layout: layout, deviations: DeviationSet(bugs))
  }

  static func id(_ client: String, _ number: Int) -> RequestID {
    RequestID(client: node(client), number: number)
  }

  static func assignment(
    _ epoch: Int, _ primary: String?, _ peer: TwoNodeStore.Assignment.Peer = .stable,
    incarnations: [Int] = [1, 1]
  ) -> TwoNodeStore.Assignment {
    TwoNodeStore.Assignment(
      epoch: epoch, primary: primary.map { node($0) }, peer: peer, incarnations: incarnations)
  }

  static func write(
    _ epoch: Int, _ number: Int, _ request: RequestID, _ blocks: [Int], _ value: String
  ) -> TwoNodeStore.LoggedWrite {
    TwoNodeStore.LoggedWrite(
      id: TwoNodeStore.TransactionID(epoch: epoch, number: number), request: request,
      moves: blocks.map { TwoNodeStore.BlockValue(block: $0, value: value) })
  }

  static func request(
    _ client: String, _ number: Int, _ operation: TwoNodeStore.Message.Operation
  ) -> TwoNodeStore.Message {
    .request(id(client, number), operation)
  }

  /// A started node of epoch 1, in which s1 is primary and s2 a stable backup.
  static func server(
    _ name: String, _ bugs: [TwoNodeStore.Deviation] = []
  ) -> TwoNodeScript<TwoNodeStore.Server> {
    var script = TwoNodeScript(TwoNodeStore.makeServer(node(name), setting(bugs)), node(name))
    script.start()
    script.receive(.assignment(assignment(1, "s1")), from: "lb")
    return script
  }

  /// The process after `old`, started on its files.
  static func restarted(
    _ old: TwoNodeScript<TwoNodeStore.Server>, _ bugs: [TwoNodeStore.Deviation] = []
  ) -> TwoNodeScript<TwoNodeStore.Server> {
    var script = TwoNodeScript(
      TwoNodeStore.makeServer(old.me, setting(bugs)), old.me, incarnation: old.incarnation + 1)
    script.files = old.files
    script.start()
    return script
  }

  /// What the blocks hold, in order, as `0:a 3:b`.
  static func text(_ contents: [KeyedValue]) -> String {
    contents.map { "\($0.key):\($0.value)" }.joined(separator: " ")
  }
}
