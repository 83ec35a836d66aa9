import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// What a client of a measured run is doing.
@usableFromInline
struct MeasuredClient: Sendable {
  /// Operations begun so far.
  @usableFromInline var number: UInt32 = 0
  @usableFromInline var volume = 0
  /// What it waits for; `nil` between two operations.
  @usableFromInline var request: RequestID?
  @usableFromInline var isUpdate = false
  @usableFromInline var blocks = 0
  @usableFromInline var began = VirtualTime.start

  @usableFromInline
  init() {}
}

/// Clients in a closed loop: each has one operation open, and begins the next when that is
/// answered.
extension MeasuredRun {
  /// The node that invokes for a client: with several volumes each has one, which speaks for all.
  @inlinable
  func clientNode(_ client: Int) -> NodeID {
    layout.client(volumes.count == 1 ? client : 0)
  }

  @inlinable
  mutating func invoke(_ client: Int) {
    let (volume, operation) = workload.next(client: client)
    clients[client].number &+= 1
    clients[client].volume = volume
    clients[client].isUpdate = !operation.isReadOnly
    clients[client].blocks = operation.keyCount
    clients[client].began = now
    let node = clientNode(client)
    let requests = volumes[volume].openOperations.invoked[layout.clientIndex(of: node)]
    clients[client].request = RequestID(client: node, number: requests + 1)
    if let patience = plan.giveUpAfter {
      queue.insert(
        .giveUp(client: UInt16(truncatingIfNeeded: client), number: clients[client].number),
        at: now + patience)
    }
    perform(.invoke(node, operation), volume)
  }

  @inlinable
  mutating func noteCompletions(_ volume: Int) {
    for index in 0..<volumes[volume].report.completions.count {
      let request = volumes[volume].completedRequest(index)
      guard let client = client(waitingFor: request, volume) else { continue }
      clients[client].request = nil
      meter.noteCompletion(of: clients[client], at: now)
      let pause = workload.pause()
      if pause > .zero {
        queue.insert(.invoke(client: UInt16(truncatingIfNeeded: client)), at: now + pause)
      } else {
        readyClients.append(client)
      }
    }
  }

  /// `nil` for an operation that its client has left.
  @inlinable
  func client(waitingFor request: RequestID, _ volume: Int) -> Int? {
    if volumes.count == 1 {
      let client = layout.clientIndex(of: request.client)
      return clients[client].request == request ? client : nil
    }
    for client in clients.indices
    where clients[client].request == request && clients[client].volume == volume {
      return client
    }
    return nil
  }

  @usableFromInline
  mutating func giveUp(_ client: Int, _ number: UInt32) {
    guard clients[client].number == number, clients[client].request != nil else { return }
    clients[client].request = nil
    meter.noteAbandoned()
    queue.insert(.invoke(client: UInt16(truncatingIfNeeded: client)), at: now)
  }
}

extension Cluster {
  /// A request that the last step completed, by position. Mutating, so that it is asked in place
  /// where the cluster is an element: any other method would copy it.
  @inlinable
  mutating func completedRequest(_ index: Int) -> RequestID { report.completions[index] }
}
