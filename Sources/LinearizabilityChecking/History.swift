/// What clients saw: operations with the moments of their call and return.
///
/// Moments are event indices: a counter numbers calls and returns in the order in which they were
/// recorded, from 0 on. An operation takes effect at one instant strictly between its call and
/// its return; one that never returned may take effect at any instant after its call, or never.
/// A client may have several operations open.
///
///     event    0    1    2    3
///     c0       |-put x---|          call 0, returned 2
///     c1            |-get "x"-|     call 1, returned 3
///
/// Source: Herlihy and Wing, Linearizability, TOPLAS 12(3), 1990, section 2.
public struct History<Op: Sendable, Resp: Sendable>: Sendable {
  /// One recorded operation.
  public struct Entry: Sendable {
    /// Who called it.
    public var client: Int
    /// What was asked.
    public var operation: Op
    /// Event index of the call.
    public var call: Int
    /// Event index of the return, greater than ``call``; `nil` while the outcome is unknown.
    public var returned: Int?
    /// What was answered; `nil` while the outcome is unknown.
    public var response: Resp?
    /// Whether the operation is known not to have taken effect; checkers skip it.
    public var hasFailed: Bool

    @inlinable
    init(client: Int, operation: Op, call: Int) {
      self.client = client
      self.operation = operation
      self.call = call
      self.returned = nil
      self.response = nil
      self.hasFailed = false
    }
  }

  @usableFromInline var storage: [Entry] = []

  /// The event log: `i` is the call of operation `i`, `~i` its return; the position is the moment.
  @usableFromInline var events: [Int32] = []

  /// An empty history.
  @inlinable
  public init() {}

  /// The operations in the order of their calls; indices elsewhere point into this array.
  @inlinable
  public var entries: [Entry] { storage }

  /// The number of operations, failed ones included.
  @inlinable
  public var count: Int { storage.count }

  /// The number of events, which is the index that the next one will have.
  @inlinable
  public var eventCount: Int { events.count }

  /// Records a call. O(1).
  ///
  /// - Returns: the index of the operation, for ``complete(_:response:)`` or ``fail(_:)``.
  @inlinable
  @discardableResult
  public mutating func invoke(client: Int, operation: Op) -> Int {
    let index = storage.count
    precondition(events.count < Int(Int32.max), "a history holds at most 2^31 - 1 events")
    storage.append(Entry(client: client, operation: operation, call: events.count))
    events.append(Int32(truncatingIfNeeded: index))
    return index
  }

  /// Records the return of an open operation. O(1). Traps if it has returned or failed before.
  @inlinable
  public mutating func complete(_ index: Int, response: Resp) {
    precondition(storage[index].returned == nil, "an operation returns once")
    precondition(!storage[index].hasFailed, "a failed operation does not return")
    storage[index].returned = events.count
    storage[index].response = response
    events.append(~Int32(truncatingIfNeeded: index))
  }

  /// Declares that an open operation has not taken effect and never will. O(1). Traps if it has
  /// returned. Indices of other operations and events stay as they are.
  @inlinable
  public mutating func fail(_ index: Int) {
    precondition(storage[index].returned == nil, "an operation that returned took effect")
    storage[index].hasFailed = true
  }

  /// Forgets everything; indices start at 0 again.
  @inlinable
  public mutating func removeAll(keepingCapacity: Bool = false) {
    storage.removeAll(keepingCapacity: keepingCapacity)
    events.removeAll(keepingCapacity: keepingCapacity)
  }

  /// Makes room for that many operations and their returns.
  @inlinable
  public mutating func reserveCapacity(_ operationCount: Int) {
    storage.reserveCapacity(operationCount)
    events.reserveCapacity(2 * operationCount)
  }
}

extension History.Entry: Equatable where Op: Equatable, Resp: Equatable {}
extension History.Entry: Hashable where Op: Hashable, Resp: Hashable {}
extension History: Equatable where Op: Equatable, Resp: Equatable {}
extension History: Hashable where Op: Hashable, Resp: Hashable {}

/// The history of a replicated store.
public typealias StoreHistory = History<Operation, Response>
