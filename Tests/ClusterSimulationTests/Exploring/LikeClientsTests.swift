import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Like clients")
struct LikeClientsTests {
  private func count(_ operations: [[LinearizabilityChecking.Operation]]) -> Int {
    LikeClients(operations, among: operations.count).permutations.count + 1
  }

  @Test("clients that ask for the same in the same order may change places")
  func alike() {
    #expect(count([[.get(key: 0)], [.get(key: 0)]]) == 2)
    #expect(count([[.put(key: 0, value: "a")], [.put(key: 0, value: "b")]]) == 2)
    #expect(count([[.get(key: 0)], [.get(key: 0)], [.get(key: 0)]]) == 6)
    #expect(count([[.get(key: 0)], [.put(key: 0, value: "a")], [.get(key: 0)]]) == 2)
    #expect(count(Array(repeating: [.get(key: 0)], count: 7)) == 24)
    // What one compares with is what the other writes.
    #expect(
      count([
        [.put(key: 0, value: "a"), .compareAndSet(key: 0, expected: "b", new: "x")],
        [.put(key: 0, value: "b"), .compareAndSet(key: 0, expected: "a", new: "y")],
      ]) == 2)
  }

  @Test("others may not")
  func different() {
    #expect(count([[.get(key: 0)]]) == 1)
    #expect(count([[.get(key: 0)], [.get(key: 1)]]) == 1)
    #expect(count([[.get(key: 0)], [.put(key: 0, value: "a")]]) == 1)
    #expect(count([[.get(key: 0), .put(key: 0, value: "a")], [.put(key: 0, value: "b")]]) == 1)
    #expect(count([[.put(key: 0, value: "")], [.put(key: 0, value: "b")]]) == 1)
    #expect(
      count([
        [.put(key: 0, value: "a"), .compareAndSet(key: 0, expected: "a", new: "x")],
        [.put(key: 0, value: "b"), .compareAndSet(key: 0, expected: "a", new: "y")],
      ]) == 1)
  }

  @Test("nor those whose composed values cannot be taken apart")
  func ambiguous() {
    #expect(count([[.append(key: 0, value: "a")], [.append(key: 0, value: "ab")]]) == 1)
    #expect(
      count([
        [.putDrawn(key: 0, value: "1", outcomes: 2)], [.putDrawn(key: 0, value: "2", outcomes: 2)],
      ]) == 1)
    #expect(
      count([
        [.putDrawn(key: 0, value: "<1>", outcomes: 2)],
        [.putDrawn(key: 0, value: "<2>", outcomes: 2)],
      ]) == 2)
    #expect(
      count([
        [.put(key: 0, value: "a"), .compareAndSet(key: 0, expected: "c", new: "x")],
        [.put(key: 0, value: "b"), .compareAndSet(key: 0, expected: "c", new: "y")],
      ]) == 1)
  }
}
