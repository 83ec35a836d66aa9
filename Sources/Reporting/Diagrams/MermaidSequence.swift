import ClusterSimulation

/// A failing run as a Mermaid sequence diagram, which GitHub and GitLab draw in a job summary.
public enum MermaidSequence {
  /// Steps shown, at most: what a summary has room for.
  static let stepLimit = 60

  /// The diagram without its fence, ending in a line feed.
  public static func text(of failure: FailureStory) -> String {
    let story = failure.story
    let rows = DiagramRows(failure, limit: stepLimit)
    var lines = ["sequenceDiagram"]
    for lane in story.lanes { lines.append("  participant \(lane.name)") }
    let all = "\(story.lanes.first?.name ?? ""),\(story.lanes.last?.name ?? "")"
    for row in rows.rows {
      switch row {
      case .gap(let count):
        lines.append("  Note over \(all): … \(ReportText.count(count, "step")) left out …")
      case .step(let index):
        var own = self.lines(story, index)
        if failure.isHighlighted(index), !own.isEmpty {
          own = ["rect rgba(220, 60, 60, 0.25)"] + own.map { "  " + $0 } + ["end"]
        }
        lines += own.map { "  " + $0 }
      }
    }
    lines.append("  Note over \(all): \(escaped(ReportText.shortened(failure.sentence, to: 300)))")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ story: RunStory, _ index: Int) -> [String] {
    let step = story.steps[index]
    func name(_ lane: Int) -> String { story.lanes[lane].name }
    func note(_ text: String) -> String {
      let lane = step.lane.map(name) ?? "\(name(0)),\(name(story.lanes.count - 1))"
      return "Note over \(lane): \(escaped(text))"
    }
    var lines: [String] = []
    switch step.event {
    case .receive(let position):
      guard story.messages.indices.contains(position) else { break }
      let message = story.messages[position]
      let arrow = message.isUnavailable ? "-->>" : "->>"
      lines.append(
        "\(name(message.sender))\(arrow)\(name(message.receiver)): \(escaped(message.text))")
    case .lose(let position):
      guard story.messages.indices.contains(position) else { break }
      let message = story.messages[position]
      lines.append(
        "\(name(message.sender))-x\(name(message.receiver)): \(escaped(message.text)) (lost)")
    case .invoke(let position):
      lines.append(note("invokes " + story.operations[position].text))
    case .timer, .resume, .writeBack: break
    case .start(let isRestart): if isRestart { lines.append(note("starts again")) }
    case .crash, .clusterPowerLoss, .failureReport, .cut, .heal, .disk, .duplicate:
      lines.append(note(step.text))
    }
    if let crash = step.crash {
      let what = crash.kind == .process ? "CRASHES" : "LOSES POWER"
      lines.append(note("\(what) after effect \(crash.effectCount) of this step"))
    }
    if let reason = step.abort { lines.append(note("ends its process: \(reason)")) }
    for adoption in step.adoptions {
      lines.append(note("\(adoption.role) in \(adoption.epoch)"))
    }
    for operation in story.operations where operation.returned == index {
      lines.append(
        "Note over \(name(operation.lane)): "
          + escaped("\(operation.text) answered \(operation.response ?? "nothing")"))
    }
    return lines
  }

  /// Mermaid takes `;` for the end of a line and `#` for the start of a character's number.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in ReportText.oneLine(text).unicodeScalars {
      switch scalar {
      case ";", "#", "<", ">", "&", "%", "{", "}", "\"": result += "#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
