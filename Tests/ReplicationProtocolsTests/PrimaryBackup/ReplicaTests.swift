import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct ReplicaTests {
  private func run(_ operations: [Operation]) -> (PrimaryBackup.Replica, [Response]) {
    var replica = PrimaryBackup.Replica()
    let responses = operations.enumerated().map { index, operation in
      replica.execute(Names.ordered(index + 1, "c1", index + 1, operation, drawn: 7))
    }
    return (replica, responses)
  }

  @Test func operationsDoWhatTheySay() {
    let (replica, responses) = run([
      .get(key: 1), .put(key: 1, value: "a"), .append(key: 1, value: "b"), .get(key: 1),
      .compareAndSet(key: 1, expected: "x", new: "y"),
      .compareAndSet(key: 1, expected: "ab", new: "c"),
      .putDrawn(key: 0, value: "d", outcomes: 9), .append(key: 2, value: "e"),
    ])
    #expect(
      responses == [
        .value(""), .done, .value("ab"), .value("ab"), .swapped(false), .swapped(true),
        .value("d#7"), .value("e"),
      ])
    #expect(
      replica.contents == [
        KeyedValue(key: 0, value: "d#7"), KeyedValue(key: 1, value: "c"),
        KeyedValue(key: 2, value: "e"),
      ])
    #expect(replica.sequence == 8)
  }

  @Test func aKeyWithItsInitialValueIsNotListed() {
    let (replica, _) = run([.put(key: 1, value: "a"), .put(key: 1, value: "")])
    #expect(replica.contents.isEmpty)
    #expect(replica.value(of: 1) == "")
  }

  @Test func equalReplicasHaveEqualFingerprints() {
    let (first, _) = run([.put(key: 1, value: "a"), .put(key: 2, value: "b")])
    let (second, _) = run([.put(key: 1, value: "a"), .put(key: 2, value: "b")])
    let (other, _) = run([.put(key: 1, value: "a"), .put(key: 2, value: "c")])
    #expect(first.fingerprint == second.fingerprint)
    #expect(first.fingerprint != other.fingerprint)
  }
}
