import InputText

/// What can be asked of a run that is stepped through.
enum TravelCommand: Hashable {
  case next(Int)
  case back(Int)
  /// To after so many steps.
  case go(Int)
  case end
  /// To the next step in which a process dies or starts.
  case crash
  /// To the next step that changes a part of the world, or a line of it.
  case change(part: String, path: String?)
  /// The steps around here.
  case list
  /// Everything about a node: process, memory, timers.
  case node(String)
  case disk(String)
  /// What is under way between two nodes; all channels without names.
  case channels([String])
  /// What is different after so many steps from after so many others.
  case difference(Int, Int)
  case help
  case quit

  /// Names, what follows them, and what they do.
  static let table: [(name: String, arguments: String, help: String)] = [
    ("next", "[N]", "do one step, or N (an empty line does it too)"),
    ("back", "[N]", "undo one step, or N"),
    ("go", "N", "to the state after step N; 0 is before the first"),
    ("end", "", "to the end"),
    ("crash", "", "to the next step in which a process dies or starts"),
    ("change", "PART [LINE]", "to the next step that changes it: change s1 view, change disk/s1"),
    ("list", "", "the steps around here"),
    ("node", "NAME", "process, memory and timers of a node, and its disk in a line"),
    ("disk", "NAME", "files of a server: visible, durable, pending"),
    ("channel", "[FROM TO]", "what is under way between two nodes, or everywhere"),
    ("diff", "A B", "what is different after step B from after step A"),
    ("help", "", "this list"),
    ("quit", "", "leave"),
  ]

  struct Mistake: Error, Hashable {
    var message: String
    var help: String?
  }

  /// Reads a line; the first letters of a name will do.
  static func read(_ line: String) throws(Mistake) -> TravelCommand {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let word = words.first else { return .next(1) }
    let name = try name(of: word)
    let rest = Array(words.dropFirst())
    func number(_ index: Int, or fallback: Int?) throws(Mistake) -> Int {
      guard index < rest.count else {
        if let fallback { return fallback }
        throw Mistake(message: "\(name) needs a number of steps")
      }
      guard let number = Int(rest[index]), (0...1_000_000_000).contains(number) else {
        throw Mistake(message: "\(quoted(rest[index])) is not a number of steps")
      }
      return number
    }
    func text(_ index: Int, _ what: String) throws(Mistake) -> String {
      guard index < rest.count else { throw Mistake(message: "\(name) needs \(what)") }
      return rest[index]
    }
    let command: TravelCommand
    let most: Int
    switch name {
    case "next": (command, most) = (.next(try number(0, or: 1)), 1)
    case "back": (command, most) = (.back(try number(0, or: 1)), 1)
    case "go": (command, most) = (.go(try number(0, or: nil)), 1)
    case "end": (command, most) = (.end, 0)
    case "crash": (command, most) = (.crash, 0)
    case "change":
      let part = try text(0, "a part, such as s1 or disk/s1")
      (command, most) = (.change(part: part, path: rest.count > 1 ? rest[1] : nil), 2)
    case "list": (command, most) = (.list, 0)
    case "node": (command, most) = (.node(try text(0, "the name of a node")), 1)
    case "disk": (command, most) = (.disk(try text(0, "the name of a server")), 1)
    case "channel":
      if rest.count == 1 { throw Mistake(message: "channel needs two nodes, or none") }
      (command, most) = (.channels(rest), 2)
    case "diff":
      (command, most) = (.difference(try number(0, or: nil), try number(1, or: nil)), 2)
    case "quit": (command, most) = (.quit, 0)
    default: (command, most) = (.help, 0)
    }
    guard rest.count <= most else {
      throw Mistake(message: "\(name) takes no \(quoted(rest[most]))")
    }
    return command
  }

  private static func name(of word: String) throws(Mistake) -> String {
    let names = table.map(\.name)
    if let exact = names.first(where: { $0 == word }) { return exact }
    let matching = names.filter { $0.hasPrefix(word) }
    // The usual ones, by their letters.
    if let usual = ["n": "next", "b": "back", "c": "change", "d": "diff"][word] { return usual }
    if matching.count == 1 { return matching[0] }
    throw Mistake(
      message: "unknown command \(quoted(word)); known: \(names.joined(separator: ", "))",
      help: NearMiss.help(for: word, among: names))
  }
}
