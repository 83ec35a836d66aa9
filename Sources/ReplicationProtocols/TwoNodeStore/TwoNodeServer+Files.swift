import SimulationKernel

/// Block files: prepared beside the old ones, renamed into place, and forced. What uses the disk
/// says on whose behalf: `file` and `line` are the caller's.
extension TwoNodeStore.Server {
  /// Carries out a file operation. A node whose disk refuses one ends its process, as the
  /// document's nodes fail by stopping: the load balancer hears of it, and a restarted node
  /// recovers. Nothing is tried again, because an fsync that succeeds after one that failed
  /// promises nothing.
  func perform(
    _ operation: FileOperation, _ host: inout Host<Message>, from caller: CallSite? = nil,
    file: StaticString = #fileID, line: UInt32 = #line
  ) {
    do throws(FileError) {
      try host.perform(operation, from: caller, file: file, line: line)
    } catch {
      host.abort("file error")
    }
  }

  /// The bytes of a file; none if there is no such file.
  func bytes(
    of path: String, _ host: inout Host<Message>, from caller: CallSite? = nil,
    file: StaticString = #fileID, line: UInt32 = #line
  ) -> [UInt8] {
    do throws(FileError) {
      return try host.read(path, from: caller, file: file, line: line)
    } catch { expectAbsence(error, &host) }
    return []
  }

  /// The names in a directory; none if there is no such directory.
  func names(
    in path: String, _ host: inout Host<Message>, from caller: CallSite? = nil,
    file: StaticString = #fileID, line: UInt32 = #line
  ) -> [String] {
    do throws(FileError) {
      return try host.list(path, from: caller, file: file, line: line)
    } catch { expectAbsence(error, &host) }
    return []
  }

  private func expectAbsence(_ error: FileError, _ host: inout Host<Message>) {
    if case .notFound = error { return }
    host.abort("file error")
  }

  /// Writes and forces a temporary file for each block.
  mutating func makeTemporaries(
    _ write: TwoNodeStore.LoggedWrite, _ host: inout Host<Message>,
    file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let site = CallSite(file, line)
    for move in write.moves {
      makeDirectory(of: move.block, &host, from: site)
      let path = files.temporaryPath(of: move.block)
      let bytes = TwoNodeStore.BlockFiles.bytes(of: move.value)
      perform(.create(path), &host, from: site)
      perform(.write(path, offset: 0, bytes: bytes), &host, from: site)
      if settings.forcesFiles { perform(.syncFile(path), &host, from: site) }
      // BS-10: the first of two files does not wait for the second.
      if settings.renamesFirstBlockAtOnce, move != write.moves.last {
        perform(.rename(path, to: files.path(of: move.block)), &host, from: site)
        note(move)
      }
    }
  }

  private mutating func makeDirectory(
    of block: Int, _ host: inout Host<Message>, from caller: CallSite,
    file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let site = CallSite(file, line, from: caller)
    let name = files.directory(of: block)
    guard !directories.contains(name) else { return }
    perform(.makeDirectory(name), &host, from: site)
    perform(.syncDirectory("."), &host, from: site)
    directories.append(name)
    directories.sort()
  }

  /// Renames the temporary files into place, then forces the directories.
  mutating func install(
    _ write: TwoNodeStore.LoggedWrite, _ host: inout Host<Message>,
    file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let site = CallSite(file, line)
    for move in write.moves where hasTemporary(move.block, &host, from: site) {
      let path = files.temporaryPath(of: move.block)
      perform(.rename(path, to: files.path(of: move.block)), &host, from: site)
      note(move)
    }
    guard settings.forcesDirectories else { return }
    var forced: [String] = []
    for move in write.moves {
      let name = files.directory(of: move.block)
      if !forced.contains(name) { perform(.syncDirectory(name), &host, from: site) }
      forced.append(name)
    }
  }

  /// Not there if a known bug has moved it before.
  private func hasTemporary(
    _ block: Int, _ host: inout Host<Message>, from site: CallSite
  ) -> Bool {
    (try? host.size(of: files.temporaryPath(of: block), from: site)) != nil
  }

  mutating func removeTemporaries(
    _ write: TwoNodeStore.LoggedWrite, _ host: inout Host<Message>,
    file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let site = CallSite(file, line)
    for move in write.moves where hasTemporary(move.block, &host, from: site) {
      perform(.unlink(files.temporaryPath(of: move.block)), &host, from: site)
    }
  }

  /// Removes whatever temporary files a crash has left.
  mutating func removeAllTemporaries(
    _ host: inout Host<Message>, file: StaticString = #fileID, line: UInt32 = #line
  ) {
    let site = CallSite(file, line)
    for directory in directories {
      for name in names(in: directory, &host, from: site)
      where name.hasSuffix(TwoNodeStore.BlockFiles.temporarySuffix) {
        perform(.unlink("\(directory)/\(name)"), &host, from: site)
      }
    }
  }

  // MARK: Contents

  /// What the file of a block says now; nothing if there is none.
  func storedValue(
    of block: Int, _ host: inout Host<Message>, file: StaticString = #fileID,
    line: UInt32 = #line
  ) -> String {
    let site = CallSite(file, line)
    return TwoNodeStore.BlockFiles.value(of: bytes(of: files.path(of: block), &host, from: site))
  }

  /// What a client reads of a block. A node that remembers another value than the file holds ends
  /// its process: the disk has damaged the file, or answers for an older one.
  func verifiedValue(
    of block: Int, _ host: inout Host<Message>, file: StaticString = #fileID,
    line: UInt32 = #line
  ) -> String {
    let stored = storedValue(of: block, &host, file: file, line: line)
    let known = values.first { $0.key == block }?.value ?? ""
    if settings.comparesContents, stored != known { host.abort("damaged block") }
    return stored
  }

  /// Notes what a file says.
  mutating func note(_ change: TwoNodeStore.BlockValue) {
    let place = values.firstIndex { $0.key >= change.block } ?? values.count
    let entry = KeyedValue(key: change.block, value: change.value)
    if place < values.count, values[place].key == change.block {
      values[place] = entry
    } else {
      values.insert(entry, at: place)
    }
  }

  /// Reads everything that is on disk.
  mutating func loadContents(_ host: inout Host<Message>) {
    for directory in directories {
      for name in names(in: directory, &host) {
        guard let block = TwoNodeStore.BlockFiles.block(ofFile: name) else { continue }
        note(TwoNodeStore.BlockValue(block: block, value: storedValue(of: block, &host)))
      }
    }
  }

  /// A checksum of each block that has a value.
  var checksums: [TwoNodeStore.BlockChecksum] {
    contents.map {
      TwoNodeStore.BlockChecksum(
        block: $0.key, checksum: TwoNodeStore.BlockFiles.checksum(of: $0.value))
    }
  }
}
