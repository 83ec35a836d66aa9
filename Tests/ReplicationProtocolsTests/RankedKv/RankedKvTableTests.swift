import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Ranked store: the table and its file")
struct RankedKvTableTests {
  private let client = NodeID(3)

  private func update(_ sequence: Int, _ number: Int, _ value: String?) -> RankedKv.Update {
    RankedKv.Update(
      sequence: sequence, request: RequestID(client: client, number: number), lowestOpen: 1,
      row: value.map {
        RankedKv.Row(key: 7, value: $0, number: sequence, stamp: 1_500_000_000_000_001, writer: 2)
      },
      response: value.map { .value($0) } ?? .swapped(false))
  }

  private var records: [RankedKv.TableRecord] {
    var table = RankedKv.Table()
    table.take(update(1, 1, "a"))
    table.take(update(2, 2, nil))
    return [
      .membership(
        RankedKv.Membership(
          epoch: 9, members: [RankedKv.Member(rank: 1, incarnation: 3)])),
      .leader(rank: 3, stamp: 1_500_000_000_000_000), .table(table), .update(update(3, 4, "ü")),
      .update(update(4, 5, nil)),
      .row(RankedKv.Row(key: 0, value: "", number: 0, stamp: 0, writer: 0)), .seal,
    ]
  }

  @Test("every record is read back as it was written")
  func roundTrip() {
    #expect(RankedKv.TableRecord.scan(records.flatMap(\.bytes)) == records)
  }

  @Test("a file that is cut anywhere gives the records before the cut")
  func cut() {
    let bytes = records.flatMap(\.bytes)
    var ends: [Int] = []
    for record in records { ends.append((ends.last ?? 0) + record.bytes.count) }
    for length in 0...bytes.count {
      let whole = ends.filter { $0 <= length }.count
      #expect(
        RankedKv.TableRecord.scan(Array(bytes.prefix(length))) == Array(records.prefix(whole)))
    }
  }

  @Test("a record with a changed byte ends the scan")
  func damage() {
    let bytes = records.flatMap(\.bytes)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x55
      let read = RankedKv.TableRecord.scan(damaged)
      #expect(read.count < records.count && read == Array(records.prefix(read.count)))
    }
  }

  @Test("an answer is kept until its client has it")
  func outcomes() {
    var outcomes = RankedKv.Outcomes()
    outcomes.record(update(1, 4, "a"))
    let outcome = RankedKv.Outcomes.Outcome(number: 4, sequence: 1, response: .value("a"))
    #expect(outcomes.standing(of: RequestID(client: client, number: 4)) == .executed(outcome))
    #expect(outcomes.standing(of: RequestID(client: client, number: 5)) == .new)
    #expect(outcomes.standing(of: RequestID(client: NodeID(9), number: 1)) == .new)
    var later = update(2, 6, "b")
    later.lowestOpen = 6
    outcomes.record(later)
    #expect(outcomes.standing(of: RequestID(client: client, number: 4)) == .finished)
  }

  @Test("a restarted server finds what it had, whatever record was the last")
  func reopening() {
    var world = RankedKvWorld(servers: 1)
    for number in 1...70 { world.ask(1, number, .put(key: 0, value: "v\(number)")) }
    #expect(world.answers().count == 70)
    world.crash(1)
    world.restart(1)
    #expect(world.contents(1) == "0=v70")
    // The updates before have been gathered into a generation of their own.
    #expect(world.files[0].contents.keys.sorted() == ["table.4"])
  }
}
