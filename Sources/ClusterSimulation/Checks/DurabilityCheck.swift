import LinearizabilityChecking
import SimulationKernel

/// Whether an acknowledged update is missing from a key's final value without a reason.
///
/// Reads: the clients' history and the contents of replicas. A key's value is the token of the last
/// update that replaced it, followed by the tokens appended since. An acknowledged update whose
/// token is absent may have been replaced, but only by an update that had not returned when it was
/// invoked; if the update at the value's base had returned before, the absent one came after it and
/// is lost.
///
/// Rejects: a put is acknowledged by the primary alone, which dies before it forwards.
struct DurabilityCheck {
  /// One update of one key.
  private struct Update {
    var token: String
    var replaces: Bool
    var call: Int
    /// Moment of the return; `Int.max` while the outcome is unknown.
    var returned: Int
    var isAcknowledged: Bool
    var client: Int
  }

  private var updates: [[Update]] = []

  init(_ history: StoreHistory) {
    for entry in history.entries where !entry.hasFailed {
      guard let token = Self.token(entry.operation, entry.response) else { continue }
      for key in entry.operation.firstKey..<(entry.operation.firstKey + entry.operation.keyCount) {
        while updates.count <= key { updates.append([]) }
        updates[key].append(
          Update(
            token: token, replaces: Self.replaces(entry.operation), call: entry.call,
            returned: entry.returned ?? .max, isAcknowledged: entry.returned != nil,
            client: entry.client))
      }
    }
  }

  /// The first key, in order, whose value lost an update; with the sentence that says so.
  func firstLoss(in contents: [KeyedValue], of server: String) -> String? {
    for key in updates.indices {
      let value = contents.first { $0.key == key }?.value ?? ""
      // Any update that may stand at the value's base excuses what it may have replaced.
      let latestBase =
        updates[key].filter { $0.replaces && value.hasPrefix($0.token) }.map(\.returned).max() ?? -1
      for update in updates[key] where update.isAcknowledged {
        if latestBase > update.call { continue }
        if value.contains(update.token) { continue }
        return "\(server) holds \"\(value)\" under key \(key), but \"\(update.token)\" of "
          + "c\(update.client + 1) was acknowledged and nothing that may follow it replaced it"
      }
    }
    return nil
  }

  private static func replaces(_ operation: Operation) -> Bool {
    if case .append = operation { false } else { true }
  }

  /// The token that an update leaves in a value; `nil` if it is a read or had no effect.
  private static func token(_ operation: Operation, _ response: Response?) -> String? {
    switch (operation, response) {
    case (.compareAndSet, .swapped(false)?): nil
    case (.putDrawn, .value(let drawn)?): drawn
    default: operation.writtenValue
    }
  }
}
