import SimulationKernel

extension TwoNodeStore {
  /// Where the log stands: one file `log.<generation>`, to which records are appended.
  ///
  /// A log is replaced by writing the next generation, forcing it and its name, and then removing
  /// the old one. Nothing is renamed, because not every file system renames in one piece. A log
  /// begins with what is carried over, sealed by a checkpoint; one without a checkpoint was never
  /// finished.
  struct LogPosition: Hashable, Sendable {
    static let prefix = "log."
    /// 0 before there is a log.
    var generation = 0
    /// Size in bytes.
    var end = 0

    var path: String { Self.prefix + String(generation) }

    static func generation(ofFile name: String) -> Int? {
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }
  }
}

/// The transaction log on disk.
extension TwoNodeStore.Server {
  typealias LogRecord = TwoNodeStore.LogRecord

  // MARK: Appending

  /// The records that begin a write.
  func start(of write: TwoNodeStore.LoggedWrite) -> [LogRecord] {
    [.start(write.id, write.request, count: write.moves.count)]
      + write.moves.map { .move(write.id, $0) }
  }

  mutating func append(
    _ records: [LogRecord], _ host: inout Host<Message>, from caller: CallSite? = nil,
    file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let bytes = records.flatMap(\.bytes)
    let site = CallSite(file, line, from: caller)
    perform(.write(log.path, offset: log.end, bytes: bytes), &host, from: site)
    log.end += bytes.count
  }

  mutating func forceLog(
    _ host: inout Host<Message>, from caller: CallSite? = nil, file: StaticString = #fileID,
    line: UInt32 = #line
  ) {
    perform(.syncFile(log.path), &host, from: CallSite(file, line, from: caller))
  }

  /// Begins the next generation with what has to be kept: which requests were executed, and the
  /// writes that the other node has not got.
  mutating func replaceLog(
    _ host: inout Host<Message>, file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let site = CallSite(file, line)
    let old = log
    log = TwoNodeStore.LogPosition(generation: old.generation + 1, end: 0)
    perform(.create(log.path), &host, from: site)
    var records: [LogRecord] = []
    for write in pending {
      records += start(of: write)
      records += [.pendingReplication(write.id), .commit(write.id)]
    }
    append(records + [.checkpoint(executed)], &host, from: site)
    // A log that says nothing may be lost: `openDisk` takes the node for new either way.
    let saysNothing = executed.members.isEmpty && records.isEmpty
    if !saysNothing { forceLog(&host, from: site) }
    perform(.syncDirectory("."), &host, from: site)
    for name in names(in: ".", &host, from: site) {
      guard let generation = TwoNodeStore.LogPosition.generation(ofFile: name),
        generation < log.generation
      else { continue }
      perform(.unlink(name), &host, from: site)
    }
  }

  // MARK: Opening

  /// Finds out what the disk holds. A node without a finished log is new.
  mutating func openDisk(_ host: inout Host<Message>) {
    let names = names(in: ".", &host)
    directories = names.filter { TwoNodeStore.BlockFiles.isDirectory($0) }
    loadContents(&host)
    let generations = names.compactMap { TwoNodeStore.LogPosition.generation(ofFile: $0) }.sorted()
    for generation in generations.reversed() {
      log.generation = generation
      let (records, end) = LogRecord.scan(bytes(of: log.path, &host))
      guard records.contains(where: \.isCheckpoint) else { continue }
      log.end = end
      let replay = TwoNodeStore.LogReplay(
        records, understandsPending: settings.understandsPendingRecord)
      // A log that says nothing may not even be durable; the node is as good as new.
      if replay.isEmpty { break }
      executed = replay.executed
      unfinished = replay.unfinished
      pending = replay.pending
      isCaughtUp = false
      log.generation = generations.last ?? generation
      host.crashPoint("log read")
      return
    }
    log.generation = generations.last ?? 0
    isCaughtUp = true
    replaceLog(&host)
  }
}

extension TwoNodeStore.LogRecord {
  fileprivate var isCheckpoint: Bool {
    if case .checkpoint = self { true } else { false }
  }
}
