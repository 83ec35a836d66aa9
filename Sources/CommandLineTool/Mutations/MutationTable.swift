import ClusterSimulation
import InputText
import SimulationKernel

/// Mutations and what became of them: a Markdown table, so that it can stand in a document as it
/// is.
struct MutationTable {
  struct Row {
    var finding: MutationFinding
    /// `nil` if it was only listed.
    var verdict: MutationVerdict?
  }

  /// Whether the mutations are listed and not tried.
  let isList: Bool
  var rows: [Row] = []
  var wasInterrupted = false

  init(isList: Bool) { self.isList = isList }

  var gapCount: Int { rows.count { $0.verdict?.isGap == true } }

  var exitCode: Int32 { gapCount > 0 ? 1 : wasInterrupted ? 2 : 0 }

  // MARK: Text

  var header: String {
    isList ? "| mutation | calls |\n|---|---|" : "| mutation | calls | outcome |\n|---|---|---|"
  }

  /// `123 mutations, 61 caught, ...`.
  var summary: String {
    var parts = ["\(rows.count) mutations"]
    for word in ["caught", "equivalent", "not-applicable", "not-caught"] {
      let count = rows.count { $0.verdict?.word == word }
      if count > 0 { parts.append("\(count) \(word.replacing("-", with: " "))") }
    }
    if wasInterrupted { parts.append("interrupted") }
    return parts.joined(separator: ", ")
  }

  // MARK: JSON

  var json: JSONTree {
    .object([
      .init("mutations", .array(rows.map(\.json))),
      .init("interrupted", .boolean(wasInterrupted)),
    ])
  }
}

extension MutationTable.Row {
  var text: String {
    "| \(finding.mutation.text) | \(finding.calls) |" + (verdict.map { " \($0.text) |" } ?? "")
  }

  fileprivate var json: JSONTree {
    var members: [JSONTree.Member] = [
      .init("kind", .string(finding.mutation.kind)),
      .init("first", .string(finding.mutation.firstPlace)),
      .init("second", finding.mutation.secondPlace.map { .string($0) } ?? .null),
      .init("calls", .string(finding.calls)),
    ]
    guard let verdict else { return .object(members) }
    members.append(.init("outcome", .string(verdict.word)))
    if case .caught(let scenario, let check, let place) = verdict {
      members += [
        .init("scenario", .string(scenario)), .init("check", .string(check)),
        .init("place", .string(place)),
      ]
    }
    members.append(.init("message", .string(verdict.text)))
    return .object(members)
  }
}

extension MutationFinding {
  /// `write log.1, fsync log.1`.
  var calls: String { [first, second].compactMap { $0 }.joined(separator: ", ") }
}

extension MutationVerdict {
  var isGap: Bool { word == "not-caught" }

  var word: String {
    switch self {
    case .caught: "caught"
    case .equivalent: "equivalent"
    case .notApplicable: "not-applicable"
    case .notCaught: "not-caught"
    }
  }

  var text: String {
    switch self {
    case .caught(let scenario, let check, let place):
      "caught by \(scenario.split(separator: "/").last ?? ""): \(check), \(place)"
    case .equivalent(let reason): "equivalent: \(reason)"
    case .notApplicable: "not applicable: the second depends on the first"
    case .notCaught(let reason): "NOT CAUGHT: \(reason)"
    }
  }
}

extension FileMutation {
  var kind: String {
    switch self {
    case .drop: "drop"
    case .swap: "swap"
    case .swapLines: "swap-lines"
    case .delay: "swap-across-steps"
    }
  }

  /// `drop Server+Log.swift:43 < Server+Backup.swift:71`.
  var text: String {
    "\(kind) " + [firstPlace, secondPlace].compactMap { $0 }.joined(separator: " and ")
  }

  var firstPlace: String {
    switch self {
    case .drop(let site), .swap(let site, _), .delay(let site, _): "\(site)"
    case .swapLines(let places, _): Self.text(places)
    }
  }

  var secondPlace: String? {
    switch self {
    case .drop: nil
    case .swap(_, let site), .delay(_, let site): "\(site)"
    case .swapLines(_, let places): Self.text(places)
    }
  }

  private static func text(_ places: [CallSite.Place]) -> String {
    places.reversed().map(\.description).joined(separator: " < ")
  }
}
