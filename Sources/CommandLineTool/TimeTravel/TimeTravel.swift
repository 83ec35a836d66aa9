import ClusterSimulation
import InputText
import Reporting

/// A replayed failure that somebody walks through, forwards and backwards.
struct TimeTravel {
  let story: RunStory
  let failure: FailureStory
  /// Steps done; 0 to all.
  private(set) var position = 0
  private(set) var hasEnded = false

  init(_ failure: FailureStory) {
    self.failure = failure
    story = failure.story
  }

  /// What to print before anything was asked.
  var greeting: String {
    "\(failure.title): \(story.steps.count) steps\n\(failure.sentence)\n"
      + "help lists what can be asked\n" + here
  }

  /// Does what a command asks and returns what to print, ending in a line feed.
  mutating func perform(_ command: TravelCommand) -> String {
    switch command {
    case .next(let count): return move(to: position + count)
    case .back(let count): return move(to: position - count)
    case .go(let step): return move(to: step)
    case .end: return move(to: story.steps.count)
    case .crash: return moveToCrash()
    case .change(let part, let path): return moveToChange(of: part, path)
    case .list: return around
    case .node(let name): return node(name)
    case .disk(let name): return lines(["disk of \(name)"], name)
    case .channels(let ends): return channels(ends)
    case .difference(let from, let to): return difference(from, to)
    case .help: return Self.help
    case .quit:
      hasEnded = true
      return ""
    }
  }

  static let help: String = TravelCommand.table.map { row in
    let usage = "\(row.name) \(row.arguments)".trimmedEnd
    return "  " + HelpText.pad(usage, 20) + row.help + "\n"
  }.joined()

  // MARK: Moving

  private mutating func move(to step: Int) -> String {
    let wanted = max(0, min(story.steps.count, step))
    var text = ""
    if step > story.steps.count { text = "this is the end\n" }
    if step < 0 { text = "this is the beginning\n" }
    let isForward = wanted > position && wanted - position <= 40
    let first = position
    position = wanted
    // Steps that are walked over are told.
    if isForward {
      for index in first..<wanted { text += line(of: index) + changes(of: index) }
      return text + (wanted == story.steps.count ? "the end: \(failure.sentence)\n" : "")
    }
    return text + here
  }

  private var here: String {
    position == 0
      ? "before the first step\n" : "after step \(position):\n" + line(of: position - 1)
  }

  private mutating func moveToCrash() -> String {
    let next = story.steps.indices.dropFirst(position).first { index in
      let step = story.steps[index]
      if case .start(isRestart: true) = step.event { return true }
      return !step.deaths.isEmpty
    }
    guard let next else { return "no process dies or starts after step \(position)\n" }
    position = next + 1
    return line(of: next) + changes(of: next)
  }

  private mutating func moveToChange(of name: String, _ path: String?) -> String {
    let wanted = parts(called: name)
    guard !wanted.isEmpty else { return unknown(name) }
    let next = story.steps.indices.dropFirst(position).first { index in
      story.steps[index].changes.contains { line in
        wanted.contains(line.part) && (path.map { line.path.contains($0) } ?? true)
      }
    }
    guard let next else {
      return "nothing of that changes after step \(position)\n"
    }
    position = next + 1
    return line(of: next) + changes(of: next)
  }

  /// `s1` is its memory, `disk/s1` its disk, `c1->s1` a channel; or a part by its full name.
  private func parts(called name: String) -> [Int] {
    let candidates = [
      name, "memory of \(name)", "channel \(name)",
      name.split(separator: "/").joined(separator: " of "),
    ]
    return story.parts.indices.filter { candidates.contains(story.parts[$0]) }
  }

  // MARK: Telling

  private func line(of index: Int) -> String {
    let step = story.steps[index]
    let mark = failure.isHighlighted(index) ? "!" : " "
    return "\(mark)\(index + 1)  \(step.time)  \(step.text)\n"
  }

  private func changes(of index: Int) -> String {
    var changes = story.steps[index].changes
    var text = ""
    // A memory that is gone is one piece of news.
    for part in Set(changes.map(\.part)).sorted() {
      let own = changes.filter { $0.part == part }
      guard own.count > 3, own.allSatisfy({ $0.text == nil }) else { continue }
      text += "      \(story.parts[part])  everything is gone\n"
      changes.removeAll { $0.part == part }
    }
    text += changes.prefix(24).map { line in
      "      \(story.parts[line.part])  \(label(line.path))\(line.text ?? "gone")\n"
    }.joined()
    return text + (changes.count > 24 ? "      and \(changes.count - 24) more lines\n" : "")
  }

  private func label(_ path: String) -> String { path.isEmpty ? "" : "\(path): " }

  private var around: String {
    let range = max(0, position - 5)..<min(story.steps.count, position + 5)
    let lines = range.map { index in
      (index == position - 1 ? "->" : "  ") + line(of: index)
    }
    return position == 0 ? "-> before the first step\n" + lines.joined() : lines.joined()
  }

  private func node(_ name: String) -> String {
    lines(["process of \(name)", "memory of \(name)", "timers of \(name)"], name)
  }

  private func lines(_ parts: [String], _ name: String) -> String {
    let view = WorldView(story, after: position)
    var text = ""
    for part in parts {
      guard let lines = view.lines(of: part) else { continue }
      text += "\(part)\n"
      text += lines.map { "  \(label($0.path))\($0.text)\n" }.joined()
      if lines.isEmpty { text += "  nothing\n" }
    }
    if text.isEmpty { return unknown(name) }
    return text
  }

  private func channels(_ ends: [String]) -> String {
    let view = WorldView(story, after: position)
    if ends.count == 2 {
      return lines(["channel \(ends[0])->\(ends[1])"], ends.joined(separator: " "))
    }
    var text = ""
    for part in story.parts where part.hasPrefix("channel ") {
      for line in view.lines(of: part) ?? [] {
        text += "\(part)  \(label(line.path))\(line.text)\n"
      }
    }
    return text.isEmpty ? "nothing is under way\n" : text
  }

  private func difference(_ from: Int, _ to: Int) -> String {
    guard max(from, to) <= story.steps.count else {
      return "the run has \(story.steps.count) steps\n"
    }
    let differences = WorldView(story, after: from).differences(to: WorldView(story, after: to))
    guard !differences.isEmpty else { return "nothing is different\n" }
    return differences.map { line in
      "\(line.part)  \(label(line.path))\(line.before ?? "not there") => \(line.after ?? "gone")\n"
    }.joined()
  }

  private func unknown(_ name: String) -> String {
    let names = story.lanes.map(\.name)
    var text = "there is no \(quoted(name)) here; nodes: \(names.joined(separator: ", "))"
    if let near = NearMiss.closest(to: name, among: names) { text += "; did you mean \(near)?" }
    return text + "\n"
  }
}
