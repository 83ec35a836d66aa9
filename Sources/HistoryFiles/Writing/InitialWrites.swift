import LinearizabilityChecking

/// What must be written first, in a format that cannot say what keys hold at first.
///
/// In such a format every object starts with the same value, which means nothing. If some answer
/// depends on the initial value, the history begins with a completed write of it to every key: to a
/// checker this is the same, whatever it believes that keys hold before.
struct InitialWrites {
  /// The keys to write to, ascending; empty if nothing needs to be written.
  private(set) var keys: [Int32] = []

  /// - Parameter usual: what keys hold at first in the format, if the format knows a value that can
  ///   be read.
  init(_ history: RecordedHistory, usual: String?) {
    switch history.model {
    case .listAppend, .fifoQueue, .set, .mutex: return
    case .register, .casRegister, .keyValue, .block: break
    }
    guard usual != history.values[history.initialValue], history.mentionsInitialValue else {
      return
    }
    var isUsed = [Int32: Bool]()
    for operation in history.operations {
      isUsed[operation.key] = true
      if operation.kind == .readTwo || operation.kind == .writeTwo {
        isUsed[operation.key + 1] = true
      }
    }
    keys = isUsed.keys.sorted()
  }
}

extension RecordedHistory {
  /// Whether the initial value can make a difference to an answer. Texts grow from it.
  fileprivate var mentionsInitialValue: Bool {
    for operation in operations where operation.outcome != .failed {
      if operation.expected == initialValue { return true }
      switch operation.kind {
      case .read where operation.result == initialValue: return true
      case .readTwo where operation.outcome == .ok:
        let start = Int(operation.result)
        if lists[start..<start + Int(operation.resultCount)].contains(initialValue) { return true }
      case .compareAndSwap where operation.resultCount == initialValue: return true
      case .append: return true
      default: break
      }
    }
    return false
  }
}
