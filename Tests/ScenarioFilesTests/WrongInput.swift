import Testing

/// A wrong file and everything that must be said about it, word for word.
struct WrongInput: Sendable, CustomTestStringConvertible {
  var text: String
  var complaints: [String] = []

  var testDescription: String { text }

  /// Reads a table: a file in one line, its complaints after `!`, continuation lines indented.
  static func table(_ table: String) -> [WrongInput] {
    var inputs: [WrongInput] = []
    for line in table.split(separator: "\n") {
      let last = inputs.count - 1
      if line.hasPrefix("! ") {
        inputs[last].complaints.append(String(line.dropFirst(2)))
      } else if !line.hasPrefix("  ") {
        inputs.append(WrongInput(text: String(line)))
      } else if let complaint = inputs[last].complaints.indices.last {
        inputs[last].complaints[complaint] += line.dropFirst(1)
      } else {
        inputs[last].text += line.dropFirst(1)
      }
    }
    return inputs
  }
}
