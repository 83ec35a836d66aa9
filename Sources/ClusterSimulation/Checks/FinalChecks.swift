import LinearizabilityChecking
import SimulationKernel

/// The checks at the end of a run, when faults are healed and the cluster has come to rest.
extension Cluster {
  /// The first violation in the order of the scenario's checks, or why no verdict was possible.
  /// - Parameters:
  ///   - hasSettled: whether every operation completed; otherwise replicas may still differ.
  ///   - checker: keeps its buffers from run to run.
  public func finalVerdict(
    hasSettled: Bool, _ checker: inout StoreChecker
  ) -> RunVerdict {
    if let violation { return .violation(violation) }
    for check in setting.checks.names {
      switch check {
      case .linearizability:
        switch checker.check(history) {
        case .linearizable: break
        case .violation(let conflict): return .violation(final(check, text(conflict)))
        case .undecided(let explored):
          return .undecided("linearizability: gave up after \(explored) configurations")
        }
      case .atMostOnce:
        if let message = duplicatedToken() { return .violation(final(check, message)) }
      case .durability where hasSettled:
        if let message = lostUpdate() { return .violation(final(check, message)) }
      case .convergence where hasSettled:
        if let message = divergence() { return .violation(final(check, message)) }
      default: break
      }
    }
    return .pass
  }

  private func final(_ check: CheckName, _ message: String) -> Violation {
    var violation = Violation(check, message)
    violation.step = stepCount
    violation.time = now
    return violation
  }

  private func lostUpdate() -> String? {
    let check = DurabilityCheck(history)
    let replicas = facts.currentReplicas
    if replicas.isEmpty, history.entries.contains(where: { $0.returned != nil }) {
      return "no live server holds a complete copy any more"
    }
    return replicas.lazy.compactMap { server in
      check.firstLoss(in: servers[server.index].contents, of: layout.name(of: server))
    }.first
  }

  private func divergence() -> String? {
    facts.divergence(expectsAll: !disks.isEmpty && !disks.wasStruck)
  }

  /// A value given to a client, or held by a live replica, with an update's token in it twice.
  private func duplicatedToken() -> String? {
    let appended = history.entries.compactMap { entry -> String? in
      if case .append(_, let value) = entry.operation { value } else { nil }
    }
    guard !appended.isEmpty else { return nil }
    for entry in history.entries {
      guard case .value(let value)? = entry.response else { continue }
      if let token = AtMostOnceMonitor.duplicatedToken(in: value, among: appended) {
        return "c\(entry.client + 1) was given \"\(value)\", in which \"\(token)\" stands twice"
      }
    }
    for server in facts.currentReplicas {
      for item in servers[server.index].contents {
        if let token = AtMostOnceMonitor.duplicatedToken(in: item.value, among: appended) {
          return "\(layout.name(of: server)) holds \"\(item.value)\", in which \"\(token)\" stands "
            + "twice"
        }
      }
    }
    return nil
  }

  /// What a linearizability conflict says, in one sentence.
  private func text(_ conflict: Conflict) -> String {
    let entry = history.entries[conflict.unexplained]
    return "no order explains that \(entry.operation.text) of c\(entry.client + 1) was answered "
      + "\(entry.response?.text ?? "nothing"), after \(conflict.prefix.count) of "
      + "\(conflict.operations.count) operations on the same data"
  }
}

extension Operation {
  /// `put(0, "<c1.2>")`.
  public var text: String {
    switch self {
    case .get(let key): "get(\(key))"
    case .put(let key, let value): "put(\(key), \"\(value)\")"
    case .append(let key, let value): "append(\(key), \"\(value)\")"
    case .putDrawn(let key, let value, _): "draw(\(key), \"\(value)\")"
    case .compareAndSet(let key, let expected, let new):
      "swap(\(key), \"\(expected)\", \"\(new)\")"
    case .readBlocks(let first, let count): "read(\(first), \(count))"
    case .writeBlocks(let first, let count, let value): "write(\(first), \(count), \"\(value)\")"
    }
  }
}

extension Response {
  /// `"<c1.2>"`, `done`.
  public var text: String {
    switch self {
    case .done: "done"
    case .value(let value): "\"\(value)\""
    case .blocks(let values): "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    case .swapped(let succeeded): succeeded ? "swapped" : "not swapped"
    }
  }
}
