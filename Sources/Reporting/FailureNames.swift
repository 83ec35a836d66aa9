/// Names of failure files: `head-dies-7.json` for seed 7 of `Scenarios/chain/head-dies.json5`.
///
/// Which name a scenario has depends on all the files of the run and on nothing else. Files of the
/// same name in two folders get the folder's name as well.
public struct FailureNames: Sendable {
  private let labels: [String: String]

  /// - Parameter files: all the scenario files of the run.
  public init(files: [String]) {
    let files = Set(files).sorted()
    var labels: [String: String] = [:]
    var taken: Set<String> = []
    let stems = Dictionary(grouping: files) { Self.label($0, folders: 0).lowercased() }
    for file in files {
      let short = Self.label(file, folders: 0)
      let isShared = (stems[short.lowercased()] ?? []).count > 1
      let label = isShared ? Self.label(file, folders: 1) : short
      labels[file] = Self.unused(label, &taken)
    }
    self.labels = labels
  }

  /// The name of the file for a seed that failed; without a folder.
  public func name(file: String, seed: UInt64) -> String {
    "\(stem(of: file))-\(seed).json"
  }

  /// The name of the history that stands beside a failure file of this name.
  public static func historyName(besides failure: String) -> String {
    let stem = failure.hasSuffix(".json") ? String(failure.dropLast(5)) : failure
    return stem + ".history.jsonl"
  }

  /// What the names of a scenario's files begin with.
  public func stem(of file: String) -> String { labels[file] ?? Self.label(file, folders: 1) }

  /// The name with everything that a file name should not have replaced by dashes: letters of
  /// ASCII, digits, dots, dashes and underscores remain, 120 at most, no dot or dash first.
  public static func safe(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        || "._-".unicodeScalars.contains(scalar)
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else if result.last != "-" {
        result.append("-")
      }
    }
    while let first = result.first, first == "." || first == "-" { result.removeFirst() }
    return result.isEmpty ? "scenario" : String(result.suffix(120).drop { ".-".contains($0) })
  }

  private static func label(_ file: String, folders: Int) -> String {
    var parts = file.split(separator: "/").suffix(folders + 1).map(String.init)
    if let last = parts.popLast() {
      // `chain.json5#two crashes` is a case of a file.
      let words = last.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let name = words[0]
      let dot = name.lastIndex(of: ".") ?? name.endIndex
      parts.append(dot == name.startIndex ? last : String(name[..<dot]))
      if words.count > 1, dot != name.startIndex { parts.append(String(words[1])) }
    }
    var label = safe(parts.joined(separator: "-")).prefix(80)
    while label.last == "-" || label.last == "." { label.removeLast() }
    return String(label)
  }

  /// The label, or the label with a number that no other has.
  private static func unused(_ label: String, _ taken: inout Set<String>) -> String {
    var candidate = label
    var number = 2
    while !taken.insert(candidate.lowercased()).inserted {
      candidate = "\(label)-\(number)"
      number += 1
    }
    return candidate
  }
}
