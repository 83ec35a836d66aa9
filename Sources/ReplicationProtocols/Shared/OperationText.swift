import LinearizabilityChecking

extension Operation {
  /// A word and a key, for traces.
  var verb: String {
    switch self {
    case .get(let key): "get \(key)"
    case .put(let key, _): "put \(key)"
    case .append(let key, _): "append \(key)"
    case .putDrawn(let key, _, _): "draw \(key)"
    case .compareAndSet(let key, _, _): "swap \(key)"
    case .readBlocks(let first, _): "read \(first)"
    case .writeBlocks(let first, _, _): "write \(first)"
    }
  }
}

extension Response {
  /// A few words, for traces.
  var brief: String {
    switch self {
    case .done: "done"
    case .value(let value): "\"\(value)\""
    case .blocks(let values): "\(values.count) blocks"
    case .swapped(let succeeded): succeeded ? "swapped" : "not swapped"
    }
  }
}
