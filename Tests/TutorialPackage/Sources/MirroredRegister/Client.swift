import LinearizabilityChecking
import SimulationKernel

extension MirroredRegister {
  /// Does one operation after the other: a read in one round to both mirrors, a write in two.
  public struct Client: ClientNode {
    struct Task: Sendable {
      var request: RequestID
      var operation: Operation
      /// By mirror: what it holds.
      var answers: [Stamped?] = [nil, nil]
      /// What both mirrors are to store: the second round.
      var chosen: Stamped?
      /// By mirror: whether it has.
      var hasStored = [false, false]
    }

    let me: NodeID
    let deviations: DeviationSet<Deviation>
    let retryAfter: VirtualDuration
    /// The first is under way.
    var tasks: [Task] = []

    public mutating func invoke(
      _ request: RequestID, _ operation: Operation, _ host: inout Host<Message>
    ) {
      tasks.append(Task(request: request, operation: operation))
      if tasks.count == 1 { ask(&host) }
    }

    /// Sends the present round to the mirrors that have not answered it.
    private func ask(_ host: inout Host<Message>) {
      guard let task = tasks.first else { return }
      for mirror in host.layout.servers {
        if let chosen = task.chosen {
          if task.hasStored[mirror.index] { continue }
          host.send(.store(task.request, key: task.operation.firstKey, chosen), to: mirror)
        } else if task.answers[mirror.index] == nil {
          host.send(.ask(task.request, key: task.operation.firstKey), to: mirror)
        }
      }
      host.setTimer(.retry(), after: retryAfter)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) { ask(&host) }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .held(let request, let held) where request == tasks.first?.request:
        guard tasks[0].chosen == nil else { return }
        tasks[0].answers[sender.index] = held
        if deviations.contains(.readsTrustOneMirror), tasks[0].operation.isReadOnly {
          finish(held, &host)
        } else {
          decide(&host)
        }
      case .stored(let request) where request == tasks.first?.request:
        tasks[0].hasStored[sender.index] = true
        if tasks[0].hasStored == [true, true] { finish(tasks[0].chosen, &host) }
      default: break
      }
    }

    /// Both mirrors have said what they hold.
    private mutating func decide(_ host: inout Host<Message>) {
      guard let first = tasks[0].answers[0], let second = tasks[0].answers[1] else { return }
      let newest = max(first, second)
      if case .put(_, let value) = tasks[0].operation {
        tasks[0].chosen = Stamped(number: newest.number + 1, client: me.index, value: value)
        ask(&host)
      } else {
        finish(newest, &host)
      }
    }

    private mutating func finish(_ result: Stamped?, _ host: inout Host<Message>) {
      let task = tasks.removeFirst()
      host.cancelTimer(.retry())
      if case .put = task.operation {
        host.complete(task.request, .done)
      } else {
        host.complete(task.request, .value(result?.value ?? ""))
      }
      ask(&host)
    }

    public func fingerprint(into hasher: inout StableHasher) {
      for task in tasks {
        // A request always asks for the same operation.
        hasher.combine(task.request)
        for answer in task.answers {
          hasher.combine(answer != nil)
          if let answer { hasher.combine(answer) }
        }
        hasher.combine(task.chosen != nil)
        if let chosen = task.chosen { hasher.combine(chosen) }
        for flag in task.hasStored { hasher.combine(flag) }
      }
    }
  }
}
