/// A chart of a measurement: a self-contained SVG document for light and dark backgrounds.
///
/// Each line has a colour, dashes and marks of its own; a band around it is the 95 % confidence
/// interval of the mean. What cannot be drawn (nothing measured, or zero on a logarithmic scale) is
/// a gap in its line. No values make it trap.
public struct ChartSVG {
  let chart: MeasurementReport.Chart
  let content: ChartLines
  let x: ChartScale
  let y: ChartScale
  let layout: ChartLayout
  /// What the legend says of each line; empty if there is only one.
  let legend: [String]
  let notes: [String]

  /// Characters of a label, at most.
  private static let labelLimit = 60
  /// Words along an axis that are all labelled, at most.
  private static let wordLimit = 24

  /// The document, ending in a line feed. Equal measurements give equal bytes.
  public static func text(
    of chart: MeasurementReport.Chart, in report: MeasurementReport
  ) -> String {
    ChartSVG(chart, report).document(style: ["<style>\n\(ChartStyle.rules)\n</style>"])
  }

  /// The picture as a part of a page that has ``ChartStyle/rules``.
  static func embedded(_ chart: MeasurementReport.Chart, in report: MeasurementReport) -> String {
    ChartSVG(chart, report).document(style: [])
  }

  init(_ chart: MeasurementReport.Chart, _ report: MeasurementReport) {
    self.chart = chart
    let content = ChartLines(chart, of: report)
    self.content = content
    let isLog = chart.hasLogarithmicY
    y = ChartScale(
      values: Self.extent(of: content, isLogarithmic: isLog), isLogarithmic: isLog,
      beginsAtZero: !chart.isFittedY, limit: 6)
    switch content.horizontal {
    case .numbers:
      x = ChartScale(
        positions: content.lines.flatMap { $0.points.map(\.x) },
        isLogarithmic: chart.hasLogarithmicX, limit: 8)
    case .words(let words):
      let short = words.map { ReportText.shortened(ReportText.oneLine($0), to: 24) }
      x = ChartScale(words: short, stride: words.count / Self.wordLimit + 1)
    }
    legend = content.lines.map(\.label).filter { !$0.isEmpty }.map {
      ReportText.shortened(ReportText.oneLine($0), to: Self.labelLimit)
    }
    let showsZero = isLog || (y.low <= 0 && y.high >= 0)
    let cutOff = showsZero ? [] : ["The axis upwards does not begin at zero"]
    notes = cutOff + Self.notes(content, chart, report)
    layout = ChartLayout(
      title: ReportText.oneLine(chart.title), hasSubtitle: !content.common.isEmpty, x: x, y: y,
      legend: legend, notes: notes.count)
  }

  /// The values that the vertical axis has to have room for.
  private static func extent(of content: ChartLines, isLogarithmic: Bool) -> [Double] {
    let points = content.lines.flatMap(\.points).filter { $0.y.isFinite }
    let greatest = points.map(\.y.magnitude).max() ?? 0
    return points.flatMap { point -> [Double] in
      guard let margin = point.margin, margin.isFinite, margin > 0 else { return [point.y] }
      // A wide band is cut off rather than making everything else small.
      let upper = min(point.y + margin, max(point.y, greatest * 1.5))
      let lower = point.y - margin
      if isLogarithmic { return [point.y, max(lower, point.y / 3), upper] }
      return [point.y, point.y >= 0 ? max(0, lower) : max(lower, -greatest * 1.5), upper]
    }
  }

  private static func notes(
    _ content: ChartLines, _ chart: MeasurementReport.Chart, _ report: MeasurementReport
  ) -> [String] {
    var notes: [String] = []
    let points = content.lines.flatMap(\.points)
    if points.contains(where: { $0.margin.map { $0.isFinite && $0 > 0 } ?? false }) {
      let seeds = ReportText.count(report.seeds, "seed")
      notes.append("Bands: 95 % confidence intervals of the mean over \(seeds)")
    }
    let hidden = points.count { point in
      point.y.isFinite && !ChartScale.canShow(point.y, isLogarithmic: chart.hasLogarithmicY)
        || !ChartScale.canShow(
          point.x, isLogarithmic: chart.hasLogarithmicX && content.horizontal == .numbers)
    }
    if hidden > 0 {
      notes.append("\(ReportText.count(hidden, "value")) without a place on these scales left out")
    }
    if content.omitted > 0 {
      notes.append("\(ReportText.count(content.omitted, "further line")) not drawn")
    }
    return notes
  }

  private func document(style: [String]) -> String {
    let (width, height) = (Self.number(ChartLayout.width), Self.number(layout.height))
    let title = ReportText.oneLine(chart.title)
    var lines =
      [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" aria-label=\""
          + SVGText.escaped(title) + "\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
          + "height=\"\(height)\">",
        "<title>\(SVGText.escaped(title))</title>",
        "<desc>\(SVGText.escaped(description))</desc>",
      ] + style + [
        "<rect class=\"paper\" x=\"0.5\" y=\"0.5\" width=\"\(Self.number(ChartLayout.width - 1))\" "
          + "height=\"\(Self.number(layout.height - 1))\" rx=\"8\"/>"
      ]
    lines += headLines + horizontalAxis + verticalAxis + bands + curves + legendLines
    for (row, note) in notes.enumerated() {
      lines.append(
        Self.text(note, "quiet", ChartLayout.border, layout.notesY + Double(row) * 17))
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The chart in words: where each line begins, where it ends, and how high it gets.
  private var description: String {
    let sentences = content.lines.map { line -> String in
      let name = line.label.isEmpty ? content.yLabel : line.label
      let shown = line.points.filter { $0.y.isFinite }
      guard let first = shown.first, let last = shown.last else { return "\(name): no values." }
      let greatest = shown.map(\.y).max() ?? first.y
      return "\(name): \(MeasuredNumber.text(first.y)) at \(place(first.x)), "
        + "\(MeasuredNumber.text(last.y)) at \(place(last.x)), at most "
        + "\(MeasuredNumber.text(greatest))."
    }
    let head = "\(content.yLabel) by \(content.xLabel)."
    return ReportText.oneLine(([head] + sentences).joined(separator: " "))
  }

  /// A number or word of the horizontal axis.
  func place(_ x: Double) -> String {
    if case .words(let words) = content.horizontal {
      return words.indices.contains(Int(x)) ? words[Int(x)] : ""
    }
    return MeasuredNumber.tick(x)
  }

  private var headLines: [String] {
    var lines = layout.heading.enumerated().map { row, line in
      Self.text(line, "heading", ChartLayout.border, ChartLayout.border + 14 + Double(row) * 20)
    }
    if !content.common.isEmpty {
      let subtitle = ReportText.shortened(ReportText.oneLine(content.common), to: 90)
      let y = ChartLayout.border + 12 + Double(layout.heading.count) * 20
      lines.append(Self.text(subtitle, "quiet", ChartLayout.border, y))
    }
    return lines
  }

  private var legendLines: [String] {
    legend.indices.flatMap { line -> [String] in
      let place = layout.legendPlace(line)
      let middle = place.y - 4.5
      return [
        "<g class=\"\(ChartStyle.colorClass(line))\">",
        Self.line("curve", place.x, middle, place.x + 36, middle, ChartStyle.dashes(line)),
        ChartStyle.mark(line, x: place.x + 18, y: middle),
        "</g>",
        Self.text(legend[line], "key", place.x + ChartLayout.sampleWidth, place.y),
      ]
    }
  }
}

/// Elements.
extension ChartSVG {
  /// With one digit after the point, if any: finer than a screen shows, and the same everywhere.
  static func number(_ number: Double) -> String {
    guard number.isFinite, number.magnitude < 1e6 else { return "0" }
    let tenths = Int((number * 10).rounded())
    let text = "\(tenths.magnitude / 10)"
    let sign = tenths < 0 ? "-" : ""
    return sign + (tenths % 10 == 0 ? text : text + ".\(tenths.magnitude % 10)")
  }

  static func pair(_ x: Double, _ y: Double) -> String { number(x) + "," + number(y) }

  static func text(
    _ content: String, _ kind: String, _ x: Double, _ y: Double, _ more: String = ""
  ) -> String {
    "<text class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\"\(more)>"
      + "\(SVGText.escaped(content))</text>"
  }

  static func line(
    _ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ more: String = ""
  ) -> String {
    "<line class=\"\(kind)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" "
      + "x2=\"\(number(x2))\" y2=\"\(number(y2))\"\(more)/>"
  }
}
