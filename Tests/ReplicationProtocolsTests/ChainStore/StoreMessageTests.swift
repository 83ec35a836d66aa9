import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Messages of the chain store")
struct StoreMessageTests {
  private let messages: [ChainStore.Message] = [
    Store.write(1, 0, "a"), .queued(Store.id(1)), .ackWrite(Store.id(1), floor: 1),
    .ackStatus(Store.id(1), isCommitted: true), .ackStatus(Store.id(1), isCommitted: false),
    .read(Store.id(1), .readBlocks(first: 0, count: 1)), .answer(Store.id(1), .done),
    .redirect(Store.id(1), epoch: 1), Store.relayed(1, 0, "a", epoch: 1),
    Store.relayed(1, 1, "a", epoch: 1), .resend([], epoch: 1), .relayAck(through: 1, epoch: 1),
    .checksum(ChainStore.ChecksumRound(committed: 1, sums: [2]), epoch: 1),
    .ackReplayLog(.below(1, client: NodeID(7))),
    .ackReplayLog(.entry(Store.id(1), andOlder: false)), .relayed(number: 1),
    .ackReturned(through: 1),
    .restored(parts: 1, transfer: 1), .register(incarnation: 1, committed: 1),
    .restoreDone(transfer: 1), .tailReady(Store.member(1), transfer: 1),
    .heartbeatReply(epoch: 1, isSettled: true), .whichConfiguration,
    .checksumResult(agrees: true), .configure(Store.configuration(1, [1])),
    .beginChecksum(epoch: 1),
  ]

  @Test("no two have the same fingerprint, and each has a summary")
  func fingerprints() {
    #expect(Set(messages.map(\.fingerprint)).count == messages.count)
    for message in messages { #expect(!message.summary.isEmpty) }
  }

  @Test("a block's bytes are its sectors, and a string of C ends at the first zero")
  func content() {
    var content = ChainStore.BlockContent(sectors: 2)
    content.sectors = ["ab", "c"]
    #expect(content.bytes.count == 4096 && content.bytes[2048] == UInt8(ascii: "c"))
    #expect(ChainStore.BlockContent(content.bytes, sectors: 2) == content)
    #expect(content.asString.sectors == ["ab", ""])
    content.sectors[0] = String(repeating: "x", count: 5000)
    #expect(content.bytes.count == 4096)
    #expect(ChainStore.BlockContent(content.bytes, sectors: 2).sectors[1] == "c")
  }
}
