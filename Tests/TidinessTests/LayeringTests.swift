import Foundation
import Testing

@Suite("Layering and banned calls")
struct LayeringTests {
  /// The table in Package.swift: module and what it may import.
  private static func table() -> [String: Set<String>] {
    let manifest = SourceTree.text("Package.swift")
    guard let start = manifest.range(of: "] = ["),
      let end = manifest.range(of: "\n]\n", range: start.upperBound..<manifest.endIndex)
    else { return [:] }
    var table: [String: Set<String>] = [:]
    for entry in manifest[start.upperBound..<end.lowerBound].split(separator: "(") {
      let words = entry.matches(of: /"([A-Za-z]+)"/).map { String($0.output.1) }
      if let module = words.first { table[module] = Set(words.dropFirst()) }
    }
    return table
  }

  @Test("modules import what the table allows, and the table has no cycle")
  func layering() {
    let table = Self.table()
    #expect(table.count >= 10)
    let folders = SourceTree.names("Sources").filter { $0 != "crashproof" }
    #expect(Set(folders) == Set(table.keys))
    for file in SourceTree.sources where file.module != "crashproof" {
      for line in file.code where line.contains("import ") {
        let statement = /^\s*(?:@\w+ )*import (?:\w+ )?(\w+)/
        guard let match = line.firstMatch(of: statement) else { continue }
        let name = String(match.output.1)
        guard table[name] != nil else { continue }
        #expect(table[file.module]?.contains(name) == true, "\(file.path) imports \(name)")
      }
    }
    var below: Set<String> = []
    while let next = table.first(where: { !below.contains($0.key) && $0.value.isSubset(of: below) })
    {
      below.insert(next.key)
    }
    #expect(below.count == table.count)
  }

  @Test("Foundation is imported by Reporting and CommandLineTool only")
  func foundation() {
    let allowed = ["Reporting", "CommandLineTool", "crashproof"]
    for file in SourceTree.sources where !allowed.contains(file.module) {
      for line in file.code { #expect(!line.contains("import Foundation"), "\(file.path)") }
    }
  }

  @Test("no clock, thread, unseeded generator or process-dependent hash enters a run")
  func bannedCalls() {
    let everywhere = [
      "Date()", "DispatchTime", "UUID()", "SystemRandomNumberGenerator", ".shuffled()",
      ".shuffle()", ".randomElement()", ".hashValue", "Hasher()", "Task {", "Task.", "Thread",
      ".random(in:",
    ]
    let outsideTheTool = [
      "ContinuousClock", "SuspendingClock", "print(", "clock_gettime", "DispatchQueue", "pthread_",
      "debugPrint(", "dump(",
    ]
    for file in SourceTree.sources {
      let isTool = file.module == "CommandLineTool"
      let mayUseThreads = [
        "Sources/ClusterSimulation/Drivers/Campaign.swift",
        "Sources/ClusterSimulation/Drivers/CrashPointCampaign.swift",
        "Sources/ModelChecking/Engine/SearchThreads.swift",
      ].contains(file.path)
      for (number, line) in file.code.enumerated() {
        for word in everywhere + (isTool || mayUseThreads ? [] : outsideTheTool)
        where line.contains(word) && !line.contains("using:") {
          #expect(!Self.hasWord(word, line), "\(file.path):\(number + 1): \(line)")
        }
      }
    }
  }

  /// Whether the line has the word, and not as the end of a longer one (`StableHasher()`).
  private static func hasWord(_ word: String, _ line: String) -> Bool {
    guard word.first != "." else { return true }
    var rest = line[...]
    while let range = rest.range(of: word) {
      let before = rest[..<range.lowerBound].last
      if before.map({ !$0.isLetter && !$0.isNumber && $0 != "_" }) ?? true { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }
}
