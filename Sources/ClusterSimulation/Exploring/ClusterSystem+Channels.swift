import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// What channels do: hand over what comes first, and misbehave within the budget.
extension ClusterSystem {
  func actions(
    of channel: ExploredChannel<Subject.Message>, from sender: NodeID, to receiver: NodeID
  ) -> [Step] {
    if channel.isIgnored { return [] }
    guard channel.isOpen, !channel.parcels.isEmpty else {
      return channel.isOpen ? linkChanges(of: channel) : []
    }
    var steps: [Step] = []
    let reach = plan.budget[.overtaking] == 0 ? 1 : channel.parcels.count
    for place in 0..<reach {
      let extra = place == 0 ? [] : [spend(.overtaking)]
      let tags: StepTags = place == 0 ? [] : .fault
      if !channel.isCut {
        steps.append(
          Step(
            becoming: without(place, channel),
            extra + [
              .signal(.input(input(channel.parcels[place], sender)), to: slots.slot(of: receiver))
            ],
            tags: tags))
      }
    }
    if channel.isCut {
      steps.append(Step(becoming: without(0, channel), tags: .fault))
    } else {
      steps += losses(of: channel)
    }
    return steps + linkChanges(of: channel)
  }

  private func losses(of channel: ExploredChannel<Subject.Message>) -> [Step] {
    var steps: [Step] = []
    for place in channel.parcels.indices where channel.parcels[place] != nil {
      if plan.budget[.loss] != 0 {
        steps.append(Step(becoming: without(place, channel), [spend(.loss)], tags: .fault))
      }
      if plan.budget[.duplicate] != 0 {
        var longer = channel
        longer.parcels.append(channel.parcels[place])
        steps.append(
          Step(becoming: Component(.channel(longer)), [spend(.duplicate)], tags: .fault))
      }
    }
    return steps
  }

  private func linkChanges(of channel: ExploredChannel<Subject.Message>) -> [Step] {
    guard plan.budget[.cut] != 0 else { return [] }
    var changed = channel
    changed.isCut.toggle()
    return [
      Step(
        becoming: Component(.channel(changed)), channel.isCut ? [] : [spend(.cut)],
        tags: channel.isCut ? [] : .fault)
    ]
  }

  private func without(_ place: Int, _ channel: ExploredChannel<Subject.Message>) -> Component {
    var rest = channel
    rest.parcels.remove(at: place)
    return Component(.channel(rest))
  }

  private func input(
    _ parcel: Keyed<Subject.Message>?, _ sender: NodeID
  ) -> StepInput<Subject.Message> {
    parcel.map { .message($0, from: sender) } ?? .unavailable(sender)
  }

  func spend(_ item: ExploredBudget.Item) -> Consequence<Signal> {
    .signal(.spend(item), to: slots.budget)
  }

  func reactions(
    of channel: ExploredChannel<Subject.Message>, from sender: NodeID, to receiver: NodeID,
    _ signal: Signal
  ) -> [Step] {
    if channel.isIgnored { return [Step(becoming: Component(.channel(channel)))] }
    var changed = channel
    switch signal {
    case .push(let parcel):
      guard channel.isOpen else {
        return [Step(becoming: Component(.channel(channel)), refusal(sender, receiver))]
      }
      if parcel.value.isPeriodic, channel.parcels.contains(parcel) { break }
      changed.parcels.append(parcel)
    case .pushUnavailable:
      if channel.isOpen { changed.parcels.append(nil) }
    case .senderDied:
      return cuts(of: channel)
    case .receiverDied:
      changed.parcels = []
      changed.isOpen = false
      let isCalled = channel.isOpen && !channel.parcels.isEmpty && sender != receiver
      return [
        Step(
          becoming: Component(.channel(changed)), isCalled ? refusal(sender, receiver) : [])
      ]
    case .receiverStarted: changed.isOpen = true
    case .receiverIsDone: changed = .ignored
    default: programmingError("a channel got a signal that is not for it")
    }
    return [Step(becoming: Component(.channel(changed)))]
  }

  /// A call of a dead process: a perfect detector tells the caller, behind the last message that
  /// the dead one had sent to it.
  private func refusal(_ sender: NodeID, _ receiver: NodeID) -> [Consequence<Signal>] {
    guard isPerfect, hears(sender, of: receiver),
      let back = slots.channel(from: receiver, to: sender)
    else { return [] }
    return [.signal(.pushUnavailable, to: back)]
  }

  /// Of what a dead process had sent, any number of the oldest messages is still under way.
  private func cuts(of channel: ExploredChannel<Subject.Message>) -> [Step] {
    let count = channel.parcels.count { $0 != nil }
    return (0...count).reversed().map { kept in
      var changed = channel
      var left = kept
      changed.parcels = channel.parcels.filter { parcel in
        guard parcel != nil else { return true }
        left -= 1
        return left >= 0
      }
      return Step(becoming: Component(.channel(changed)))
    }
  }
}
