/// What a program may leave behind: every file with a character a block, and whether the outside
/// world has seen its output.
public struct ProgramState: Hashable, Sendable {
  /// A file by its path, or an empty directory by its path and a `/`.
  public struct Entry: Hashable, Sendable {
    public let path: String
    /// A character a block: `0` zeros, `?` garbage.
    public let contents: String
  }

  /// Sorted by the bytes of the paths.
  public let entries: [Entry]
  public let isPrinted: Bool

  /// The contents of the file of that path, or nil.
  public func contents(of path: String) -> String? {
    entries.first { $0.path == path }?.contents
  }
}

extension ProgramState: Comparable {
  /// Unprinted before printed, then by the bytes of the entries written as a JSON object.
  public static func < (left: ProgramState, right: ProgramState) -> Bool {
    if left.isPrinted != right.isPrinted { return right.isPrinted }
    return left.sortText.utf8.lexicographicallyPrecedes(right.sortText.utf8)
  }

  private var sortText: String {
    "{" + entries.map { "\"\($0.path)\":\"\($0.contents)\"" }.joined(separator: ",") + "}"
  }
}

/// The complete crash states of a program under a profile.
public struct ProgramStates: Sendable {
  /// Micro-operations of all calls; each sync and each print counts as one.
  public let microOperationCount: Int
  /// How many closed sets of these there are; nil if more than 2^63 - 1.
  public let closedSetCount: Int?
  /// Every state, once, sorted.
  public let states: [ProgramState]

  /// - Parameter limit: the largest number of different intermediate states to hold.
  /// - Returns: nil if the limit was met: the set is then undecided.
  /// - Throws: ``DiskProgramError`` if a call is refused.
  public init?(
    of program: DiskProgram, _ profile: PersistenceProfile, limit: Int = 1 << 18
  ) throws(DiskProgramError) {
    let graph = try ProgramGraph(program, profile)
    guard let outcomes = StateSweep(graph).outcomes(limit: limit) else { return nil }
    microOperationCount = graph.nodes.count
    var sum: Int? = 0
    var states = Set<ProgramState>()
    for (state, sets) in outcomes {
      states.insert(state)
      sum = checkedSum(sum, sets)
    }
    closedSetCount = sum
    self.states = states.sorted()
  }
}

func checkedSum(_ left: Int?, _ right: Int?) -> Int? {
  guard let left, let right else { return nil }
  let (sum, overflows) = left.addingReportingOverflow(right)
  return overflows ? nil : sum
}

/// Goes through the nodes of a program in order and keeps one case for all closed sets that leave
/// the same disk and allow the same continuations: the sets are counted without being built.
struct StateSweep {
  struct Case: Hashable {
    /// Later nodes that require something lost.
    var blocked = PlaceSet()
    var image: BlockImage
    var isPrinted = false
  }

  let graph: ProgramGraph
  let layout: BlockImage.Layout
  let blocking: Blocking

  init(_ graph: ProgramGraph) {
    self.graph = graph
    var layout = BlockImage.Layout()
    for (directory, contents) in zip(
      graph.base.directories.numbers, graph.base.directories.values)
    {
      for (name, target) in zip(contents.names, contents.targets) {
        layout.meet(MicroOperation.Slot(directory: directory, name: name))
        layout.meet(target)
      }
    }
    for node in graph.nodes {
      guard case .change(let operation) = node.event else { continue }
      for slot in operation.change.slots { layout.meet(slot) }
      if let target = operation.change.target { layout.meet(target) }
    }
    self.layout = layout
    blocking = Blocking(graph.closedSets)
  }

  var start: Case { Case(image: BlockImage(graph.base, layout)) }

  /// A case after the node at a place is kept.
  func kept(_ place: Int, _ old: Case) -> Case {
    var new = old
    new.blocked = old.blocked.above(place)
    switch graph.nodes[place].event {
    case .change(let operation): new.image.apply(operation.change, layout)
    case .print: new.isPrinted = true
    case .sync: break
    }
    return new
  }

  /// A case after the node at a place is lost, or was not reached.
  func lost(_ place: Int, _ old: Case) -> Case {
    var new = old
    new.blocked = blocking.lost(place, after: old.blocked).above(place)
    return new
  }

  func state(_ last: Case) -> ProgramState {
    ProgramState(entries: last.image.contents(layout), isPrinted: last.isPrinted)
  }

  /// Every state with the number of closed sets that leave it, a state perhaps several times; nil
  /// if there are too many cases. A count is nil if it is too large.
  func outcomes(limit: Int) -> [(ProgramState, Int?)]? {
    var layer: [Case: Int?] = [start: 1]
    for place in graph.nodes.indices {
      var next: [Case: Int?] = [:]
      for (old, sets) in layer {
        if !old.blocked.contains(place) {
          let kept = kept(place, old)
          next[kept] = .some(checkedSum(next[kept, default: 0], sets))
          if graph.nodes[place].isBound { continue }
        }
        let lost = lost(place, old)
        next[lost] = .some(checkedSum(next[lost, default: 0], sets))
      }
      if next.count > limit { return nil }
      layer = next
    }
    return layer.map { (state($0.key), $0.value) }
  }
}
