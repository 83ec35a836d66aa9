import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("The replay log")
struct ReplayLogTests {
  private func id(_ number: Int, client: Int = 5) -> RequestID {
    RequestID(client: NodeID(client), number: number)
  }

  @Test("a request is new, accepted, committed and at last finished")
  func standing() {
    var log = ChainStore.ReplayLog()
    #expect(log.standing(of: id(3)) == .new)
    log.add(id(3))
    #expect(log.standing(of: id(3)) == .accepted)
    log.commit(id(3))
    #expect(log.standing(of: id(3)) == .committed)
    #expect(log.standing(of: id(3, client: 6)) == .new)
    var isNews = log.raiseFloor(of: NodeID(5), to: 4)
    #expect(isNews)
    #expect(log.standing(of: id(3)) == .finished)
    isNews = log.raiseFloor(of: NodeID(5), to: 4) || log.raiseFloor(of: NodeID(5), to: 2)
    #expect(!isNews)
  }

  @Test("an older request of a client with several open is new")
  func olderIsNew() {
    var log = ChainStore.ReplayLog()
    log.add(id(7))
    #expect(log.standing(of: id(6)) == .new)
    log.olderIsFinished = true
    #expect(log.standing(of: id(6)) == .finished, "CB-10")
  }

  @Test("what is forgotten counts as new again: CB-09 and CB-12")
  func forgetting() {
    var log = ChainStore.ReplayLog()
    for number in 1...4 { log.add(id(number), at: VirtualTime(nanoseconds: Int64(number))) }
    log.commit(id(2))
    log.erase(id(2))
    #expect(log.standing(of: id(2)) == .new && log.standing(of: id(1)) == .accepted)
    log.erase(id(3), andOlder: true)
    #expect(log.standing(of: id(1)) == .new && log.standing(of: id(4)) == .accepted)
    log.clean(before: VirtualTime(nanoseconds: 5))
    #expect(log.standing(of: id(4)) == .new)
    log.commit(id(4))
    #expect(log.standing(of: id(4)) == .new, "what is forgotten is not committed later")
  }

  @Test("its words bring back floors and what is committed")
  func words() {
    var log = ChainStore.ReplayLog()
    for number in 3...6 { log.add(id(number)) }
    log.add(id(9, client: 7))
    log.commit(id(4))
    log.commit(id(6))
    log.raiseFloor(of: NodeID(5), to: 3)
    let back = ChainStore.ReplayLog(words: log.words)
    #expect(back.standing(of: id(2)) == .finished)
    #expect(back.standing(of: id(4)) == .committed && back.standing(of: id(6)) == .committed)
    #expect(back.standing(of: id(3)) == .new && back.standing(of: id(9, client: 7)) == .new)
    #expect(ChainStore.ReplayLog(words: back.words) == back)
  }
}
