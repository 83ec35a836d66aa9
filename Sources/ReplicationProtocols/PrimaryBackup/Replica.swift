import LinearizabilityChecking
import SimulationKernel

extension PrimaryBackup {
  /// The replicated state machine: keys and values, the duplicate table, and how many operations
  /// have been executed. Two replicas that execute the same operations in the same order are equal.
  struct Replica: Hashable, Sendable, Fingerprintable, ClientRenamable {
    /// Sorted by key, without empty values.
    private(set) var contents: [KeyedValue] = []
    private(set) var table = AtMostOnceTable()
    /// The place of the last operation executed; 0 before the first.
    private(set) var sequence = 0

    func value(of key: Int) -> String {
      let position = position(of: key)
      return position < contents.count && contents[position].key == key
        ? contents[position].value : ""
    }

    /// Executes an operation and enters it into the duplicate table.
    mutating func execute(_ ordered: OrderedOperation) -> Response {
      let response = carryOut(ordered.operation, drawn: ordered.drawn)
      table.record(ordered.request, response, lowestOpen: ordered.lowestOpen)
      sequence = max(sequence, ordered.sequence)
      return response
    }

    /// The same state without the duplicate table (PB-08).
    var withoutTable: Replica {
      var copy = self
      copy.table = AtMostOnceTable()
      return copy
    }

    /// Takes over a snapshot, but counts on from where this replica is (PB-05).
    mutating func overwrite(with snapshot: Replica) {
      let reached = max(sequence, snapshot.sequence)
      self = snapshot
      sequence = reached
    }

    /// Enters an operation that was answered from elsewhere, and changed nothing here.
    mutating func enter(_ ordered: OrderedOperation, answered response: Response) {
      table.record(ordered.request, response, lowestOpen: ordered.lowestOpen)
      sequence = max(sequence, ordered.sequence)
    }

    private mutating func carryOut(_ operation: Operation, drawn: Int) -> Response {
      switch operation {
      case .get(let key): return .value(value(of: key))
      case .put(let key, let value):
        set(key, value)
        return .done
      case .append(let key, let value):
        let longer = self.value(of: key) + value
        set(key, longer)
        return .value(longer)
      case .putDrawn(let key, let value, _):
        let result = "\(value)#\(drawn)"
        set(key, result)
        return .value(result)
      case .compareAndSet(let key, let expected, let new):
        guard value(of: key) == expected else { return .swapped(false) }
        set(key, new)
        return .swapped(true)
      case .readBlocks, .writeBlocks:
        programmingError("a key-value store was given a block operation")
      }
    }

    private mutating func set(_ key: Int, _ value: String) {
      let position = position(of: key)
      let isPresent = position < contents.count && contents[position].key == key
      switch (isPresent, value.isEmpty) {
      case (true, true): contents.remove(at: position)
      case (true, false): contents[position].value = value
      case (false, true): break
      case (false, false): contents.insert(KeyedValue(key: key, value: value), at: position)
      }
    }

    /// Where the key stands, or would stand.
    private func position(of key: Int) -> Int {
      var low = 0
      var high = contents.count
      while low < high {
        let middle = (low + high) / 2
        if contents[middle].key < key { low = middle + 1 } else { high = middle }
      }
      return low
    }

    func renamed(by renaming: ClientRenaming) -> Replica {
      var replica = self
      replica.contents = contents.renamed(by: renaming)
      replica.table = table.renamed(by: renaming)
      return replica
    }

    func fingerprint(into hasher: inout StableHasher) {
      for item in contents {
        hasher.combine(item.key)
        hasher.combine(item.value)
      }
      hasher.combine(contents.count)
      hasher.combine(table)
      hasher.combine(sequence)
    }
  }
}
