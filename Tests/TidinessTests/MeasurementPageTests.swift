import InputText
import ScenarioFiles
import Testing

@testable import CommandLineTool

/// The page of measurements tells of every claim of every measurement, and of none besides.
@Suite("The page of measurements")
struct MeasurementPageTests {
  static let page = "Sources/ReplicationProtocols/ReplicationProtocols.docc/Measurements.md"

  /// A row of a table, as the page writes it: without what came out.
  struct Row: Hashable {
    var scenario: String
    var claim: String
    var source: String
    var basis: String
    var standing: String
  }

  /// The text of a cell without what Markdown would take for something else.
  static func plain(_ cell: Substring) -> String {
    var text = ""
    var isEscaped = false
    for character in cell.trimmed {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        text.append(character)
        isEscaped = false
      }
    }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&#64;", with: "@").replacing("&amp;", with: "&")
  }

  static func rows(of page: String) -> Set<Row> {
    var rows: Set<Row> = []
    var scenario = ""
    for line in page.split(separator: "\n") {
      if line.hasPrefix("`Scenarios/"), let end = line.firstIndex(of: ",") {
        scenario = String(line[..<end]).replacing("`", with: "")
      }
      guard line.hasPrefix("| "), line.hasSuffix(" |"), !scenario.isEmpty else { continue }
      let cells = line.dropFirst().dropLast().split(
        separator: "|", omittingEmptySubsequences: false
      ).map(plain)
      guard cells.count == 6, cells[0] != "claim" else { continue }
      let standing = MeasureExpectation.Standing.allCases.map(\.rawValue).first {
        cells[5] == $0 || cells[5].hasPrefix($0 + ":")
      }
      rows.insert(
        Row(
          scenario: scenario, claim: cells[0], source: cells[1], basis: cells[4],
          standing: standing ?? cells[5]))
    }
    return rows
  }

  @Test("it has a row for each claim, and no other")
  func claims() throws {
    var expected: Set<Row> = []
    for path in SourceTree.paths("Scenarios/measurements") where path.hasSuffix(".json5") {
      let file = SourceFile(path: path, text: SourceTree.text(path))
      for one in try ScenarioCase.read(file, vocabulary: ProtocolCatalog.vocabulary) {
        for claim in one.scenario.measure.expectations {
          expected.insert(
            Row(
              scenario: path, claim: claim.claim, source: claim.source,
              basis: claim.basis.rawValue, standing: claim.standing.rawValue))
        }
      }
    }
    let found = Self.rows(of: SourceTree.text(Self.page))
    #expect(expected.count > 100)
    for row in expected.subtracting(found) {
      Issue.record("\(Self.page) has no row for: \(row)")
    }
    for row in found.subtracting(expected) {
      Issue.record("\(Self.page) has a row that no scenario claims: \(row)")
    }
  }

  @Test("the reader of rows reads rows")
  func reader() {
    let page = """
      `Scenarios/a.json5`, protocol `chain`, variant `correct`.

      | claim | source | expected | simulated | basis | standing |
      |---|---|---|---|---|---|
      | a \\* b &lt; c | figure 1 | 2 | 3 | predicted | in shape: because |
      """
    #expect(
      Self.rows(of: page) == [
        Row(
          scenario: "Scenarios/a.json5", claim: "a * b < c", source: "figure 1",
          basis: "predicted", standing: "in shape")
      ])
  }
}
