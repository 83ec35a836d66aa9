/// The axes of a chart, and what stands between them.
extension ChartSVG {
  private func left(of x: Double) -> Double {
    layout.left + (layout.right - layout.left) * self.x.fraction(x)
  }

  private func top(of y: Double) -> Double {
    layout.bottom - (layout.bottom - layout.top) * self.y.fraction(y)
  }

  // MARK: Axes

  var horizontalAxis: [String] {
    let bottom = layout.bottom
    var lines = x.ticks.minor.map { tick in
      Self.line("axis", left(of: tick), bottom, left(of: tick), bottom + 3)
    }
    for (tick, label) in zip(x.ticks.major, x.labels) {
      let at = left(of: tick)
      lines.append(Self.line("axis", at, bottom, at, bottom + 5))
      if layout.isSlanted {
        let turn = " transform=\"rotate(-30 \(Self.number(at + 4)) \(Self.number(bottom + 17)))\""
        lines.append(Self.text(label, "end", at + 4, bottom + 17, turn))
      } else {
        lines.append(Self.text(label, "middle", at, bottom + 20))
      }
    }
    lines.append(Self.line("axis", layout.left, bottom, layout.right, bottom))
    let name = ReportText.shortened(ReportText.oneLine(content.xLabel), to: 70)
    lines.append(Self.text(name, "middle", (layout.left + layout.right) / 2, layout.nameY))
    return lines
  }

  var verticalAxis: [String] {
    let left = layout.left
    var lines = y.ticks.minor.map { tick in
      Self.line("axis", left - 3, top(of: tick), left, top(of: tick))
    }
    for (tick, label) in zip(y.ticks.major, y.labels) {
      let at = top(of: tick)
      // The lowest would lie on the other axis.
      if at < layout.bottom - 0.5 { lines.append(Self.line("grid", left, at, layout.right, at)) }
      lines.append(Self.line("axis", left - 5, at, left, at))
      lines.append(Self.text(label, "end", left - 9, at + 4.5))
    }
    lines.append(Self.line("axis", left, layout.top, left, layout.bottom))
    let name = ReportText.shortened(ReportText.oneLine(content.yLabel), to: 42)
    let (x, middle) = (ChartLayout.border + 12, (layout.top + layout.bottom) / 2)
    let turn = " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(middle)))\""
    lines.append(Self.text(name, "middle", x, middle, turn))
    return lines
  }

  // MARK: Lines

  /// The points of a line in stretches without a gap.
  private func stretches(_ line: ChartLines.Line) -> [[ChartLines.Point]] {
    var stretches: [[ChartLines.Point]] = [[]]
    for point in line.points {
      let isShown =
        ChartScale.canShow(point.y, isLogarithmic: y.isLogarithmic)
        && ChartScale.canShow(point.x, isLogarithmic: x.isLogarithmic)
      if isShown {
        stretches[stretches.count - 1].append(point)
      } else if !stretches[stretches.count - 1].isEmpty {
        stretches.append([])
      }
    }
    return stretches.filter { !$0.isEmpty }
  }

  /// The confidence intervals, behind all lines.
  var bands: [String] {
    content.lines.enumerated().flatMap { number, line -> [String] in
      let shapes = stretches(line).compactMap(band)
      guard !shapes.isEmpty else { return [] }
      return ["<g class=\"\(ChartStyle.colorClass(number))\">"] + shapes + ["</g>"]
    }
  }

  private func band(_ points: [ChartLines.Point]) -> String? {
    func margin(_ point: ChartLines.Point) -> Double {
      let margin = point.margin ?? 0
      return margin.isFinite ? max(0, margin) : 0
    }
    guard points.contains(where: { margin($0) > 0 }) else { return nil }
    if points.count == 1 {
      let (point, at) = (points[0], left(of: points[0].x))
      let upper = top(of: point.y + margin(point))
      let lower = top(of: point.y - margin(point))
      return [
        Self.line("bar", at, upper, at, lower), Self.line("bar", at - 4, upper, at + 4, upper),
        Self.line("bar", at - 4, lower, at + 4, lower),
      ].joined(separator: "\n")
    }
    let upper = points.map { Self.pair(left(of: $0.x), top(of: $0.y + margin($0))) }
    let lower = points.reversed().map { Self.pair(left(of: $0.x), top(of: $0.y - margin($0))) }
    return "<polygon class=\"band\" points=\"\((upper + lower).joined(separator: " "))\"/>"
  }

  /// Lines with their marks.
  var curves: [String] {
    let drawn = content.lines.map(stretches)
    guard drawn.contains(where: { !$0.isEmpty }) else {
      let (x, y) = ((layout.left + layout.right) / 2, (layout.top + layout.bottom) / 2)
      return [Self.text("nothing to draw", "quiet middle", x, y)]
    }
    return drawn.enumerated().flatMap { number, stretches -> [String] in
      var lines = ["<g class=\"\(ChartStyle.colorClass(number))\">"]
      for points in stretches where points.count > 1 {
        let path = points.map { Self.pair(left(of: $0.x), top(of: $0.y)) }.joined(separator: " ")
        lines.append(
          "<polyline class=\"curve\" points=\"\(path)\"\(ChartStyle.dashes(number))/>")
      }
      return lines + marks(number, stretches) + ["</g>"]
    }
  }

  /// A mark at each point; at some of a timeline, which has too many.
  private func marks(_ number: Int, _ stretches: [[ChartLines.Point]]) -> [String] {
    let points = stretches.flatMap { $0 }
    let stride = points.count > 40 ? points.count / 10 : 1
    // Not all lines at the same points, so that marks do not hide each other.
    let offset = stride > 1 ? number * stride / max(1, content.lines.count) : 0
    let label = content.lines[number].label
    return points.indices.filter { ($0 + offset) % stride == 0 }.map { index in
      let point = points[index]
      let estimate = MeasurementReport.Estimate(mean: point.y, margin: point.margin)
      let note =
        (label.isEmpty ? "" : label + ", ") + "\(place(point.x)): \(MeasuredNumber.text(estimate))"
      return ChartStyle.mark(
        number, x: left(of: point.x), y: top(of: point.y), note: ReportText.oneLine(note))
    }
  }
}
