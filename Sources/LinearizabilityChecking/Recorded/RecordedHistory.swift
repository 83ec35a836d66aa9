/// A history that somebody recorded, in any of the formats that `crashproof check` reads: one of
/// the named objects, with keys and values interned.
///
/// Interned, because checkers compare values and never look into them: an operation is a fixed
/// number of bytes whatever its values are, and a million of them fit into memory with ease.
public struct RecordedHistory: Sendable {
  /// What kind of object was used.
  public var model: ObjectModel
  /// What a key holds before the first update: an index into ``values``. For objects that start
  /// empty (`list-append`, `fifo-queue`, `set`, `mutex`) it has no meaning.
  public var initialValue: Int32
  /// The operations in the order of their calls.
  public var operations: [RecordedOperation] = []
  /// The distinct values, by id. Id 0 is the empty string.
  public var values: InternedTexts
  /// The distinct keys, by id. For `block` a key is a block, and ``RecordedOperation/key`` is its
  /// number itself; this table is then empty.
  public var keys: InternedTexts
  /// The distinct processes, by id.
  public var processes: InternedTexts
  /// Answers that consist of several values (`list-append`, two blocks), one after another; see
  /// ``RecordedOperation/result``.
  public var lists: [Int32] = []
  /// What happened beside the operations (crashes, restarts, partitions), in order.
  public var remarks: [HistoryRemark] = []
  /// How many events (calls, returns, remarks) the history has; moments lie below it.
  public var eventCount: Int32 = 0
  /// An order in which updates may have taken effect, as indices into ``operations``; empty when
  /// nobody knows one. A checker tries it first and believes nothing of it. Reads need not occur in
  /// it, nor updates of unknown outcome that had no effect.
  public var hint: [Int32] = []

  /// An empty history of an object whose keys hold `initialValue`.
  public init(model: ObjectModel, initialValue: String = "") {
    self.model = model
    values = InternedTexts()
    keys = InternedTexts()
    processes = InternedTexts()
    _ = values.id(of: "")
    self.initialValue = values.id(of: initialValue)
  }
}

/// The objects that have a name on the command line.
public enum ObjectModel: String, CaseIterable, Sendable {
  /// One register: read, write.
  case register
  /// One register: read, write, compare-and-swap.
  case casRegister = "cas-register"
  /// Keys with get, put and append of text (the value read is the concatenation).
  case keyValue = "kv"
  /// Keys that hold lists: append one element, read the whole list.
  case listAppend = "list-append"
  /// Numbered blocks: reads and writes of one block, or of two neighbours at once.
  case block
  /// Queues by key: enqueue, dequeue (nothing when empty).
  case fifoQueue = "fifo-queue"
  /// Sets by key: add, remove, read whether an element is in.
  case set
  /// Locks by key: acquire, release.
  case mutex
}

/// One operation of a ``RecordedHistory``.
public struct RecordedOperation: Hashable, Sendable {
  /// What was asked.
  public enum Kind: UInt8, Hashable, Sendable {
    /// Answers the value of the key (of the block).
    case read
    /// Replaces the value.
    case write
    /// Replaces ``RecordedOperation/expected`` by ``RecordedOperation/argument``.
    case compareAndSwap
    /// Adds to the end of the text or list.
    case append
    /// Answers the whole list.
    case readList
    /// Answers two neighbouring blocks.
    case readTwo
    /// Writes one value into two neighbouring blocks.
    case writeTwo
    /// Adds an element to the queue.
    case enqueue
    /// Takes the first element; `result` -1 with outcome `ok` means that the queue was empty.
    case dequeue
    /// Adds an element to the set.
    case add
    /// Removes an element from the set.
    case remove
    /// Asks whether an element is in the set; `result` is 1 or 0.
    case contains
    /// Takes the lock.
    case acquire
    /// Gives the lock back.
    case release
  }

  /// What became of it.
  public enum Outcome: UInt8, Hashable, Sendable {
    /// It returned with an answer.
    case ok
    /// It may have taken effect at any time after its call, or never.
    case unknown
    /// It is known not to have taken effect.
    case failed
  }

  /// What was asked.
  public var kind: Kind
  /// What became of it.
  public var outcome: Outcome = .unknown
  /// Id of the process in ``RecordedHistory/processes``.
  public var process: Int32
  /// Id of the key in ``RecordedHistory/keys``; for `block` the number of the (first) block.
  public var key: Int32
  /// Id of the value that was written, appended, added; -1 if there is none.
  public var argument: Int32 = -1
  /// For a compare-and-swap the id of the value that must be there; -1 otherwise.
  public var expected: Int32 = -1
  /// What was answered. `read`, `dequeue`: the id of the value. `append` of text: the id of the
  /// value left behind. `readList`, `readTwo`: where its values start in
  /// ``RecordedHistory/lists``. `compareAndSwap`: 1 replaced, 0 found something else. -1: nothing
  /// was said (an update that answers only that it is done; a read like that takes no part).
  public var result: Int32 = -1
  /// `readList`, `readTwo`: how many values were answered. For a compare-and-swap the id of the
  /// value found, when the answer tells it; -1 otherwise.
  public var resultCount: Int32 = -1
  /// The event index of the call.
  public var call: Int32
  /// The event index of the return; `Int32.max` if it never returned.
  public var returned: Int32 = .max
  /// The line of the input where the call stands, from 1; 0 if there is none.
  public var line: Int32 = 0

  /// A call without a return yet.
  public init(kind: Kind, process: Int32, key: Int32, call: Int32) {
    self.kind = kind
    self.process = process
    self.key = key
    self.call = call
  }
}

/// Something that happened beside the operations of a history.
public struct HistoryRemark: Hashable, Sendable {
  /// The event index.
  public var moment: Int32
  /// What happened, for people: "s2 crashes".
  public var text: String

  /// A remark at an event index.
  public init(moment: Int32, text: String) {
    self.moment = moment
    self.text = text
  }
}
