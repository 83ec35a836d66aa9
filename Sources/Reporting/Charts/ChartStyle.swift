/// How the lines of a chart look: told apart by colour, by dashes and by the shape of their marks.
enum ChartStyle {
  /// Colours for light and dark backgrounds; each stands out from its background by 3 to 1 or more.
  private static let colors: [(light: String, dark: String)] = [
    ("#0072b2", "#58a6ff"), ("#c64f00", "#ff8f4d"), ("#00795c", "#3fcf9f"),
    ("#b5428e", "#f08cd0"), ("#8a6100", "#e3b341"), ("#2384b0", "#7dd3fc"),
    ("#6a3d9a", "#c4a1ff"), ("#4d4d4d", "#d0d7de"), ("#b2182b", "#ff7b72"),
    ("#527d00", "#a3d65c"), ("#7f5539", "#d9a981"), ("#007d7d", "#39d0d0"),
  ]

  private static let dashes = ["", "8 3", "2 2.5", "9 3 2 3", "5 2", "12 3 2 2 2 3"]

  /// The class of a line's group.
  static func colorClass(_ line: Int) -> String { "line\(line % colors.count)" }

  /// The attribute for a line's dashes, with a space in front; empty for a solid line.
  static func dashes(_ line: Int) -> String {
    // Shifted in the second six, so that no shape has the same dashes again.
    let dash = dashes[(line + line / dashes.count) % dashes.count]
    return dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
  }

  /// A mark: one of six shapes, filled or hollow.
  /// - Parameter note: shown where the pointer rests on the mark; empty: nothing.
  static func mark(_ line: Int, x: Double, y: Double, note: String = "") -> String {
    let kind = line / 6 % 2 == 0 ? "mark" : "mark hollow"
    let end = note.isEmpty ? "/>" : "><title>\(SVGText.escaped(note))</title>"
    func at(_ corners: [(Double, Double)]) -> String {
      let points = corners.map { ChartSVG.pair(x + $0.0, y + $0.1) }.joined(separator: " ")
      return "<polygon class=\"\(kind)\" points=\"\(points)\"\(end)"
        + (note.isEmpty ? "" : "</polygon>")
    }
    switch line % 6 {
    case 0:
      return "<circle class=\"\(kind)\" cx=\"\(ChartSVG.number(x))\" cy=\"\(ChartSVG.number(y))\" "
        + "r=\"3.6\"\(end)" + (note.isEmpty ? "" : "</circle>")
    case 1: return at([(-3.3, -3.3), (3.3, -3.3), (3.3, 3.3), (-3.3, 3.3)])
    case 2: return at([(0, -4.4), (4.2, 3.1), (-4.2, 3.1)])
    case 3: return at([(0, -4.8), (4.8, 0), (0, 4.8), (-4.8, 0)])
    case 4: return at([(0, 4.4), (-4.2, -3.1), (4.2, -3.1)])
    default:
      return at([
        (-1.5, -4.6), (1.5, -4.6), (1.5, -1.5), (4.6, -1.5), (4.6, 1.5), (1.5, 1.5), (1.5, 4.6),
        (-1.5, 4.6), (-1.5, 1.5), (-4.6, 1.5), (-4.6, -1.5), (-1.5, -1.5),
      ])
    }
  }

  /// The rules of all charts of a document, one a line.
  static let rules: String = {
    var lines = [
      ".chart text { font: 13px system-ui, \"DejaVu Sans\", Helvetica, Arial, sans-serif; "
        + "fill: #24292f; }",
      ".chart .heading { font-size: 15px; font-weight: 600; }",
      ".chart .quiet { font-size: 12px; fill: #57606a; }",
      ".chart .middle { text-anchor: middle; }",
      ".chart .end { text-anchor: end; }",
      ".chart .paper { fill: #ffffff; stroke: #d0d7de; }",
      ".chart .axis { stroke: #57606a; fill: none; }",
      ".chart .grid { stroke: #eaeef2; }",
      ".chart .curve { fill: none; stroke: currentColor; stroke-width: 1.8; "
        + "stroke-linejoin: round; }",
      ".chart .band { fill: currentColor; fill-opacity: 0.14; stroke: none; }",
      ".chart .bar { stroke: currentColor; stroke-width: 1.2; }",
      ".chart .mark { fill: currentColor; stroke: currentColor; stroke-width: 1.2; }",
      ".chart .hollow { fill: #ffffff; }",
    ]
    lines += colors.enumerated().map { ".chart .line\($0) { color: \($1.light); }" }
    lines += [
      "@media (prefers-color-scheme: dark) {",
      "  .chart text { fill: #e6edf3; }",
      "  .chart .quiet { fill: #9198a1; }",
      "  .chart .paper { fill: #0d1117; stroke: #3d444d; }",
      "  .chart .axis { stroke: #9198a1; }",
      "  .chart .grid { stroke: #21262d; }",
      "  .chart .band { fill-opacity: 0.2; }",
      "  .chart .hollow { fill: #0d1117; }",
    ]
    lines += colors.enumerated().map { "  .chart .line\($0) { color: \($1.dark); }" }
    return (lines + ["}"]).joined(separator: "\n")
  }()
}
