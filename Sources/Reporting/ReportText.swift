import ClusterSimulation

/// A word of a command line.
enum ShellWord {
  /// The word, in single quotes where a shell would read it otherwise.
  static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "_-./:,+@%=".unicodeScalars.contains(scalar)
    }
    if isPlain, !word.isEmpty { return word }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}

/// Numbers and texts as all formats for people write them.
enum ReportText {
  /// `41,234`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 run`, `200 runs`.
  static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
    grouped(number) + " " + (number == 1 ? singular : plural ?? singular + "s")
  }

  /// Kinds of faults that struck, each with its number; empty if none did.
  static func faults(_ faults: FaultCounts) -> [String] {
    let kinds = [
      (faults.crashes, "crash", "crashes"), (faults.powerLosses, "power loss", "power losses"),
      (faults.cuts, "cut", "cuts"), (faults.losses, "lost message", "lost messages"),
      (faults.duplications, "duplicate", "duplicates"),
      (faults.storageFaults, "storage fault", "storage faults"),
      (faults.aborts, "abort", "aborts"),
    ]
    return kinds.filter { $0.0 > 0 }.map { count($0.0, $0.1, $0.2) }
  }

  /// Text that is safe on a terminal and in a page: control characters other than line feed, and
  /// marks that change the direction of writing, become U+FFFD.
  static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl =
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      switch scalar {
      case "\t": result.append(" ")
      case "\n": result.append(scalar)
      case _ where isControl: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// As ``printable(_:)``, on one line.
  static func oneLine(_ text: String) -> String {
    printable(text).split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// The start of a text, with an ellipsis if something was left out.
  static func shortened(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(limit) + "…"
  }
}
