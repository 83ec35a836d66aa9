/// A specification that a ``LinearizabilityMonitor`` can follow.
///
/// An operation may have taken effect before anybody knows what it will answer. What it then owes
/// its client is its *answer*: enough to judge the response when it comes. The less an answer
/// holds, the fewer configurations a monitor must tell apart.
///
/// A specification whose states and operations are ``StableContent`` conforms with an empty
/// extension: an answer is then the state before and the state after.
public protocol MonitoredSpecification: SequentialSpecification
where State: StableContent, Operation: Hashable & StableContent {
  /// What an operation that took effect owes its client.
  associatedtype Answer: Hashable & Sendable & StableContent = StateChange<State>

  /// What `operation` owes after it has taken effect in `before` and left `after` behind.
  func answer(of operation: Operation, from before: State, to after: State) -> Answer

  /// Whether the client may be told `response` (`nil`: it was told nothing); that is, whether
  /// ``SequentialSpecification/next(_:_:_:)`` leads from state to state with this response.
  func allows(_ answer: Answer, _ operation: Operation, _ response: Response?) -> Bool

  /// Whether some of `operations`, in some order, might lead from `state` to `target`. True is
  /// always right, and the default; false spares a monitor looking for the order.
  func mayLead(_ state: State, to target: State, by operations: [Operation]) -> Bool
}

extension MonitoredSpecification {
  public func mayLead(_ state: State, to target: State, by operations: [Operation]) -> Bool {
    true
  }
}

/// An answer that remembers everything: where an operation took effect and what it left behind.
public struct StateChange<State: Hashable & Sendable & StableContent>: Hashable, Sendable,
  StableContent
{
  /// The state in which it took effect.
  public var before: State
  /// The state that it left behind.
  public var after: State

  public func appendContent(to content: inout ContentWords) {
    content.append(before)
    content.append(after)
  }
}

extension MonitoredSpecification where Answer == StateChange<State> {
  public func answer(
    of operation: Operation, from before: State, to after: State
  ) -> StateChange<State> {
    StateChange(before: before, after: after)
  }

  public func allows(
    _ answer: StateChange<State>, _ operation: Operation, _ response: Response?
  ) -> Bool {
    switch next(answer.before, operation, response) {
    case .none: false
    case .one(let after): after == answer.after
    case .drawn(let count):
      (0..<count).contains {
        successor($0, of: answer.before, operation, response) == answer.after
      }
    }
  }
}
