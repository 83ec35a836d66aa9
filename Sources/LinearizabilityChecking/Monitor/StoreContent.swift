/// The vocabulary of stores as words, and in other words.
extension Operation: StableContent {
  public func appendContent(to content: inout ContentWords) {
    content.append(firstKey)
    switch self {
    case .get: content.append(1)
    case .put(_, let value):
      content.append(2)
      content.append(value)
    case .append(_, let value):
      content.append(3)
      content.append(value)
    case .putDrawn(_, let value, let outcomes):
      content.append(4)
      content.append(value)
      content.append(outcomes)
    case .compareAndSet(_, let expected, let new):
      content.append(5)
      content.append(expected)
      content.append(new)
    case .readBlocks(_, let count):
      content.append(6)
      content.append(count)
    case .writeBlocks(_, let count, let value):
      content.append(7)
      content.append(count)
      content.append(value)
    }
  }

  /// The same operation with its texts translated.
  public func renamed(_ text: (String) -> String) -> Operation {
    switch self {
    case .get, .readBlocks: self
    case .put(let key, let value): .put(key: key, value: text(value))
    case .append(let key, let value): .append(key: key, value: text(value))
    case .putDrawn(let key, let value, let outcomes):
      .putDrawn(key: key, value: text(value), outcomes: outcomes)
    case .compareAndSet(let key, let expected, let new):
      .compareAndSet(key: key, expected: text(expected), new: text(new))
    case .writeBlocks(let first, let count, let value):
      .writeBlocks(first: first, count: count, value: text(value))
    }
  }
}

extension Response: StableContent {
  public func appendContent(to content: inout ContentWords) {
    switch self {
    case .done: content.append(1)
    case .value(let value):
      content.append(2)
      content.append(value)
    case .blocks(let values):
      content.append(3)
      content.append(values)
    case .swapped(let succeeded):
      content.append(4)
      content.append(succeeded)
    }
  }

  /// The same response with its texts translated.
  public func renamed(_ text: (String) -> String) -> Response {
    switch self {
    case .done, .swapped: self
    case .value(let value): .value(text(value))
    case .blocks(let values): .blocks(values.map(text))
    }
  }
}

extension CellValues: StableContent {
  public func appendContent(to content: inout ContentWords) {
    switch self {
    case .one(let value):
      content.append(1)
      content.append(value)
    case .several(let first, let values):
      content.append(2)
      content.append(first)
      content.append(values)
    }
  }

  /// The value of one cell.
  subscript(key: Int) -> String {
    switch self {
    case .one(let value): value
    case .several(let first, let values): values[key - first]
    }
  }

  /// The same cells with their texts translated.
  func renamed(_ text: (String) -> String) -> CellValues {
    switch self {
    case .one(let value): .one(text(value))
    case .several(let first, let values): .several(first: first, values: values.map(text))
    }
  }
}
