import ModelChecking
import SimulationKernel

/// Chain replication as a model that several engines have counted: three servers, a master with a
/// perfect failure detector, FIFO links, two clients with a few writes and reads, and up to two
/// crashes (van Renesse and Schneider, OSDI 2004, sections 3.1 to 3.4, without read/write
/// conflicts and without joining servers). One transition is one handler.
///
/// Checked in every state: update propagation between every two live servers, and real-time order
/// of the versions that clients see.
public struct ChainModel: ComponentSystem {
  public typealias Component = ChainComponent

  /// At most two servers crash.
  public var crashes: Int
  /// Operations over both clients, which take turns with them.
  public var writes: Int
  public var reads: Int
  public var deviation: ChainDeviation?

  let slots = ChainSlots()

  public init(crashes: Int, writes: Int = 2, reads: Int = 2, deviation: ChainDeviation? = nil) {
    self.crashes = min(2, crashes)
    self.writes = writes
    self.reads = reads
    self.deviation = deviation
  }

  public var layout: SlotLayout { slots.layout }

  public var initialWorlds: [[ChainComponent]] {
    let servers = (0..<3).map { server in
      ChainComponent.server(
        ChainServer(
          predecessor: server == 0 ? nil : server - 1, successor: server == 2 ? nil : server + 1))
    }
    return [
      (0..<layout.count).map { slot in
        switch slots.role(of: slot) {
        case .server(let server): servers[server]
        case .master: .master(ChainMaster())
        case .client: .client(ChainClient())
        case .crashes: .crashes(0)
        case .monitor: .monitor(ChainMonitor())
        case .link, .configuration, .report, .failures, .request, .reply, .notice:
          .channel(ChainChannel())
        }
      }
    ]
  }

  public var invariants: [StatePredicate<ChainComponent>] {
    var invariants = [(0, 1), (0, 2), (1, 2)].map { first, second in
      StatePredicate<ChainComponent>(
        "update propagation between s\(first + 1) and s\(second + 1)",
        slots: [slots.slot(.server(first)), slots.slot(.server(second))]
      ) { components in
        guard case .server(let first) = components[0], case .server(let second) = components[1]
        else { return false }
        return first.isDead || second.isDead || first.history.starts(with: second.history)
      }
    }
    invariants.append(
      StatePredicate("real-time order", slots: [slots.slot(.monitor)]) { components in
        guard case .monitor(let monitor) = components[0] else { return false }
        return !monitor.isBroken
      })
    return invariants
  }

  /// Whose operation it is: operations of a kind are numbered in turns.
  func owner(ofUpdate update: Int) -> Int { (update - 1) % 2 }
}

/// A deliberate mistake in the model, for seeing that a search finds it.
public enum ChainDeviation: String, Hashable, Sendable, CaseIterable {
  /// A server whose successor died does not send the new one what it lacks.
  case successorIsNotBroughtUpToDate
  /// The head answers an update as soon as it has applied it, instead of leaving that to the tail.
  case headAnswersUpdates
}
