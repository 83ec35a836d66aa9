@testable import LinearizabilityChecking

/// A history drawn as a picture: a line for each process, time from left to right.
///
///     history(.register, ["w1 ----", "     r1 --- r2 --"])
///
/// An operation stands where its word begins and lasts as long as its dashes; one that ends in `?`
/// has an unknown outcome. Words: `w1` write, `r1` read, `r_` read of the initial value, `c1:2`
/// compare-and-swap from 1 to 2, `a1` append, `r1,2` read of a list, `r` of an empty one,
/// `e1` enqueue, `d1` dequeue, `d_` nothing to dequeue, `+1` add, `-1` remove, `?1y` `?1n` look-up,
/// `L` acquire, `U` release, `W0=1` write of blocks 0 and 1, `R0=1,2` read of them, `w0=1` `r0=1`.
func history(_ model: ObjectModel, _ lines: [String], key: String = "k") -> RecordedHistory {
  var history = RecordedHistory(model: model)
  var events: [(column: Int, operation: Int, isCall: Bool)] = []
  var drawn: [(word: String, process: Int32, isOpen: Bool)] = []
  if model != .block { _ = history.keys.id(of: key) }
  for (number, line) in lines.enumerated() {
    let process = history.processes.id(of: "p\(number)")
    let cells = Array(line)
    var column = 0
    while column < cells.count {
      guard cells[column] != " " else {
        column += 1
        continue
      }
      let start = column
      var word = ""
      while column < cells.count, cells[column] != " " {
        word.append(cells[column])
        column += 1
      }
      while column + 1 < cells.count, cells[column] == " ", cells[column + 1] == "-",
        column + 2 >= cells.count || "-? ".contains(cells[column + 2])
      {
        column += 1
        while column < cells.count, "-?".contains(cells[column]) { column += 1 }
      }
      let isOpen = cells[column - 1] == "?"
      events.append((start, drawn.count, true))
      if !isOpen { events.append((column, drawn.count, false)) }
      drawn.append((word, process, isOpen))
    }
  }
  events.sort { one, other in
    (one.column, one.isCall ? 1 : 0, one.operation)
      < (other.column, other.isCall ? 1 : 0, other.operation)
  }
  var places: [Int: Int] = [:]
  for (moment, event) in events.enumerated() {
    if event.isCall {
      places[event.operation] = history.operations.count
      var operation = RecordedOperation(
        kind: .read, process: drawn[event.operation].process, key: 0, call: Int32(moment))
      ask(drawn[event.operation].word, model, &operation, &history)
      operation.outcome = drawn[event.operation].isOpen ? .unknown : .ok
      operation.line = Int32(moment + 1)
      history.operations.append(operation)
    } else if let place = places[event.operation] {
      history.operations[place].returned = Int32(moment)
    }
  }
  history.eventCount = Int32(events.count)
  return history
}

private func ask(
  _ word: String, _ model: ObjectModel, _ operation: inout RecordedOperation,
  _ history: inout RecordedHistory
) {
  var rest = String(word.dropFirst())
  if model == .block, let equals = rest.firstIndex(of: "=") {
    operation.key = Int32(rest[..<equals]) ?? 0
    rest = String(rest[rest.index(after: equals)...])
  }
  func value(_ text: some StringProtocol) -> Int32 {
    history.values.id(of: text == "_" ? "" : String(text))
  }
  func list(_ text: String) {
    operation.result = Int32(history.lists.count)
    let values = text.split(separator: ",").map { value($0) }
    operation.resultCount = Int32(values.count)
    history.lists += values
  }
  switch word.first {
  case "w":
    operation.kind = .write
    operation.argument = value(rest)
  case "W":
    operation.kind = .writeTwo
    operation.argument = value(rest)
  case "r" where model == .listAppend:
    operation.kind = .readList
    list(rest)
  case "r": operation.result = value(rest)
  case "R":
    operation.kind = .readTwo
    list(rest)
  case "c":
    let parts = rest.split(separator: ":")
    operation.kind = .compareAndSwap
    operation.expected = value(parts[0])
    operation.argument = value(parts[1])
    operation.result = 1
  case "a":
    operation.kind = .append
    operation.argument = value(rest)
  case "e":
    operation.kind = .enqueue
    operation.argument = value(rest)
  case "d":
    operation.kind = .dequeue
    operation.result = rest == "_" ? -1 : value(rest)
  case "+", "-":
    operation.kind = word.first == "+" ? .add : .remove
    operation.argument = value(rest)
  case "?":
    operation.kind = .contains
    operation.argument = value(rest.dropLast())
    operation.result = rest.last == "y" ? 1 : 0
  case "L": operation.kind = .acquire
  default: operation.kind = .release
  }
}

/// The explanation of an illegal history; traps if it is none.
func explanation(_ history: RecordedHistory) -> ViolationExplanation {
  var checker = HistoryChecker()
  guard let found = HistoryExplainer().explain(history, checker.check(history)) else {
    fatalError("the history is linearizable")
  }
  return found
}
