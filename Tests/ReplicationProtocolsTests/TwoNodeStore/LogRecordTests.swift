import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Records of the transaction log, whole and torn.
@Suite struct LogRecordTests {
  typealias Record = TwoNodeStore.LogRecord

  private static let id = TwoNodeStore.TransactionID(epoch: 3, number: 70_000)
  private static var executed: TwoNodeStore.RequestSet {
    var set = TwoNodeStore.RequestSet()
    for number in [1, 2, 3, 7] { set.insert(Two.id("c1", number)) }
    set.insert(Two.id("c2", 2))
    return set
  }
  private static let records: [Record] = [
    .checkpoint(executed),
    .start(id, Two.id("c2", 9), count: 2),
    .move(id, TwoNodeStore.BlockValue(block: 3, value: "<c2.9>")),
    .move(id, TwoNodeStore.BlockValue(block: 4, value: "")),
    .replicationBegins(id), .pendingReplication(id), .abort(id), .commit(id),
    .checkpoint(TwoNodeStore.RequestSet()),
  ]

  @Test func aRecordReadsBackAsItWasWritten() {
    for record in Self.records {
      let (read, end) = Record.scan(record.bytes)
      #expect(read == [record])
      #expect(end == record.bytes.count)
    }
  }

  @Test func aLogThatIsCutAnywhereReadsUpToTheCut() {
    let bytes = Self.records.flatMap(\.bytes)
    var ends = [0]
    for record in Self.records { ends.append(ends[ends.count - 1] + record.bytes.count) }
    for cut in 0...bytes.count {
      let whole = ends.count { $0 <= cut } - 1
      let (read, end) = Record.scan(Array(bytes.prefix(cut)))
      #expect(read == Array(Self.records.prefix(whole)), "cut at \(cut)")
      #expect(end == ends[whole], "cut at \(cut)")
    }
  }

  @Test func aLogThatIsTornAnywhereReadsUpToTheTear() {
    let bytes = Self.records.flatMap(\.bytes)
    let first = Self.records[0].bytes.count
    let second = first + Self.records[1].bytes.count
    for torn in first..<second {
      for filler: UInt8 in [0, UInt8(ascii: "?"), 255] where bytes[torn] != filler {
        var log = bytes
        log[torn] = filler
        #expect(Record.scan(log).records == [Self.records[0]], "byte \(torn) is \(filler)")
      }
    }
  }

  @Test func zerosAndGarbageAreNoRecords() {
    #expect(Record.scan(Array(repeating: 0, count: 9000)).records.isEmpty)
    #expect(Record.scan(Array(repeating: UInt8(ascii: "?"), count: 9000)).records.isEmpty)
  }
}

/// What a restarted node makes of its log.
@Suite struct LogReplayTests {
  typealias Record = TwoNodeStore.LogRecord
  typealias Replay = TwoNodeStore.LogReplay

  private let first = Two.write(1, 1, Two.id("c1", 1), [0], "a")
  private let second = Two.write(1, 2, Two.id("c1", 2), [0, 1], "b")

  private func begin(_ write: TwoNodeStore.LoggedWrite) -> [Record] {
    [.start(write.id, write.request, count: write.moves.count)]
      + write.moves.map { .move(write.id, $0) }
  }

  @Test func aCommittedWriteIsExecuted() {
    let replay = Replay(begin(first) + [.replicationBegins(first.id), .commit(first.id)])
    #expect(replay.executed.contains(first.request))
    #expect(replay.unfinished.isEmpty)
    #expect(replay.pending.isEmpty)
  }

  @Test func aWriteWithoutOutcomeIsUnfinished() {
    let replay = Replay(begin(first) + [.commit(first.id)] + begin(second))
    #expect(replay.unfinished == [second])
    #expect(!replay.executed.contains(second.request))
  }

  @Test func aWriteWhoseDataIsNotAllThereNeverBegan() {
    #expect(Replay(Array(begin(second).dropLast())).unfinished.isEmpty)
  }

  @Test func anAbortedWriteIsForgotten() {
    let replay = Replay(begin(first) + [.abort(first.id)])
    #expect(replay.unfinished.isEmpty)
    #expect(!replay.executed.contains(first.request))
  }

  @Test func aPendingWriteStaysPending() {
    let log = begin(first) + [.pendingReplication(first.id), .commit(first.id)]
    #expect(Replay(log).pending == [first])
    // BS-05.
    #expect(Replay(log, understandsPending: false).pending.isEmpty)
  }

  /// What was overwritten since must not come back: the other node may have the newer write.
  @Test func aPendingWriteLosesTheBlocksThatALaterWriteReplaced() {
    let log =
      begin(second) + [.pendingReplication(second.id), .commit(second.id)]
      + begin(Two.write(2, 1, Two.id("c2", 1), [0], "c"))
      + [.commit(TwoNodeStore.TransactionID(epoch: 2, number: 1))]
    #expect(Replay(log).pending == [Two.write(1, 2, Two.id("c1", 2), [1], "b")])
  }
}
