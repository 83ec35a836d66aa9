import LinearizabilityChecking
import SimulationKernel

/// Which clients may change names: a permutation of clients is a symmetry of a workload if it turns
/// the operations of each client into those of the client whose name it gets, when written values
/// change with their writers.
struct LikeClients {
  /// Beside the identity: for each client the number of the one whose name it gets, and what the
  /// written values become.
  private(set) var permutations: [(clients: [Int], tokens: [(old: String, new: String)])] = []

  /// Clients after this one keep their names: a group of 24 is as many words in every half state as
  /// a search should carry.
  static let mostMoved = 4

  init(_ operations: [[Operation]], among count: Int) {
    let moved = min(count, Self.mostMoved)
    for head in Self.permutations(of: moved).dropFirst() {
      let clients = head + Array(moved..<max(moved, count))
      guard let tokens = Self.tokens(operations, clients) else { continue }
      permutations.append((clients, tokens))
    }
  }

  /// All, in lexicographic order: the identity is the first.
  static func permutations(of count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return permutations(of: count - 1).flatMap { shorter in
      (0..<count).map { first in [first] + shorter.map { $0 < first ? $0 : $0 + 1 } }
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// What becomes of the written values; `nil` if the permutation is no symmetry.
  private static func tokens(
    _ operations: [[Operation]], _ clients: [Int]
  ) -> [(old: String, new: String)]? {
    var table: [String: String] = [:]
    for (client, list) in operations.enumerated() {
      guard operations.indices.contains(clients[client]) else { return nil }
      let others = operations[clients[client]]
      guard list.count == others.count else { return nil }
      for (mine, other) in zip(list, others) {
        switch (mine.writtenValue, other.writtenValue) {
        case (nil, nil): break
        case (let old?, let new?):
          guard old.isEmpty == new.isEmpty, table[old] == nil || table[old] == new else {
            return nil
          }
          table[old] = new
        default: return nil
        }
      }
    }
    table[""] = nil
    guard Set(table.values).count == table.count, canBeTakenApart(operations, Array(table.keys))
    else { return nil }
    let tokens = table.sorted { $0.key < $1.key }.map { (old: $0.key, new: $0.value) }
    let layout = ClusterLayout(
      serverCount: 1, coordinatorName: nil, clientCount: max(1, operations.count))
    let renaming = ClientRenaming(layout, clients: clients, tokens: tokens)
    for (client, list) in operations.enumerated()
    where list.map({ $0.renamed(renaming.text) }) != operations[clients[client]] { return nil }
    return tokens
  }

  /// Whether every value that a store can hold is composed of written values in one way only: none
  /// is the beginning of another, none looks like what a draw adds, and what is compared with is
  /// composed of them too.
  private static func canBeTakenApart(_ operations: [[Operation]], _ tokens: [String]) -> Bool {
    let bytes = tokens.map { Array($0.utf8) }
    for (place, one) in bytes.enumerated() {
      for (other, two) in bytes.enumerated() where other != place && two.starts(with: one) {
        return false
      }
    }
    let all = operations.joined()
    let draws = all.contains { if case .putDrawn = $0 { true } else { false } }
    if draws, bytes.contains(where: { $0.first.map(isOfDraw) ?? false }) { return false }
    return all.allSatisfy { operation in
      guard case .compareAndSet(_, let expected, _) = operation else { return true }
      var rest = Array(expected.utf8)[...]
      while let first = rest.first {
        if let token = bytes.first(where: { rest.starts(with: $0) }) {
          rest = rest.dropFirst(token.count)
        } else {
          guard draws, isOfDraw(first) else { return false }
          rest = rest.dropFirst()
        }
      }
      return true
    }
  }

  private static func isOfDraw(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "#") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
