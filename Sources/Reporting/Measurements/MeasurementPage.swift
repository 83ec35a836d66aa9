/// What documents claim beside what was simulated, scenario by scenario, as a page in Markdown.
///
/// It holds no times of the machine that wrote it: the same results make the same page anywhere.
/// A claim that does not hold has a seventh cell that says so.
public struct MeasurementPage {
  private let measured: [ScenarioReport]

  /// - Returns: `nil` if no scenario of the run claims anything.
  public init?(_ report: RunReport) {
    measured = report.scenarios.filter { !($0.measurement?.claims ?? []).isEmpty }
    if measured.isEmpty { return nil }
  }

  /// The page, ending in a line feed: a section for each scenario that claims something.
  public var text: String {
    ([Self.opening, tally] + measured.map(section)).joined(separator: "\n\n") + "\n"
  }

  private static let opening = """
    # What the documents measured, simulated

    Every measurement that the documents report, beside what the same experiment gives here.

    ## How to read the tables

    Each section is a scenario; run it, and its report has the charts and all quantities. Its file
    says where the costs come from. *Expected* is what the source says, as a number or as a shape;
    *simulated* is what came out.

    | basis | means |
    |---|---|
    | calibrated | a cost was set from this very figure, so that agreement proves nothing |
    | predicted | costs were taken from elsewhere, and this is what followed from them |

    | standing | means |
    |---|---|
    | reproduced | the figure itself, within the tolerance that stands with it |
    | in shape | the order, ratio or growth, not the figure; the note says why |
    | not reproduced | something else comes out here; *expected* is what does, and the note says why |

    How long failovers keep requests waiting, in message delays, is the subject of `crashproof
    benchmark failover`; how long volumes stay available, figure 7 of the chain replication paper,
    that of `crashproof benchmark placement`.

    This page was made by `crashproof benchmark measurements` from the results of `crashproof run
    Scenarios/measurements Scenarios/measurements/long`.
    """

  private var tally: String { MarkdownReport.escaped(ClaimTally(measured).sentence) + "." }

  private func section(_ scenario: ScenarioReport) -> String {
    let rows = scenario.measurement?.claims.map { claim in
      // The figure beside it is then not what the scenario says of it.
      MeasurementMarkdown.row(claim) + (claim.holds ? "" : " NOT AS THE SCENARIO SAYS |")
    }
    let head = """
      ## \(MarkdownReport.escaped(scenario.title))

      \(MarkdownReport.code(scenario.file)), protocol \(MarkdownReport.code(scenario.protocolName)), \
      variant \(MarkdownReport.code(scenario.variant)).

      | claim | source | expected | simulated | basis | standing |
      |---|---|---|---|---|---|
      """
    return ([head] + (rows ?? [])).joined(separator: "\n")
  }
}
