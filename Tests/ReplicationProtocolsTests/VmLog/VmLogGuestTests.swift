import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("The guest of the log-based virtual machine")
struct VmLogGuestTests {
  private func request(_ number: Int, _ operation: Operation) -> VmLog.GuestInput {
    .request(
      VmLog.Request(
        id: RequestID(client: NodeID(9), number: number), operation: operation,
        lowestOpen: Int32(number)))
  }

  private func id(_ number: Int) -> RequestID { RequestID(client: NodeID(9), number: number) }

  @Test("an update changes memory, goes to the disk and is answered when it is there")
  func update() {
    var guest = VmLog.Guest()
    let write = VmLog.DiskOperation(number: 1, key: 0, written: "a")
    #expect(
      guest.deliver(request(1, .put(key: 0, value: "a")), at: 1)
        == [.applied(id(1), 1), .disk(write)])
    #expect(guest.pendingDisk == write)
    #expect(guest.deliver(.completion(1, ""), at: 2) == [.reply(id(1), .done)])
    #expect(guest.pendingDisk == nil)
  }

  @Test("a get is answered with what the disk holds")
  func get() {
    var guest = VmLog.Guest()
    let read = VmLog.DiskOperation(number: 1, key: 3, written: nil)
    #expect(guest.deliver(request(1, .get(key: 3)), at: 1) == [.disk(read)])
    #expect(guest.deliver(.completion(1, "b"), at: 2) == [.reply(id(1), .value("b"))])
    #expect(guest.deliver(request(1, .get(key: 3)), at: 3) == [.reply(id(1), .value("b"))])
  }

  @Test("one request is carried out after the other, and each once")
  func order() {
    var guest = VmLog.Guest()
    _ = guest.deliver(request(1, .put(key: 0, value: "a")), at: 1)
    #expect(guest.deliver(request(2, .append(key: 0, value: "b")), at: 2) == [])
    #expect(guest.deliver(request(2, .append(key: 0, value: "b")), at: 3) == [])
    #expect(guest.open == [id(1), id(2)])
    let write = VmLog.DiskOperation(number: 2, key: 0, written: "ab")
    #expect(
      guest.deliver(.completion(1, ""), at: 4)
        == [.reply(id(1), .done), .applied(id(2), 2), .disk(write)])
    // An interrupt of an operation that is over is none of the guest's.
    #expect(guest.deliver(.completion(1, ""), at: 5) == [])
    #expect(guest.deliver(.completion(2, ""), at: 6) == [.reply(id(2), .value("ab"))])
    #expect(
      guest.deliver(request(2, .append(key: 0, value: "b")), at: 7)
        == [.reply(id(2), .value("ab"))])
  }

  @Test("what is drawn depends on the clock and on the instruction, and on nothing else")
  func draws() {
    func drawn(_ clock: Int, at instruction: Int) -> VmLog.Guest {
      var guest = VmLog.Guest()
      let draw = request(1, .putDrawn(key: 0, value: "v", outcomes: 4))
      #expect(guest.deliver(draw, at: instruction) == [.readClock(4)])
      #expect(guest.wantsClock == 4)
      _ = guest.deliver(.clock(clock), at: instruction + 1)
      #expect(guest.wantsClock == nil)
      return guest
    }
    #expect(drawn(1, at: 1).memory.value(of: 0) == "v#3")
    #expect(drawn(1, at: 2).memory.value(of: 0) == "v#0")
    #expect(drawn(2, at: 1).memory.value(of: 0) == "v#0")
    #expect(drawn(1, at: 1) == drawn(1, at: 1))
  }
}
