import DiskSimulation
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// A fake disk as a volume sees it; remembers the disk before each operation.
struct DiskFiles: VolumeFiles {
  var disk = VirtualDisk(profile: .atomicDirectory)
  private(set) var operations: [FileOperation] = []
  /// The disk before each of the operations.
  private(set) var before: [VirtualDisk] = []

  mutating func perform(_ operation: FileOperation, at site: CallSite) {
    operations.append(operation)
    before.append(disk)
    do { try disk.perform(operation) } catch { Issue.record("\(operation): \(error)") }
  }

  mutating func read(_ path: String, offset: Int, count: Int, at site: CallSite) -> [UInt8] {
    (try? disk.read(path, offset: offset, count: count)) ?? []
  }

  mutating func size(of path: String, at site: CallSite) -> Int? {
    try? disk.size(of: path)
  }

  mutating func forget() {
    operations.removeAll()
    before.removeAll()
  }
}

/// A volume on a fake disk, with short ways to write and to look.
struct TestVolume {
  typealias Format = ChainStore.VolumeFormat

  var files = DiskFiles()
  var volume: ChainStore.Volume
  let sectors: Int

  init(
    _ format: Format, sectors: Int = 2,
    _ design: ChainStore.VolumeDesign = ChainStore.VolumeDesign()
  ) {
    self.sectors = sectors
    volume = .open(format, design, sectors: sectors, &files)
  }

  /// Writes a value to one or two sectors, merged with the newest versions of their blocks.
  mutating func write(_ first: Int, _ count: Int, _ value: String) {
    let write = ChainStore.SectorWrite(first: first, count: count, value: value)
    volume.write(volume.written + 1, volume.merge(write), &files)
  }

  mutating func commit(replay: [UInt64] = []) { volume.commit(replay, &files) }

  mutating func writeAndCommit(_ first: Int, _ count: Int, _ value: String) {
    write(first, count, value)
    commit()
  }

  /// The volume that a process finds that starts on this disk.
  func restarted(on disk: VirtualDisk? = nil) -> ChainStore.Volume {
    var files = DiskFiles()
    files.disk = disk ?? self.files.disk
    return .open(volume.format, volume.design, sectors: sectors, &files)
  }

  /// What the sectors hold, as `0:a 3:b`.
  var text: String { Self.text(volume) }

  static func text(_ volume: ChainStore.Volume) -> String {
    volume.contents.map { "\($0.key):\($0.value)" }.joined(separator: " ")
  }
}
