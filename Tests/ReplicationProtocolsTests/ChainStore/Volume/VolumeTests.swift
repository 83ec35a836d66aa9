import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Volumes of the chain store")
struct VolumeTests {
  static let formats: [ChainStore.VolumeFormat] = [.atomic, .linear]

  @Test("what is written is not valid before it is committed", arguments: formats)
  func commit(format: ChainStore.VolumeFormat) {
    var test = TestVolume(format)
    test.write(3, 1, "a")
    #expect(test.text == "" && test.volume.written == 1 && test.volume.committed == 0)
    #expect(test.volume.latestContent(of: 1).sectors == ["", "a"])
    #expect(test.restarted().contents.isEmpty)
    test.commit()
    #expect(test.text == "3:a" && test.volume.committed == 1)
    #expect(test.volume.read(1, &test.files).sectors == ["", "a"])
    #expect(TestVolume.text(test.restarted()) == "3:a")
    #expect(test.restarted().committed == 1)
  }

  @Test("an unaligned write keeps the other halves of both blocks", arguments: formats)
  func unaligned(format: ChainStore.VolumeFormat) {
    var test = TestVolume(format)
    test.writeAndCommit(0, 2, "a")
    test.writeAndCommit(2, 2, "b")
    test.writeAndCommit(1, 2, "c")
    #expect(test.text == "0:a 1:c 2:c 3:b")
    #expect(TestVolume.text(test.restarted()) == test.text)
  }

  @Test("writes under way are based on each other and commit in order", arguments: formats)
  func pipeline(format: ChainStore.VolumeFormat) {
    var test = TestVolume(format)
    test.write(0, 2, "a")
    test.write(1, 2, "b")
    test.write(600, 1, "far")
    test.commit()
    #expect(test.text == "0:a 1:a")
    #expect(test.volume.latestContent(of: 0).sectors == ["a", "b"])
    test.commit()
    test.commit()
    #expect(test.text == "0:a 1:b 2:b 600:far")
    #expect(TestVolume.text(test.restarted()) == test.text)
    #expect(test.volume.pending.isEmpty && test.volume.writes.isEmpty)
  }

  @Test("blocks of the file are used again once nobody needs them", arguments: formats)
  func reuse(format: ChainStore.VolumeFormat) throws {
    var test = TestVolume(format)
    for round in 1...6 { test.writeAndCommit(0, 2, "\(round)") }
    let size = try test.files.disk.size(of: ChainStore.Volume.path)
    for round in 7...60 { test.writeAndCommit(0, 2, "\(round)") }
    #expect(try test.files.disk.size(of: ChainStore.Volume.path) == size)
    #expect(test.restarted().space == test.volume.space)
  }

  @Test("a node that has caught up stands where the other stood", arguments: formats, formats)
  func restore(format: ChainStore.VolumeFormat, other: ChainStore.VolumeFormat) {
    var source = TestVolume(format)
    source.writeAndCommit(0, 2, "a")
    source.writeAndCommit(5, 1, "b")
    var target = TestVolume(other)
    target.writeAndCommit(0, 2, "a")
    source.writeAndCommit(1, 2, "c")
    let missing = source.volume.blocks(after: target.volume.committed)
    #expect(missing.map(\.block) == [2, 0, 1])
    target.volume.restore(missing, through: source.volume.committed, [7], &target.files)
    #expect(target.text == source.text && target.volume.checksum == source.volume.checksum)
    let back = target.restarted()
    #expect(back.committed == 3 && TestVolume.text(back) == source.text)
    #expect(back.root.replay == [7])
    target.writeAndCommit(9, 1, "d")
    #expect(target.volume.committed == 4 && target.volume.checksum != source.volume.checksum)
  }

  @Test("CB-07: write 1, write 2, read 2, commit 1, read 1", arguments: formats)
  func forgottenPending(format: ChainStore.VolumeFormat) {
    var design = ChainStore.VolumeDesign()
    design.keepsNewerPending = false
    for (design, last) in [(ChainStore.VolumeDesign(), "2"), (design, "1")] {
      var test = TestVolume(format, design)
      test.write(0, 2, "1")
      test.write(0, 2, "2")
      #expect(test.volume.latestContent(of: 0).sectors == ["2", "2"])
      test.commit()
      #expect(test.volume.latestContent(of: 0).sectors == [last, last])
    }
  }

  @Test("CB-08: what an unaligned write finds depends on when it is merged", arguments: formats)
  func mergedByReplicas(format: ChainStore.VolumeFormat) {
    var design = ChainStore.VolumeDesign()
    design.keepsNewerPending = false
    for (design, isEqual) in [(ChainStore.VolumeDesign(), true), (design, false)] {
      var sums: [UInt64] = []
      for commitsFirst in [true, false] {
        var test = TestVolume(format, design)
        test.write(0, 2, "1")
        test.write(0, 2, "2")
        if commitsFirst { test.commit() }
        test.write(1, 2, "3")
        while !test.volume.writes.isEmpty { test.commit() }
        sums.append(test.volume.checksum)
      }
      #expect((sums[0] == sums[1]) == isEqual)
    }
  }

  @Test("CB-18: after a restart data are taken for free space", arguments: formats)
  func freeList(format: ChainStore.VolumeFormat) {
    var design = ChainStore.VolumeDesign()
    design.findsUsedPlaces = false
    for (design, isSafe) in [(ChainStore.VolumeDesign(), true), (design, false)] {
      var test = TestVolume(format, design)
      for sector in 0..<6 { test.writeAndCommit(100 + 2 * sector, 1, "\(sector)") }
      test.volume = test.restarted()
      for sector in 0..<6 { test.writeAndCommit(200 + 2 * sector, 1, "new \(sector)") }
      let isIntact = test.volume.blocks.allSatisfy { stored in
        test.volume.read(stored.entry.block, &test.files) == stored.content
      }
      #expect(isIntact == isSafe)
    }
  }

  @Test("bytes of a sparse volume: the table of levels grows with what is written")
  func sparseBytes() throws {
    // 256 GiB in blocks of 4096 bytes have a linear table of 1 GiB, whatever is written.
    #expect(ChainStore.Volume.linearTableBytes(blocks: 1 << 26) == 1 << 30)
    let tree = ChainStore.TableTree.self
    #expect(tree.leafEntries * tree.fanOut * tree.fanOut == 1 << 26)
    var test = TestVolume(.atomic, sectors: 1)
    test.writeAndCommit(0, 1, "a")
    // Two roots, data, leaf, second and first level.
    #expect(try test.files.disk.size(of: ChainStore.Volume.path) == 6 * 4096)
  }
}
