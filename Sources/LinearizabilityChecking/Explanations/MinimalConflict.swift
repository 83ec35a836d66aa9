/// A minimal conflict with the updates around it, and what it says in words.
struct MinimalConflict {
  /// The history weakened to the conflict.
  let history: RecordedHistory
  /// Per operation of it, its index in the whole history, and whether it belongs to the conflict.
  let names: [Int32]
  let isMember: [Bool]
  let words: OperationWords
  /// Why they conflict, if that is known already.
  var reason: ViolationCertificate.Reason?
  /// What the last operation may have found instead, if the set is too large to speak of.
  var possible: PossibleValues?
  private let whole: RecordedHistory

  init(
    _ history: RecordedHistory, names: [Int32], isMember: [Bool], in whole: RecordedHistory,
    namesProcesses: Bool
  ) {
    self.history = history
    self.names = names
    self.isMember = isMember
    self.whole = whole
    var words = OperationWords(whole)
    words.namesProcesses = namesProcesses
    self.words = words
  }

  /// The operations of the conflict, by call.
  var members: [Int] { isMember.indices.filter { isMember[$0] } }

  /// How many updates beside a conflict are worth telling of.
  private static let sourceLimit = 6

  /// Updates outside the conflict that wrote what its operations saw; the first of each value.
  var sources: [Int] {
    var found: [Int] = []
    var known: Set<[Int32]> = []
    for member in members {
      for (cell, value) in observed(member) where known.insert([cell, value]).inserted {
        let writers = self.writers(of: value, in: cell)
        guard let first = writers.first, !writers.contains(where: { isMember[$0] }) else {
          continue
        }
        if !found.contains(first) { found.append(first) }
      }
    }
    return Array(found.prefix(Self.sourceLimit)).sorted()
  }

  /// What an operation saw, each with its cell. Of a text or a list that is every update in it.
  func observed(_ place: Int) -> [(cell: Int32, value: Int32)] {
    let operation = history.operations[place]
    switch (operation.kind, history.answer(of: place)) {
    case (.contains, .value(let seen)?):
      return seen == 1 ? [(operation.key, operation.argument)] : []
    case (_, .value(let seen)?): return [(operation.key, seen)]
    case (.readTwo, .values(let seen)?):
      return seen.enumerated().map { (operation.key + Int32($0.offset), $0.element) }
    case (_, .values(let seen)?): return seen.map { (operation.key, $0) }
    case (_, .swapped(true, _)?): return [(operation.key, operation.expected)]
    case (_, .swapped(false, let found)?) where found >= 0: return [(operation.key, found)]
    default: return []
    }
  }

  /// The updates that put this value there, by call.
  func writers(of value: Int32, in cell: Int32) -> [Int] {
    history.operations.indices.filter { place in
      let operation = history.operations[place]
      guard operation.argument == value else { return false }
      switch operation.kind {
      case .write, .append, .enqueue, .add: return operation.key == cell
      case .writeTwo: return operation.key == cell || operation.key + 1 == cell
      case .compareAndSwap:
        return operation.key == cell && (operation.outcome == .unknown || operation.result == 1)
      default: return false
      }
    }
  }

  /// Whether one returned before the other was called.
  func precedes(_ one: Int, _ other: Int) -> Bool {
    history.operations[one].outcome == .ok
      && history.operations[one].returned < history.operations[other].call
  }

  // MARK: Words

  func name(_ place: Int) -> String { words.name(names[place]) }
  func phrase(_ place: Int) -> String { words.phrase(names[place]) }
  func perfect(_ place: Int) -> String { words.perfect(names[place]) }
  func began(_ place: Int) -> String { words.began(names[place]) }
  func text(_ value: Int32) -> String { OperationWords(history).text(value) }

  /// `write 3 of "x", write 5 of "x" and write 6 of "x"`; of many the first and the last.
  func names(_ places: [Int]) -> String {
    guard places.count > 5 else { return Self.joined(places.map { name($0) }) }
    let ends = places.prefix(2) + places.suffix(1)
    let texts = ends.map { name($0) }
    return "\(texts[0]), \(texts[1]), \(places.count - 3) others and \(texts[2])"
  }

  static func joined(_ texts: [String]) -> String {
    guard texts.count > 1 else { return texts.first ?? "" }
    return texts.dropLast().joined(separator: ", ") + " and " + texts[texts.count - 1]
  }

  /// What contradicts what, in one sentence.
  var sentence: String {
    let claim: String?
    switch history.model {
    case .fifoQueue: claim = queueClaim
    case .set: claim = setClaim
    case .mutex: claim = mutexClaim
    case .block: claim = tornClaim ?? reasonClaim
    default: claim = reasonClaim
    }
    let place = members.first.map { words.place(names[$0]) } ?? ""
    let prefix = place.isEmpty || history.model == .block ? "" : "\(place): "
    return prefix + (claim ?? generalClaim)
  }

  /// Whether a failed update would have written what a read saw.
  func failedWriter(of value: Int32, at cell: Int32) -> Int32? {
    let wanted = history.values[value]
    let key = history.model == .block ? "" : history.keys[cell]
    return whole.operations.indices.first { index in
      let operation = whole.operations[index]
      guard operation.outcome == .failed, operation.argument >= 0,
        whole.values[operation.argument] == wanted
      else { return false }
      return history.model == .block ? operation.key == cell : whole.keys[operation.key] == key
    }.map(Int32.init)
  }
}

extension MinimalConflict {
  /// The operations, and what holds between them in time and by their values.
  var generalClaim: String {
    if let only = members.first, members.count == 1 {
      return "nothing explains that \(phrase(only)), whatever became of all other operations"
    }
    if let possible {
      let values = possible.values.map { words.text($0) }
      let alternatives = values.count > 1 ? values.dropLast().joined(separator: ", ") + " or " : ""
      return "\(words.phrase(possible.operation)), but only \(alternatives)\(values.last ?? "") "
        + "can have been there while it ran"
    }
    let shown = members.prefix(8).map { phrase($0) }
    let rest = members.count > 8 ? " and \(members.count - 8) more operations" : ""
    let edges = (timeEdges + valueEdges).prefix(8).joined(separator: "; ")
    return "no order explains " + Self.joined(Array(shown)) + rest
      + (edges.isEmpty ? "" : ": \(edges)")
  }

  /// Who was over before whom, without what follows from others.
  private var timeEdges: [String] {
    var edges: [String] = []
    let involved = (members.prefix(8) + sources).sorted()
    for one in involved {
      for other in involved where precedes(one, other) {
        let isImplied = involved.contains { precedes(one, $0) && precedes($0, other) }
        if !isImplied { edges.append("\(name(one)) had finished before \(name(other)) began") }
      }
    }
    return edges
  }

  private var valueEdges: [String] {
    var edges: [String] = []
    for member in members.prefix(8) where history.operations[member].kind != .readList {
      for (cell, value) in observed(member) {
        let writers = self.writers(of: value, in: cell)
        if writers.count == 1 {
          edges.append("only \(name(writers[0])) wrote what \(name(member)) saw")
        } else if writers.isEmpty, value == history.initialValue {
          edges.append("\(name(member)) saw the initial value")
        }
      }
    }
    return edges
  }
}
