import ClusterSimulation

/// The states of a story as JSON for the page's slider: part names, the state before the first
/// step, and what each step changed. `<` never stands in it, so that no text ends the script.
enum StoryJSON {
  /// `nil` if the story tells no states, or they take too much room.
  static func text(of story: RunStory) -> String? {
    guard !story.parts.isEmpty else { return nil }
    var text = "{\"parts\":[" + story.parts.map(string).joined(separator: ",") + "],\"initial\":"
    text += lines(story.initial) + ",\"steps\":["
    for (index, step) in story.steps.enumerated() {
      if index > 0 { text += "," }
      text += "{\"time\":\(string(step.time.description)),\"text\":\(string(step.text))"
      text += ",\"changes\":\(lines(step.changes))}"
      if text.utf8.count > HTMLReport.stateBytes { return nil }
    }
    return text + "]}"
  }

  private static func lines(_ lines: [StoryLine]) -> String {
    let items = lines.map { line in
      "[\(line.part),\(string(line.path)),\(line.text.map(string) ?? "null")]"
    }
    return "[" + items.joined(separator: ",") + "]"
  }

  private static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "<": result += "\\u003c"
      case "\u{2028}": result += "\\u2028"
      case "\u{2029}": result += "\\u2029"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
