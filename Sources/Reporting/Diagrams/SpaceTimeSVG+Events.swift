import ClusterSimulation

extension SpaceTimeSVG {
  // MARK: Links

  /// Between the two ends while a link is cut.
  var linkLines: [String] {
    var open: [[Int]: Int] = [:]
    var lines: [String] = []
    func bar(_ link: [Int], _ from: Int, _ to: Int?) {
      let x = (layout.laneX[link[0]] + layout.laneX[link[1]]) / 2
      let start = layout.y(ofStep: from)
      let end = max(start + 4, to.map { layout.y(ofStep: $0) } ?? layout.bottom)
      let name = "\(story.lanes[link[0]].name) to \(story.lanes[link[1]].name)"
      lines.append(
        "<rect class=\"cut\" x=\"\(x - 3)\" y=\"\(start)\" width=\"6\" height=\"\(end - start)\">"
          + "<title>the link from \(name) is cut</title></rect>")
    }
    for (index, step) in story.steps.enumerated() {
      switch step.event {
      case .cut(let from, let to): open[[from, to]] = index
      case .heal(let from, let to):
        if let start = open.removeValue(forKey: [from, to]) { bar([from, to], start, index) }
      default: break
      }
    }
    for link in open.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      bar(link, open[link] ?? 0, nil)
    }
    return lines
  }

  // MARK: Clients

  var operationLines: [String] {
    var ends: [Int: [Int]] = [:]
    var lines: [String] = []
    for (index, operation) in story.operations.enumerated() {
      // Operations that are open at once stand beside each other.
      var columns = ends[operation.lane] ?? []
      let column = columns.firstIndex { $0 <= operation.invoked } ?? columns.count
      let end = operation.returned ?? Int.max
      if column == columns.count { columns.append(end) } else { columns[column] = end }
      ends[operation.lane] = columns
      lines += bar(index, operation, column)
    }
    return lines
  }

  private func bar(_ index: Int, _ operation: StoryOperation, _ column: Int) -> [String] {
    let start = layout.y(ofStep: operation.invoked)
    let end = operation.returned.map { layout.y(ofStep: $0) } ?? layout.bottom
    let x = layout.laneX[operation.lane] - 6 + 16 * column
    let isConflict = failure.conflict.contains(index)
    let kind = isConflict ? "conflict" : "operation"
    let answer = operation.response.map { "answered \($0)" } ?? "never answered"
    var lines = [
      "<rect class=\"\(kind)\(operation.returned == nil ? " open" : "")\" x=\"\(x)\" "
        + "y=\"\(start - 4)\" width=\"12\" height=\"\(max(8, end - start + 8))\" rx=\"4\"><title>"
        + "\(SVGText.escaped("\(operation.text), \(answer)"))</title></rect>"
    ]
    let columns = 18 - 2 * column
    if columns > 4, !isHidden(operation.invoked) {
      lines.append(
        SVGText.text(ReportText.shortened(operation.text, to: columns), "tiny", x + 17, start + 11))
    }
    if columns > 4, let returned = operation.returned, !isHidden(returned),
      end - start >= SpaceTimeLayout.rowHeight, let response = operation.response
    {
      lines.append(
        SVGText.text(ReportText.shortened(response, to: columns), "tiny", x + 17, end + 11))
    }
    return lines
  }

  // MARK: Messages

  var messageLines: [String] {
    story.messages.flatMap { message -> [String] in
      guard message.sender != message.receiver else { return [] }
      let (from, to) = (layout.laneX[message.sender], layout.laneX[message.receiver])
      let start = layout.y(ofStep: message.sent)
      let kind = message.isUnavailable ? "arrow news" : "arrow"
      let side = to > from ? 8 : -8
      switch message.fate {
      case .received(let step):
        if isHidden(message.sent), isHidden(step) { return [] }
        let end = layout.y(ofStep: step)
        return [
          arrow(kind, from + side, start, to - side, end, message.text), head(to - side, end, side),
        ]
      case .lost(let step):
        if isHidden(message.sent), isHidden(step) { return [] }
        // It ends on the way, where it was lost.
        let x = from + (to - from) * 2 / 3
        let y = max(layout.y(ofStep: step), start + 8)
        return [
          arrow(kind + " lost", from + side, start, x, y, message.text + " (lost)"),
          cross("lost", x, y, 4),
        ]
      case .underWay:
        if isHidden(message.sent) { return [] }
        let x = from + (to - from) / 2
        return [
          arrow(
            kind + " open", from + side, start, x, min(layout.bottom, start + 40),
            message.text + " (still on its way)")
        ]
      }
    }
  }

  private func isHidden(_ step: Int) -> Bool {
    if case .gap = rows.rows[rows.rowOfStep[step]] { true } else { false }
  }

  private func arrow(
    _ kind: String, _ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, _ text: String
  ) -> String {
    "<line class=\"\(kind)\" x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\"><title>"
      + "\(SVGText.escaped(text))</title></line>"
  }

  private func head(_ x: Int, _ y: Int, _ side: Int) -> String {
    let back = x - side
    return "<path class=\"head\" d=\"M\(x) \(y)L\(back) \(y - 4)L\(back) \(y + 4)Z\"/>"
  }

  private func cross(_ kind: String, _ x: Int, _ y: Int, _ size: Int) -> String {
    "<path class=\"cross \(kind)\" d=\"M\(x - size) \(y - size)L\(x + size) \(y + size)"
      + "M\(x - size) \(y + size)L\(x + size) \(y - size)\"/>"
  }

  // MARK: Steps

  /// A dot where a step happens, a cross where a process dies, a triangle where one starts.
  var eventLines: [String] {
    story.steps.indices.filter { !isHidden($0) }.flatMap { index -> [String] in
      let step = story.steps[index]
      let y = layout.y(ofStep: index)
      var lines: [String] = []
      if let lane = step.lane {
        let x = layout.laneX[lane]
        if case .start = step.event {
          lines.append(
            "<path class=\"start\" d=\"M\(x - 6) \(y + 5)L\(x + 6) \(y + 5)L\(x) \(y - 6)Z\"/>")
        } else {
          lines.append("<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\"/>")
        }
      }
      for lane in step.deaths { lines.append(cross("death", layout.laneX[lane], y, 7)) }
      return lines
    }
  }

  /// What the signs mean.
  var footLines: [String] {
    let y = layout.bottom + 30
    var x = SpaceTimeLayout.border
    var lines: [String] = []
    func add(_ sign: String, _ words: String) {
      lines.append(sign)
      lines.append(SVGText.text(words, "quiet", x + 18, y + 4))
      x += 18 + Int(Double(words.count + 3) * SpaceTimeLayout.characterWidth)
    }
    add("<circle class=\"dot\" cx=\"\(x + 6)\" cy=\"\(y)\" r=\"3.5\"/>", "a step")
    add(cross("death", x + 6, y, 6), "a process dies")
    add(cross("lost", x + 6, y, 4), "a message is lost")
    add(
      "<rect class=\"operation\" x=\"\(x)\" y=\"\(y - 6)\" width=\"12\" height=\"12\" rx=\"4\"/>",
      "an operation")
    if !failure.conflict.isEmpty {
      add(
        "<rect class=\"conflict\" x=\"\(x)\" y=\"\(y - 6)\" width=\"12\" height=\"12\" rx=\"4\"/>",
        "the conflict")
    }
    if story.lanes.contains(where: \.hasDisk) {
      add(
        "<rect class=\"pending\" x=\"\(x + 3)\" y=\"\(y - 6)\" width=\"6\" height=\"12\"/>",
        "not durable")
      add("<circle class=\"forced\" cx=\"\(x + 6)\" cy=\"\(y)\" r=\"3\"/>", "made durable")
    }
    return lines
  }
}
