import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// What the rows of the report's table of storage times cost in file calls. Times are not modelled;
/// what the report expects of them are differences in work, and these are counted.
@Suite("What volumes of the chain store cost in file calls")
struct VolumeCostTests {
  struct Cost: Equatable, CustomStringConvertible {
    var writes = 0
    var blocks = 0
    var syncs = 0

    init(_ writes: Int, _ blocks: Int, _ syncs: Int) {
      (self.writes, self.blocks, self.syncs) = (writes, blocks, syncs)
    }

    init(_ operations: [FileOperation]) {
      for operation in operations {
        switch operation {
        case .write(_, _, let bytes):
          writes += 1
          blocks += (bytes.count + 4095) / 4096
        case .syncFile: syncs += 1
        default: break
        }
      }
    }

    var description: String { "\(writes) writes of \(blocks) blocks, \(syncs) fsyncs" }
  }

  /// One write and its commit in a volume that has been written before; `first` 0 is aligned, 1 is
  /// not. The report's linear format has no redo records.
  private func costs(
    _ format: ChainStore.VolumeFormat, first: Int
  ) -> (write: Cost, commit: Cost) {
    var design = ChainStore.VolumeDesign()
    design.redoesEntries = format == .atomic
    var test = TestVolume(format, design)
    for round in 0..<4 { test.writeAndCommit(2 * (round % 2), 2, "\(round)") }
    test.files.forget()
    test.write(first, 2, "new")
    let write = Cost(test.files.operations)
    test.files.forget()
    test.commit()
    return (write, Cost(test.files.operations))
  }

  @Test("writes cost more in the atomic format, which copies its table's pages")
  func writes() {
    #expect(costs(.linear, first: 0).write == Cost(1, 1, 0))
    #expect(costs(.linear, first: 1).write == Cost(2, 2, 0))
    // Data, leaf, second level, first level.
    #expect(costs(.atomic, first: 0).write == Cost(4, 4, 0))
    #expect(costs(.atomic, first: 1).write == Cost(5, 5, 0))
  }

  @Test("commits cost more in the non-atomic format, the more so if the write is unaligned")
  func commits() {
    // Data are forced, and then the root; in between the other format writes and forces entries.
    #expect(costs(.atomic, first: 0).commit == Cost(1, 1, 2))
    #expect(costs(.atomic, first: 1).commit == Cost(1, 1, 2))
    #expect(costs(.linear, first: 0).commit == Cost(2, 2, 3))
    #expect(costs(.linear, first: 1).commit == Cost(3, 3, 3))
  }
}
