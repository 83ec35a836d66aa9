import ModelChecking

/// What progress looks at beyond the bounds. A recovery may need more ticks and retries than the
/// search had; so where it finds no answer within the bounds, it goes on with new ones.
///
/// - No server dies, no message is lost, doubled or overtaken, and no link is cut. What restarts
///   are left may happen. As many live servers as there are may be left out of views: they may have
///   been missed already.
/// - Messages are faster than timers: none fires while a message is under way. Then any armed timer
///   may fire: ticks up to ``ExplorePlan/furtherTicks``, the others without limit. A deadline may
///   pass although its peer lives; so there are rather more continuations than fewer.
/// - Checks see nothing.
extension ClusterSystem {
  var continuation: ClusterSystem? {
    guard plan.furtherTicks != 0, !isContinuation else { return nil }
    var further = self
    further.isContinuation = true
    further.ledger = furtherLedger
    further.plan.budget = Self.furtherBudget(plan)
    further.guards = [nothingUnderWay]
    return further
  }

  func continued(_ component: Component, in slot: Int) -> Component {
    switch component.content {
    case .budget(var budget):
      for item in ExploredBudget.Item.allCases where item != .restart { budget[item] = 0 }
      budget[.pace] = plan.furtherTicks
      budget[.retry] = ExploredBudget.unlimited
      budget[.suspicion] = nodes.serverCount
      return Component(.budget(budget))
    case .history, .check:
      // All have seen the same.
      return initialWorlds[0][slot]
    case .server, .coordinator, .client, .channel: return component
    }
  }

  private var nothingUnderWay: StatePredicate<Component> {
    let channels = slots.kinds.indices.filter {
      if case .channel = slots.kinds[$0] { true } else { false }
    }
    return StatePredicate("no message is under way", slots: channels) { parts in
      parts.allSatisfy { part in
        if case .channel(let channel) = part.content { channel.parcels.isEmpty } else { false }
      }
    }
  }

  /// What steps are looked for at all.
  private static func furtherBudget(_ plan: ExplorePlan) -> ExploredBudget {
    var budget = plan.budget
    for item in [ExploredBudget.Item.crash, .loss, .duplicate, .overtaking] { budget[item] = 0 }
    budget[.pace] = plan.furtherTicks
    budget[.retry] = ExploredBudget.unlimited
    budget[.suspicion] = ExploredBudget.unlimited
    return budget
  }
}
