import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Durability")
struct DurabilityCheckTests {
  /// Calls and returns in the order in which they happen; returns name the call by position.
  private enum Event {
    case call(Operation)
    case returns(Int, Response = .done)
  }

  private static func loss(_ events: [Event], _ values: String...) -> String? {
    var history = StoreHistory()
    for event in events {
      switch event {
      case .call(let operation): history.invoke(client: 0, operation: operation)
      case .returns(let index, let response): history.complete(index, response: response)
      }
    }
    let contents = values.enumerated().filter { $0.element != "" }
      .map { KeyedValue(key: $0.offset, value: $0.element) }
    return DurabilityCheck(history).firstLoss(in: contents, of: "s1")
  }

  private static func put(_ value: String) -> Event { .call(.put(key: 0, value: value)) }
  private static func append(_ value: String) -> Event { .call(.append(key: 0, value: value)) }

  @Test("an acknowledged put that is there is accepted, one that is missing rejected")
  func put() {
    #expect(Self.loss([Self.put("a"), .returns(0)], "a") == nil)
    #expect(
      Self.loss([Self.put("a"), .returns(0)], "")
        == "s1 holds \"\" under key 0, but \"a\" of c1 was acknowledged and nothing that may "
        + "follow it replaced it")
  }

  @Test("a put whose outcome is unknown may be there or not")
  func unknown() {
    #expect(Self.loss([Self.put("a")], "") == nil)
    #expect(Self.loss([Self.put("a")], "a") == nil)
  }

  @Test("a put that was replaced by a later one is accepted; the reverse is rejected")
  func replaced() {
    let events = [Self.put("a"), .returns(0), Self.put("b"), .returns(1)]
    #expect(Self.loss(events, "b") == nil)
    #expect(Self.loss(events, "a") != nil)
  }

  @Test("of two puts open at once either may stand")
  func concurrent() {
    let events = [Self.put("a"), Self.put("b"), .returns(0), .returns(1)]
    #expect(Self.loss(events, "a") == nil)
    #expect(Self.loss(events, "b") == nil)
    #expect(Self.loss(events, "") != nil)
  }

  @Test("a put of unknown outcome may replace one that was acknowledged before or after its call")
  func replacedByUnknown() {
    #expect(Self.loss([Self.put("a"), .returns(0), Self.put("b")], "b") == nil)
    #expect(Self.loss([Self.put("b"), Self.put("a"), .returns(1)], "b") == nil)
  }

  @Test("appends must all stand in the value, unless a put may have followed them")
  func appends() {
    let appended = [Self.append("a"), .returns(0), Self.append("b"), .returns(1)]
    #expect(Self.loss(appended, "ab") == nil)
    #expect(Self.loss(appended, "ba") == nil)
    #expect(Self.loss(appended, "b") != nil)
    #expect(Self.loss(appended + [Self.put("c"), .returns(2)], "c") == nil)
    let behind = [Self.put("p"), .returns(0), Self.append("a"), .returns(1)]
    #expect(Self.loss(behind, "pa") == nil)
    #expect(Self.loss(behind, "p") != nil)
  }

  @Test("an append that is open while a put runs may have come before it")
  func appendBesidePut() {
    let events = [Self.append("a"), Self.put("p"), .returns(0), .returns(1)]
    #expect(Self.loss(events, "p") == nil)
    #expect(Self.loss(events, "pa") == nil)
  }

  @Test("a draw leaves what it drew, not what was asked")
  func draws() {
    let draw = Event.call(.putDrawn(key: 0, value: "d", outcomes: 4))
    #expect(Self.loss([draw, .returns(0, .value("d#2"))], "d#2") == nil)
    #expect(Self.loss([draw, .returns(0, .value("d#2"))], "d#3") != nil)
    #expect(Self.loss([Self.put("a"), .returns(0), draw], "d#1") == nil)
  }

  @Test("a swap that failed left nothing, one that succeeded must stand")
  func swaps() {
    let swap = Event.call(.compareAndSet(key: 0, expected: "a", new: "b"))
    #expect(Self.loss([swap, .returns(0, .swapped(false))], "") == nil)
    #expect(Self.loss([swap, .returns(0, .swapped(true))], "b") == nil)
    #expect(Self.loss([swap, .returns(0, .swapped(true))], "") != nil)
  }

  @Test("a block write must stand in every block that it spans")
  func blocks() {
    let write = Event.call(.writeBlocks(first: 1, count: 2, value: "w"))
    #expect(Self.loss([write, .returns(0)], "", "w", "w") == nil)
    #expect(Self.loss([write, .returns(0)], "", "w", "")?.contains("key 2") == true)
    #expect(Self.loss([write, .returns(0)], "w", "", "w")?.contains("key 1") == true)
  }

  @Test("reads and other keys leave nothing to lose")
  func reads() {
    let events: [Event] = [
      .call(.get(key: 0)), .returns(0, .value("x")), .call(.put(key: 1, value: "a")),
      .returns(1),
    ]
    #expect(Self.loss(events, "", "a") == nil)
    #expect(Self.loss(events, "a", "") != nil)
  }

  @Test("an operation that is known to have failed leaves nothing to lose")
  func failed() {
    var history = StoreHistory()
    history.invoke(client: 0, operation: .put(key: 0, value: "a"))
    history.fail(0)
    #expect(DurabilityCheck(history).firstLoss(in: [], of: "s1") == nil)
  }
}
