import DiskSimulation
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// What a loss of power at any moment of a commit leaves of a volume, under the profile
/// default+atomic-dir: every closed set of what was pending, where that is feasible.
@Suite("Crash states of a commit")
struct VolumeCrashTests {
  /// Two aligned blocks and a write across their boundary, about to be committed.
  private static func prepared(
    _ format: ChainStore.VolumeFormat, _ design: ChainStore.VolumeDesign
  ) -> TestVolume {
    var test = TestVolume(format, design)
    test.writeAndCommit(0, 2, "a")
    test.writeAndCommit(2, 2, "b")
    test.files.disk.syncAll()
    test.files.forget()
    return test
  }

  private static let old = "0:a 1:a 2:b 3:b"
  private static let new = "0:a 1:c 2:c 3:b"

  /// What the volume holds after each crash, and how many crashes were tried.
  private static func outcomes(
    _ format: ChainStore.VolumeFormat, _ design: ChainStore.VolumeDesign = .init(),
    tears: Bool = false
  ) -> (texts: Set<String>, crashes: Int) {
    var test = prepared(format, design)
    test.write(1, 2, "c")
    test.commit()
    var texts: Set<String> = []
    var crashes = 0
    for disk in test.files.before + [test.files.disk] {
      for crashed in images(of: disk, tears: tears) {
        crashes += 1
        texts.insert(TestVolume.text(test.restarted(on: crashed)))
      }
    }
    return (texts, crashes)
  }

  private static func images(of disk: VirtualDisk, tears: Bool) -> [VirtualDisk] {
    if tears {
      var torn = disk
      torn.arm(StorageFaultRequest(.tornSectors(.garbage)))
      return (0..<24).map { seed in
        var crashed = torn
        var word = UInt64(seed)
        crashed.losePower { count in
          word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return Int(word >> 33) % count
        }
        return crashed
      }
    }
    if let found = disk.crashImages(limit: 4096) { return found.images }
    // Data that nothing leads to yet: a prefix of it, or nothing.
    return (0...disk.pendingCount).compactMap { count in
      var crashed = disk
      guard (try? crashed.losePower(keeping: Array(0..<count))) != nil else { return nil }
      return crashed
    }
  }

  @Test("an atomic volume is old or new")
  func atomic() {
    let found = Self.outcomes(.atomic)
    #expect(found.texts == [Self.old, Self.new])
    #expect(found.crashes > 20)
  }

  @Test("a linear volume that redoes its entries is old or new")
  func linear() {
    #expect(Self.outcomes(.linear).texts == [Self.old, Self.new])
  }

  @Test("CB-14: a linear volume without redo records is torn if the write is unaligned")
  func tornEntries() {
    var design = ChainStore.VolumeDesign()
    design.redoesEntries = false
    let found = Self.outcomes(.linear, design)
    #expect(found.texts == [Self.old, Self.new, "0:a 1:c 2:b 3:b", "0:a 1:a 2:c 3:b"])
  }

  @Test("CB-14: an aligned write has one entry and is old or new")
  func alignedEntry() {
    var design = ChainStore.VolumeDesign()
    design.redoesEntries = false
    var test = Self.prepared(.linear, design)
    test.write(0, 2, "c")
    test.commit()
    var texts: Set<String> = []
    for disk in test.files.before + [test.files.disk] {
      for crashed in Self.images(of: disk, tears: false) {
        texts.insert(TestVolume.text(test.restarted(on: crashed)))
      }
    }
    #expect(texts == [Self.old, "0:c 1:c 2:b 3:b"])
  }

  @Test("CB-17: torn sectors spoil a single root, and leave one of two")
  func tornRoot() {
    #expect(Self.outcomes(.atomic, tears: true).texts == [Self.old, Self.new])
    var design = ChainStore.VolumeDesign()
    design.keepsTwoRoots = false
    #expect(!Self.outcomes(.atomic, design, tears: true).texts.isSubset(of: [Self.old, Self.new]))
  }

  @Test("a new volume is there when it is complete", arguments: VolumeTests.formats)
  func creation(format: ChainStore.VolumeFormat) throws {
    let test = TestVolume(format)
    for disk in test.files.before + [test.files.disk] {
      for crashed in Self.images(of: disk, tears: false) {
        let volume = test.restarted(on: crashed)
        #expect(volume.committed == 0 && volume.contents.isEmpty)
        #expect(volume.root.generation == 1)
      }
    }
  }

  @Test("a damaged page leads nowhere and traps nothing")
  func damaged() {
    var test = Self.prepared(.atomic, ChainStore.VolumeDesign(keepsTwoRoots: false))
    for place in 0..<12 {
      var files = test.files
      let garbage = Array(repeating: UInt8(0xFF), count: 4096)
      files.perform(
        .write(ChainStore.Volume.path, offset: place * 4096, bytes: garbage),
        at: CallSite(#fileID, #line))
      _ = test.restarted(on: files.disk)
    }
    test.commit()
    #expect(test.text == Self.old)
  }
}
