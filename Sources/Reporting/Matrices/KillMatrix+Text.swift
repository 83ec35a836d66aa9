import ClusterSimulation

extension KillMatrix.Kill {
  /// What the engine needed, in words: `median 3 seeds (2 to 5), 20 of 61 fail`,
  /// `12 of 494 points`, `trace of 9 steps, 1,234 states`.
  var effort: String {
    if let sample {
      let found = sample.seedsToFind
      let interval = "\(found.interval.lowerBound) to \(found.interval.upperBound)"
      return "median \(ReportText.count(found.median, "seed")) (\(interval)), "
        + "\(ReportText.grouped(sample.hits)) of \(ReportText.grouped(sample.seeds)) fail"
    }
    if let triedPoints, let failingPoints {
      let points = "\(ReportText.grouped(failingPoints)) of \(ReportText.grouped(triedPoints))"
      return "\(points) points, the first after \(ReportText.count(steps ?? 0, "step"))"
    }
    let length = "trace of \(ReportText.count(steps ?? 0, "step"))"
    return states.map { "\(length), \(ReportText.count($0, "state"))" } ?? length
  }

  /// `linearizability`, with a mark if the fault model had to be left for it.
  var verdict: String { withinAssumptions ? check : check + " (outside the assumptions)" }
}

extension KillMatrix {
  /// `114 known bugs: 114 caught, 105 of them by a search or an enumeration`.
  public var summary: String {
    let caught = hunted.count { !$0.isMissed }
    let sure = hunted.count(where: \.isCaughtWithoutLuck)
    var text =
      "\(ReportText.count(hunted.count, "known bug")): \(ReportText.grouped(caught)) caught, "
      + "\(ReportText.grouped(sure)) of them by a search or an enumeration of crash points"
    if !missed.isEmpty {
      let names = missed.map { "\($0.bug.protocolName) \($0.bug.id)" }
      text += "; NOT CAUGHT: " + names.joined(separator: ", ")
    }
    let idle = rows.count - hunted.count
    if idle > 0 { text += "; \(ReportText.grouped(idle)) not run" }
    return text
  }

  /// A line for each bug and engine, for terminals.
  public var text: String {
    var lines: [String] = []
    for row in rows {
      let name = "\(row.bug.protocolName) \(row.bug.id)"
      lines += LineLayout(width: TerminalReport.width, indentation: 6).lines(
        prefix: "\(row.mark)  ",
        words: (name + ": " + row.bug.change).split(separator: " ").map(
          String.init))
      for engine in Engine.allCases {
        guard let kill = row.kills[engine] else { continue }
        let words = "\(engine.title): \(kill.effort); \(kill.verdict)"
        lines += LineLayout(width: TerminalReport.width, indentation: 8).lines(
          prefix: "      ", words: words.split(separator: " ").map(String.init))
      }
    }
    return (lines + [summary]).map { $0 + "\n" }.joined()
  }

  /// A line for each bug, with nothing in it that another stream of random numbers would change:
  /// `chain CR-05: seeds linearizability; search durability in 7 steps`.
  public var shortForm: String {
    rows.map { row in
      let kills = Engine.allCases.compactMap { engine -> String? in
        guard let kill = row.kills[engine] else { return nil }
        guard engine == .search, let steps = kill.steps else {
          return "\(engine.title) \(kill.verdict)"
        }
        return "\(engine.title) \(kill.verdict) in \(ReportText.count(steps, "step"))"
      }
      let caught = kills.isEmpty ? row.emptyPhrase : kills.joined(separator: "; ")
      return "\(row.bug.protocolName) \(row.bug.id): \(caught)\n"
    }.joined()
  }
}

extension KillMatrix.Row {
  /// What stands in place of kills.
  var emptyPhrase: String { scenarios > 0 ? "NOT CAUGHT" : "not run" }

  fileprivate var mark: String { isMissed ? "MISS" : scenarios > 0 ? "ok  " : "-   " }
}
