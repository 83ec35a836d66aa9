/// What operations of a store owe: the response that says all there is to say.
extension StoreSpecification: MonitoredSpecification {
  public func answer(
    of operation: Operation, from before: CellValues, to after: CellValues
  ) -> Response {
    operation.answer({ before[$0] }, { after[$0] })
  }

  public func allows(_ answer: Response, _ operation: Operation, _ response: Response?) -> Bool {
    operation.allows(answer, response)
  }
}

extension BlockDeviceSpecification: MonitoredSpecification {
  public func answer(
    of operation: Operation, from before: CellValues, to after: CellValues
  ) -> Response {
    operation.answer({ before[$0] }, { after[$0] })
  }

  public func allows(_ answer: Response, _ operation: Operation, _ response: Response?) -> Bool {
    operation.allows(answer, response)
  }
}

extension KeyValueSpecification: MonitoredSpecification {
  public func answer(
    of operation: Operation, from before: String, to after: String
  ) -> Response {
    operation.answer({ _ in before }, { _ in after })
  }

  public func allows(_ answer: Response, _ operation: Operation, _ response: Response?) -> Bool {
    operation.allows(answer, response)
  }
}

extension RegisterSpecification: MonitoredSpecification {
  public func answer(
    of operation: Operation, from before: String, to after: String
  ) -> Response {
    operation.answer({ _ in before }, { _ in after })
  }

  public func allows(_ answer: Response, _ operation: Operation, _ response: Response?) -> Bool {
    operation.allows(answer, response)
  }
}

extension Operation {
  /// The full response to an operation that finds and leaves these cells.
  fileprivate func answer(_ before: (Int) -> String, _ after: (Int) -> String) -> Response {
    switch self {
    case .get(let key): .value(before(key))
    case .put, .writeBlocks: .done
    case .append(let key, _), .putDrawn(let key, _, _): .value(after(key))
    case .compareAndSet(let key, let expected, _): .swapped(before(key) == expected)
    case .readBlocks(let first, let count): .blocks((0..<count).map { before(first + $0) })
    }
  }

  /// Whether `response` says no more than the full one: updates may say only that they are done.
  fileprivate func allows(_ answer: Response, _ response: Response?) -> Bool {
    switch self {
    case .append, .putDrawn: response == nil || response == .done || response == answer
    default: response == nil || response == answer
    }
  }
}
