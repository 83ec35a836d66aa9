import DiskSimulation
import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// A cluster in which a power loss decides at once: one branch for each closed set of what was
/// pending. No disk is ever open.
private struct ClosedSetSystem<Subject: ReplicationProtocol>: ComponentSystem
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias System = ClusterSystem<Subject>
  typealias Component = System.Component
  typealias Signal = System.Signal

  /// In it servers die by the death of their process alone, which leaves everything pending.
  let system: System
  let losesPower: Bool

  var layout: SlotLayout { system.layout }
  var initialWorlds: [[Component]] { system.initialWorlds }
  var invariants: [StatePredicate<Component>] { system.invariants }

  func actions(of component: Component, in slot: Int) -> [System.Step] {
    system.actions(of: component, in: slot).flatMap { outcomes(of: $0, component) }
  }

  func reactions(of component: Component, in slot: Int, to signal: Signal) -> [System.Step] {
    system.reactions(of: component, in: slot, to: signal).flatMap { outcomes(of: $0, component) }
  }

  private func outcomes(of step: System.Step, _ before: Component) -> [System.Step] {
    guard before.process?.isUp == true, case .server(var server) = step.becoming.content,
      !server.process.isUp, losesPower, let disk = server.disk
    else { return [step] }
    var steps: [System.Step] = []
    disk.closedSets.visit { places in
      var lost = disk
      do throws(CrashOutcomeError) {
        try lost.losePower(keeping: places)
      } catch {
        Issue.record("a closed set is refused: \(error)")
      }
      server.disk = lost
      var outcome = step
      outcome.becoming = Component(.server(server))
      steps.append(outcome)
      return true
    }
    return steps
  }
}

/// What a power loss leaves open until recovery reads it stands for all closed sets: clients see
/// the same, and the checks come to the same.
@Suite("Open disks and closed sets agree")
struct ClosedSetTests {
  private func compare<P: ReplicationProtocol>(_ bounds: SmallBounds<P>, expectsViolation: Bool)
  where P.Message.Operation == Operation, P.Message.Response == Response {
    let open = NaiveSearch(RememberedSystem(bounds.system))
    var process = bounds
    process.plan.crashKinds = [.process]
    let closed = NaiveSearch(
      RememberedSystem(ClosedSetSystem(system: process.system, losesPower: true)))
    #expect(open.broken.isEmpty == !expectsViolation)
    #expect(open.broken == closed.broken)
    #expect(open.levels.count == closed.levels.count)
    guard !expectsViolation else { return }
    let slots = bounds.system.slots
    let visible = bounds.system.nodes.clients.map { slots.slot(of: $0) } + slots.linearizability
    func seen(_ worlds: Set<[ClusterComponent<P>]>) -> Set<[ContentKey]> {
      Set(worlds.map { world in visible.map { world[$0].key } })
    }
    #expect(seen(open.worlds) == seen(closed.worlds))
  }

  @Test("a write of a block, a power loss, recovery and a read")
  func aligned() {
    compare(
      .store(
        .powerLossAndRestart,
        operations: [
          [.writeBlocks(first: 0, count: 1, value: "a"), .readBlocks(first: 0, count: 1)]
        ]), expectsViolation: false)
  }

  private static let putAndGet = [[Operation.put(key: 0, value: "a"), .get(key: 0)]]

  @Test("a ranked server alone, a power loss, recovery and a read")
  func alone() {
    compare(
      SmallBounds<RankedKv>.rankedKv(
        .powerLossAndRestart, servers: 1, operations: Self.putAndGet),
      expectsViolation: false)
  }

  @Test("an update that is acknowledged before it is written, and a power loss")
  func acknowledgedEarly() {
    compare(
      SmallBounds<RankedKv>.rankedKv(
        .powerLossAndRestart, servers: 1, operations: Self.putAndGet,
        bugs: [.acknowledgesBeforeWriting]), expectsViolation: true)
  }
}
