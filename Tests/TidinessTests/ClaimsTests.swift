import Foundation
import InputText
import ScenarioFiles
import Testing

@testable import CommandLineTool

/// The page of claims names what is there, and what a scenario expects fits its row's verdict.
@Suite("The claims of the documents")
struct ClaimsTests {
  static let page = "Sources/ReplicationProtocols/ReplicationProtocols.docc/Claims.md"

  enum Verdict: String, CaseIterable {
    case confirmed
    case confirmedUnderAssumptions = "confirmed under stated assumptions"
    case confirmedFailure = "confirmed: it goes wrong"
    case refuted
    case notModelled = "not modelled"
  }

  /// One claim of a document.
  struct Row {
    var line: Int
    var cells: [String]

    /// What the row names, without the backquotes.
    var names: [String] {
      cells.count > 3 ? cells[3].matches(of: /`([^`]+)`/).map { String($0.output.1) } : []
    }
  }

  /// The rows of a page's tables that have five columns, without their headings.
  static func rows(of page: String) -> [Row] {
    page.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .compactMap { number, line in
        guard line.hasPrefix("| "), line.hasSuffix(" |") || line.hasSuffix("| |") else {
          return nil
        }
        let cells = line.dropFirst().dropLast().split(
          separator: "|", omittingEmptySubsequences: false
        ).map { $0.trimmed }
        return cells.count == 5 && cells[0] != "claim" ? Row(line: number + 1, cells: cells) : nil
      }
  }

  private static let rows = rows(of: SourceTree.text(page))

  /// Whether a scenario must pass, or must find a violation; of a file with cases, each.
  private func expectations(_ path: String) -> [Bool] {
    let cases = try? ScenarioCase.read(
      SourceFile(path: path, text: SourceTree.text(path)), vocabulary: ProtocolCatalog.vocabulary)
    return (cases ?? []).map { $0.scenario.expectation == .pass }
  }

  @Test("there is a table for each document")
  func documents() {
    let text = SourceTree.text(Self.page)
    let headings = text.components(separatedBy: "| claim | where | verdict | shown by | what")
    #expect(headings.count == 6)
    #expect(Self.rows.count > 150)
  }

  @Test("what a row names is there and fits its verdict")
  func verdicts() throws {
    let paths = Set(SourceTree.paths("Scenarios"))
    let testFiles = Set(
      SourceTree.paths("Tests").compactMap { $0.split(separator: "/").last.map(String.init) })
    for row in Self.rows {
      let place = Comment(rawValue: "line \(row.line): \(row.cells[0])")
      let verdict = try #require(Verdict(rawValue: row.cells[2]), place)
      var shows: Set<Bool> = []
      for name in row.names {
        if name.hasSuffix(".json5") {
          let path = "Scenarios/" + name
          #expect(paths.contains(path), place)
          shows.formUnion(expectations(path))
        } else {
          #expect(testFiles.contains(name + ".swift"), place)
          shows.formUnion([true, false])
        }
      }
      switch verdict {
      case .confirmed, .confirmedUnderAssumptions: #expect(shows.contains(true), place)
      case .confirmedFailure, .refuted: #expect(shows.contains(false), place)
      case .notModelled:
        #expect(row.names.isEmpty, place)
        #expect(!row.cells[4].isEmpty, place)
      }
    }
  }

  @Test("every scenario of a document's own design stands for a claim")
  func documented() {
    let named = Set(Self.rows.flatMap(\.names))
    for path in SourceTree.paths("Scenarios") where path.contains("/as-documented/") {
      let name = String(path.dropFirst("Scenarios/".count))
      #expect(named.contains(name), "\(name) is in no row of \(Self.page)")
    }
  }

  @Test("the reader of tables reads tables")
  func reader() {
    let rows = Self.rows(of: "| a | b | refuted | `x.json5`, `T` | |\n| - | - |\n| claim | 2 |")
    #expect(rows.map(\.names) == [["x.json5", "T"]])
  }
}

extension Substring {
  var trimmed: String {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
