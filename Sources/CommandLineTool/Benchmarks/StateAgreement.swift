import DiskSimulation
import Dispatch
import SimulationKernel
import Synchronization

/// The second half of the proof: for every program of up to so many calls from a grammar, the crash
/// states that `crashproof disk` lists are those that are read from open disks, crashing before the
/// first call and after each.
///
/// The two sides share the profile's micro-operations and nothing else: the list counts closed sets
/// in one sweep over the program; the open disk decides what each read sees.
struct StateAgreement: Sendable {
  struct Figures: Hashable, Sendable {
    /// Programs in which no call is refused.
    var programs = 0
    /// States, summed over the programs.
    var states = 0
    /// Readings of open disks; those of a common beginning count once.
    var lazyLeaves = 0
  }

  /// One call that the grammar has.
  static let grammar: [DiskProgram.Call] = [
    .create("t"), .write("t", offset: 0, count: blockSize, fill: UInt8(ascii: "n")),
    .write("f", offset: blockSize, count: 2 * blockSize, fill: UInt8(ascii: "m")),
    .truncate("f", size: blockSize), .rename("t", to: "f"), .unlink("f"), .link("f", to: "d/g"),
    .rename("f", to: "d/f"), .makeDirectory("d"), .sync("t"), .sync("f"), .sync("."), .sync("d"),
    .print,
  ]

  /// A program, the disk that it leaves, and every state it may leave when it is cut off.
  private struct Prefix {
    var calls: [DiskProgram.Call]
    var disk: VirtualDisk
    var isPrinted: Bool
    var states: Set<String>
  }

  var profile: PersistenceProfile
  var calls: Int
  /// How the lazy way loses power; tests hand in a wrong one.
  var losePower: @Sendable (inout VirtualDisk) -> Void = { $0.losePowerLeavingOpen() }

  /// Compares; stops at the first difference.
  /// - Returns: the figures, and the first program whose states differ, or nil.
  func run(jobs: Int, progress: @Sendable (Int, Int) -> Void) throws -> (Figures, String?) {
    var disk = VirtualDisk(profile: profile)
    try disk.perform(.create("f"))
    try disk.perform(
      .write("f", offset: 0, bytes: [UInt8](repeating: UInt8(ascii: "o"), count: 2 * blockSize)))
    disk.syncAll()
    var figures = Figures()
    var root = Prefix(calls: [], disk: disk, isPrinted: false, states: [])
    read(&root, &figures)
    // Two levels are enough to give every thread work.
    let starts = try extended(root, &figures).flatMap { try extended($0, &figures) }
    let next = Atomic<Int>(0)
    let found = Mutex<(Figures, [(Int, String)], (any Error)?)>((figures, [], nil))
    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      var figures = Figures()
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        if place >= starts.count || Interruption.hasHappened { break }
        do {
          if let difference = try explore(starts[place], &figures) {
            found.withLock { $0.1.append((place, difference)) }
          }
        } catch {
          found.withLock { $0.2 = error }
        }
        progress(place, starts.count)
      }
      found.withLock { $0.0.add(figures) }
    }
    let (sum, differences, error) = found.withLock { $0 }
    if let error { throw error }
    return (sum, differences.min { $0.0 < $1.0 }?.1)
  }

  /// The programs with one more call, none of which is refused.
  private func extended(_ prefix: Prefix, _ figures: inout Figures) throws -> [Prefix] {
    guard prefix.calls.count < calls else { return [] }
    return Self.grammar.compactMap { call in
      var longer = prefix
      longer.calls.append(call)
      if call == .print {
        if prefix.isPrinted { return nil }
        longer.isPrinted = true
      } else {
        guard (try? longer.disk.perform(Self.operation(call))) != nil else { return nil }
      }
      read(&longer, &figures)
      return longer
    }
  }

  /// Compares the program and all longer ones; answers the first that differs.
  private func explore(_ prefix: Prefix, _ figures: inout Figures) throws -> String? {
    if let difference = try compare(prefix, &figures) { return difference }
    for longer in try extended(prefix, &figures) {
      if let difference = try explore(longer, &figures) { return difference }
    }
    return nil
  }

  private func compare(_ prefix: Prefix, _ figures: inout Figures) throws -> String? {
    let program = DiskProgram(
      files: [.init("f", blocks: 2, fill: UInt8(ascii: "o"))], calls: prefix.calls)
    guard let sweep = try ProgramStates(of: program, profile) else {
      return "\(prefix.calls): too many intermediate states"
    }
    let listed = Set(
      sweep.states.map { state in
        state.entries.map { $0.path + ($0.path.hasSuffix("/") ? "" : "=" + $0.contents) }
          .joined(separator: " ") + (state.isPrinted ? ", printed" : "")
      })
    figures.programs += 1
    figures.states += listed.count
    if listed == prefix.states { return nil }
    return """
      \(prefix.calls.map { "\($0)" }.joined(separator: "; "))
        only listed: \(listed.subtracting(prefix.states).sorted())
        only read:   \(prefix.states.subtracting(listed).sorted())
      """
  }

  /// Adds what a power loss now may leave.
  private func read(_ prefix: inout Prefix, _ figures: inout Figures) {
    var open = prefix.disk
    losePower(&open)
    var states = prefix.states
    let suffix = prefix.isPrinted ? ", printed" : ""
    let summary = forEachRecovery(of: open) { disk in
      var entries: [String] = []
      Self.readAll(&disk, ".", "", &entries)
      states.insert(entries.joined(separator: " ") + suffix)
    }
    figures.lazyLeaves += summary.leaves
    prefix.states = states
  }

  private static func readAll(
    _ disk: inout VirtualDisk, _ path: String, _ prefix: String, _ entries: inout [String]
  ) {
    guard let names = try? disk.list(path) else {
      let bytes = (try? disk.read(path, offset: 0, count: .max)) ?? []
      let characters = stride(from: 0, to: bytes.count, by: blockSize).map {
        bytes[$0] == 0 ? UInt8(ascii: "0") : bytes[$0]
      }
      entries.append("\(prefix)=\(String(decoding: characters, as: UTF8.self))")
      return
    }
    if names.isEmpty, !prefix.isEmpty { entries.append(prefix + "/") }
    for name in names {
      readAll(&disk, path + "/" + name, prefix.isEmpty ? name : prefix + "/" + name, &entries)
    }
  }

  private static func operation(_ call: DiskProgram.Call) -> FileOperation {
    switch call {
    case .create(let path): .create(path)
    case .write(let path, let offset, let count, let fill):
      .write(path, offset: offset, bytes: [UInt8](repeating: fill, count: count))
    case .truncate(let path, let size): .truncate(path, size: size)
    case .rename(let path, let new): .rename(path, to: new)
    case .link(let path, let new): .link(path, to: new)
    case .unlink(let path): .unlink(path)
    case .makeDirectory(let path): .makeDirectory(path)
    case .sync(let path) where path == "." || path == "d": .syncDirectory(path)
    case .sync(let path): .syncFile(path)
    case .print: programmingError("a print is no file operation")
    }
  }
}

extension StateAgreement.Figures {
  fileprivate mutating func add(_ other: Self) {
    programs += other.programs
    states += other.states
    lazyLeaves += other.lazyLeaves
  }
}
