import InputText
import ScenarioFiles
import Testing

@testable import CommandLineTool

@Suite("The project as a whole")
struct ProjectTests {
  @Test("only what belongs there stands at the top")
  func top() {
    let allowed: Set<String> = [
      "Package.swift", "Sources", "Tests", "Scenarios", "Reports", "README.md", "LICENSE",
    ]
    let found = SourceTree.names(".").filter { !$0.hasPrefix(".") }
    #expect(Set(found).subtracting(allowed) == [])
  }

  @Test("every protocol has scenarios, known bugs and tests", arguments: names)
  func protocols(name: String) throws {
    let entry = try #require(ProtocolCatalog.entry(named: name))
    #expect(SourceTree.isFolder("Scenarios/\(name)"))
    let files = SourceTree.paths("Scenarios/\(name)/known-bugs")
      .compactMap { $0.split(separator: "/").last.map(String.init) }
    let documented = SourceTree.paths("Scenarios/\(name)/as-documented")
    for variant in entry.variants.dropFirst() {
      // A known bug has an id with a number; a document's own design has a name.
      let isBug = variant.name.contains { $0.isUppercase }
      let isThere =
        isBug
        ? files.contains { $0.hasPrefix(variant.name) && $0.hasSuffix(".json5") }
        : documented.contains { SourceTree.text($0).contains("\"\(variant.name)\"") }
      #expect(isThere, "a scenario of \(name) for \(variant.name)")
    }
    let folder = name.split(separator: "-").map(\.capitalized).joined()
    #expect(SourceTree.isFolder("Sources/ReplicationProtocols/\(folder)"))
    #expect(!SourceTree.paths("Tests/ReplicationProtocolsTests/\(folder)").isEmpty, "\(folder)")
  }

  static let names = ProtocolCatalog.entries.map(\.name)

  @Test("every scenario file is a scenario of its folder's protocol")
  func scenarios() {
    let files = SourceTree.paths("Scenarios").filter { !$0.hasSuffix("README.md") }
    for path in files {
      #expect(path.hasSuffix(".json5"), "\(path)")
      do throws(Diagnostics) {
        let cases = try ScenarioCase.read(
          SourceFile(path: path, text: SourceTree.text(path)),
          vocabulary: ProtocolCatalog.vocabulary)
        for name in cases.map(\.scenario.protocolName) {
          let folders = [
            "Scenarios/\(name)/", "Scenarios/frontier/\(name)", "Scenarios/regressions/",
            // One of its files may compare several protocols.
            "Scenarios/measurements/",
          ]
          #expect(folders.contains(where: path.hasPrefix), "\(path)")
        }
      } catch {
        Issue.record("\(error.rendered)")
      }
    }
  }

  @Test("every correct variant has a swarm of 10,000 seeds and a search", arguments: names)
  func campaigns(name: String) {
    let cases = SourceTree.paths("Scenarios/\(name)").flatMap { path in
      (try? ScenarioCase.read(
        SourceFile(path: path, text: SourceTree.text(path)),
        vocabulary: ProtocolCatalog.vocabulary)) ?? []
    }
    let scenarios = cases.map(\.scenario).filter {
      $0.variant == "correct" && $0.expectation == .pass
    }
    #expect(
      scenarios.contains {
        $0.run.mode == .simulate && $0.run.variation == .swarm && $0.run.seedCount >= 10_000
      }, "a swarm of \(name)")
    #expect(scenarios.contains { $0.run.mode == .explore }, "a search of \(name)")
  }

  @Test("public types of Sources are documented")
  func documentation() {
    let declaration = #/^(public|package) (final |indirect )?(struct|enum|class|protocol|actor)\b/#
    for file in SourceTree.sources {
      for (index, line) in file.lines.enumerated()
      where line.hasPrefix("p") && line.contains(declaration) {
        let above = file.lines[..<index].last { !$0.hasPrefix("@") && !$0.hasPrefix("where ") }
        #expect(above?.hasPrefix("///") == true, "\(file.path):\(index + 1): \(line)")
      }
    }
  }

  @Test("no file tells of the machine it was written on")
  func machinePaths() {
    // In pieces, so that this file does not hold them.
    let forbidden = ["wo" + "rk", "ro" + "ot", "ho" + "me", "Use" + "rs"].map { "/\($0)/" }
    let folders = ["Sources", "Tests", "Scenarios", "Reports"]
    let files =
      folders.flatMap { SourceTree.paths($0) }
      .filter { !$0.hasPrefix("Reports/") || $0.hasPrefix("Reports/sample/") }
    for path in files + ["Package.swift", "README.md", ".ci/run", ".gitignore"] {
      let text = SourceTree.text(path)
      for word in forbidden { #expect(!text.contains(word), "\(path) contains \(word)") }
    }
  }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
