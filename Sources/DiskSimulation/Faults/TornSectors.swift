import SimulationKernel

/// The size of a sector in bytes: what a drive writes whole or not at all.
public let sectorSize = 512

// A power loss that tears. Pillai et al. (OSDI 2014), table 1, found an overwrite of a sector
// atomic on every file system, and one of a block only where data is journaled or copied on write;
// Zheng et al., "Understanding the Robustness of SSDs under Power Fault" (FAST 2013), found drives
// that leave a sector neither old nor new.
extension VirtualDisk {
  /// Cuts every pending write of data at multiples of 512 bytes, so that each sector persists or
  /// not by itself: what a power loss does on a disk with the fault
  /// ``StorageFault/tornSectors(_:)`` before it decides what is lost. It does not touch what is
  /// durable, nor a byte that is not of the write itself, nor the order in which writes persist.
  ///
  /// Where interrupted sectors hold zeros or garbage, these are a micro-operation of their own
  /// before the data of the sector: it ends with neither, the first, or both.
  ///
  /// A file that declared its records (``declareChecksummed(_:recordSize:)``) reads old, new or
  /// torn, if the loss is left open.
  /// - Returns: whether anything was cut. Nothing is under a profile of a file system that journals
  ///   data or copies it on write.
  @discardableResult
  public mutating func tearPending(_ remains: SectorRemains) -> Bool {
    state.tearPending(remains)
  }
}

extension DiskState {
  /// Tears what is pending if a fault says so.
  mutating func tearIfArmed() {
    guard faults?.hasArmed(.tornSectors) ?? false, hasTornPieces else { return }
    if let armed = faults?.take(.tornSectors, ""),
      case .tornSectors(let remains) = armed.request.fault, tearPending(remains)
    {
      note(.tornSectors, "the power loss tears sectors, which hold \(remains.rawValue) data then")
    }
  }

  private var hasTornPieces: Bool {
    profile.tearsBlocks
      && log.contains { entry in
        if case .write(_, _, .bytes, _) = entry.operation.change { entry.isPending } else { false }
      }
  }

  mutating func tearPending(_ remains: SectorRemains) -> Bool {
    guard hasTornPieces else { return false }
    var torn: [LogEntry] = []
    /// What has taken the place of a serial.
    var pieces: [Int: [Int]] = [:]
    for entry in log {
      let requires = entry.operation.requires.flatMap { pieces[$0] ?? [] }
      let change = entry.operation.change
      let changes = entry.isPending ? change.sectors(remains) : [change]
      for change in changes {
        let operation = MicroOperation(
          serial: nextSerial, requires: requires, role: entry.operation.role,
          path: entry.operation.path, change: change)
        pieces[entry.operation.serial, default: []].append(nextSerial)
        nextSerial += 1
        torn.append(
          LogEntry(
            operation: operation, isForced: entry.isForced, isUndecided: entry.isUndecided))
      }
    }
    log = torn
    pendingCount = log.count { $0.isPending }
    return true
  }
}

extension MicroOperation.Change {
  /// The change cut at sectors, with what interrupted ones hold; itself if it writes no data.
  fileprivate func sectors(_ remains: SectorRemains) -> [Self] {
    guard case .write(let file, let offset, let content, let extending) = self, content.count > 0
    else { return [self] }
    var changes: [Self] = []
    var start = offset
    while start < offset + content.count {
      let end = min(offset + content.count, (start / sectorSize + 1) * sectorSize)
      func put(_ content: MicroOperation.Content) {
        changes.append(.write(file: file, offset: start, content, extending: extending))
      }
      if case .bytes = content {
        if remains == .zeros { put(.zeros(count: end - start)) }
        if remains == .garbage { put(.garbage(count: end - start)) }
      }
      put(content.slice(start - offset..<end - offset))
      start = end
    }
    return changes
  }
}
