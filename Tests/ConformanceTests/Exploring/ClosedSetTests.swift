import DiskSimulation
import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// The two-node store where a power loss decides at once: one branch for each closed set of what
/// was pending. No disk is ever open.
private struct ClosedSetSystem: ComponentSystem {
  typealias System = ClusterSystem<TwoNodeStore>
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
  private func compare(_ bounds: SmallBounds<TwoNodeStore>, expectsViolation: Bool) {
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
    func seen(_ worlds: Set<[ClusterComponent<TwoNodeStore>]>) -> Set<[ContentKey]> {
      Set(worlds.map { world in visible.map { world[$0].key } })
    }
    #expect(seen(open.worlds) == seen(closed.worlds))
  }

  @Test("a write of two blocks, a power loss, recovery and a read")
  func unaligned() {
    compare(
      .store(
        .powerLossAndRestart,
        operations: [
          [.writeBlocks(first: 0, count: 2, value: "a"), .readBlocks(first: 0, count: 2)]
        ]), expectsViolation: false)
  }
}
