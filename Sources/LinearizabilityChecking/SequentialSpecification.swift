/// What an object does when one operation runs at a time: the yardstick of linearizability.
///
/// A specification splits into independent parts: an operation touches a run of neighbouring
/// integer keys, and operations that share no key, directly or through others, are checked apart
/// (locality: Herlihy and Wing 1990, theorem 1).
public protocol SequentialSpecification: Sendable {
  /// The state of one partition.
  associatedtype State: Hashable & Sendable
  /// What clients ask.
  associatedtype Operation: Sendable
  /// What the object answers.
  associatedtype Response: Sendable

  /// The state of the partition with these keys before the first operation.
  func initialState(of keys: Range<Int>) -> State

  /// The states that `operation` can leave behind when it takes effect in `state` and answers
  /// `response`. `nil` stands for an unknown answer: any will do.
  func next(
    _ state: State, _ operation: Operation, _ response: Response?
  ) -> Successors<State>

  /// Successor number `draw` where ``next(_:_:_:)`` answers `.drawn(count:)`; `draw` lies in
  /// `0..<count`. Specifications of deterministic objects leave it out.
  func successor(
    _ draw: Int, of state: State, _ operation: Operation, _ response: Response?
  ) -> State

  /// The keys that the operation touches; never empty. An object that does not split answers
  /// `0..<1` throughout.
  func partitionKeys(_ operation: Operation) -> Range<Int>

  /// Whether the operation, answered so, leaves every state as it is. That holds for reads; it
  /// does not hold for a write that happens to write what is there.
  func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool
}

extension SequentialSpecification {
  /// Traps: a specification that answers `.drawn(count:)` says which states it means.
  public func successor(
    _ draw: Int, of state: State, _ operation: Operation, _ response: Response?
  ) -> State {
    fatalError("\(Self.self) answers .drawn but does not define successor(_:of:_:_:)")
  }
}

/// The states that may follow one operation. The common cases need no memory of their own, and
/// the uncommon one is produced state by state, so that limits hold inside a step.
public enum Successors<State> {
  /// The answer is impossible here.
  case none
  /// Exactly one state.
  case one(State)
  /// One state for each number in `0..<count`: see
  /// ``SequentialSpecification/successor(_:of:_:_:)``.
  case drawn(count: Int)

  /// The same with each known state transformed.
  @inline(__always)
  func map<Other>(_ transform: (State) -> Other) -> Successors<Other> {
    switch self {
    case .none: .none
    case .one(let state): .one(transform(state))
    case .drawn(let count): .drawn(count: count)
    }
  }
}

extension Successors: Equatable where State: Equatable {}
extension Successors: Sendable where State: Sendable {}
