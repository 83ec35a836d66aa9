extension FrontierMatrix {
  /// The section of report.md: both tables, how to replay what is violated, and how to read it.
  var markdown: [String] {
    var blocks = ["## What each design survives", Self.guide, Self.text(rows: rows)]
    if let profiles = profileTable { blocks += [Self.profileGuide, profiles] }
    return blocks + replayCommands
  }

  /// The first table.
  static func text(rows: [Row]) -> String {
    let heading = Column.all.map(\.title).joined(separator: " | ")
    let rule = String(repeating: "---|", count: Column.all.count + 1)
    var lines = ["| design | \(heading) |", "|" + rule]
    for row in rows {
      let cells = Column.all.map { text(row.cells[$0] ?? Cell(), $0, row) }
      lines.append("| \(row.name) | " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  private var profileTable: String? {
    let own = rows.filter { !$0.profiles.isEmpty }
    guard !own.isEmpty else { return nil }
    let names = Set(own.flatMap(\.profiles.keys)).sorted()
    let heading = names.map(MarkdownReport.code).joined(separator: " | ")
    var lines = [
      "| design | \(heading) |", "|" + String(repeating: "---|", count: names.count + 1),
    ]
    for row in own {
      let cells = names.map { row.profiles[$0].map(Self.text) ?? "" }
      lines.append("| \(row.name) | " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  /// As ``text(_:_:_:)``, without signs.
  func plainText(_ cell: Cell, _ column: Column, _ row: Row) -> String {
    Self.text(cell, column, row).filter { !"🔴🟠🟩🟢❔".contains($0) }
      .split(separator: " ").joined(separator: " ")
  }

  private static func text(_ cell: Cell, _ column: Column, _ row: Row) -> String {
    guard cell.isEmpty else { return text(cell) }
    guard let kind = column.kind else { return "" }
    if !row.subject.keepsFiles, kind == .powerLoss { return "no files" }
    if !row.subject.keepsFiles, kind == .allDown { return "memory only" }
    if column == .crashes(2), row.subject.mostServers == 2 { return "two nodes" }
    return row.subject.assumedAway.contains(kind) ? "assumed never" : ""
  }

  /// A violation within the assumptions hides the rest: a design that breaks has not passed because
  /// other seeds did. One outside stands beside it: that is what the assumption buys.
  private static func text(_ cell: Cell) -> String {
    if let first = cell.violations.first, first.withinAssumptions { return "🔴 \(first.check)" }
    var phrases: [String] = []
    if let states = cell.exhausted { phrases.append("🟩 exhausted \(ReportText.grouped(states))") }
    if cell.enumerated > 0 { phrases.append("🟢 \(ReportText.grouped(cell.enumerated)) points") }
    if cell.sampled > 0 { phrases.append("🟢 \(ReportText.grouped(cell.sampled)) seeds") }
    if cell.undecided > 0 { phrases.append("❔ undecided") }
    if let first = cell.violations.first {
      phrases.append("🟠 outside its assumptions \(first.check)")
    }
    return phrases.joined(separator: ", ")
  }

  /// One for each cell that is violated.
  private var replayCommands: [String] {
    var lines: [String] = []
    for row in rows {
      for column in Column.all {
        guard let first = row.cells[column]?.violations.first, let command = first.replayCommand
        else { continue }
        let note = first.withinAssumptions ? "" : " (outside its assumptions)"
        lines.append(
          "- \(row.name), \(column.title): \(first.check)\(note), \(MarkdownReport.code(command))")
      }
    }
    return lines.isEmpty ? [] : ["Replay what is red or orange:", lines.joined(separator: "\n")]
  }

  static var guide: String {
    """
    A row is a design, as it should be or as a document describes it; a column is what goes wrong, \
    and nothing else with it. Red: a check fails, and the list below replays it. Orange: a check \
    fails once more goes wrong than the design allows for. Exhausted: every \
    order of events and every moment of the fault within the stated bounds of a search, so many \
    states. Points: every crash point of a schedule, with everything that the disk may have kept. \
    Seeds: so many random schedules. *Assumed never*: the design's documents rule it out, so \
    nothing is claimed. An empty cell has not been tried.
    """
  }

  private static var profileGuide: String {
    """
    Losses of power, of one node or of all, by what the disk may do to unsynced data (`crashproof \
    list profiles` explains the names):
    """
  }
}

extension FrontierMatrix.Row {
  /// `chain-store as-published`, without markup.
  var plainName: String {
    var name = subject.protocolName
    if subject.variant != "correct" { name += " " + subject.variant }
    return options.isEmpty ? name : name + " (" + options.joined(separator: ", ") + ")"
  }

  /// `` `chain` ``, `` `chain-store` as-published ``, with options that are not the defaults.
  fileprivate var name: String {
    var name = MarkdownReport.code(subject.protocolName)
    if subject.variant != "correct" { name += " " + MarkdownReport.escaped(subject.variant) }
    if !options.isEmpty {
      name += " (" + MarkdownReport.escaped(options.joined(separator: ", ")) + ")"
    }
    return name
  }
}

extension FrontierMatrix.Column {
  /// As the heading of a column.
  public var title: String {
    switch self {
    case .noFault: "no fault"
    case .crashes(let count): count == 1 ? "1 crash" : "\(count) crashes"
    case .crashAndReturn: "crash and return"
    case .powerLoss: "power loss"
    case .allDown: "all nodes down"
    case .falseSuspicion: "false suspicion"
    case .partition: "partition"
    case .loss: "loss"
    case .duplication: "duplication"
    case .reordering: "reordering"
    case .several: "several at once"
    }
  }
}
