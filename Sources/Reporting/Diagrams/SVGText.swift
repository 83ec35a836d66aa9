/// Text and style of our pictures.
enum SVGText {
  static func text(_ content: String, _ kind: String, _ x: Int, _ y: Int) -> String {
    "<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\" xml:space=\"preserve\">\(escaped(content))"
      + "</text>"
  }

  /// Text inside an element; control characters, which XML forbids, are replaced.
  static func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "\0"..<" ", "\u{FFFE}"..."\u{FFFF}": safe += "\u{FFFD}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// For a document of its own.
  static let style = "<style>\n\(rules)\n</style>"

  /// The rules of ``style``, one a line.
  static let rules = """
    text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #24292f; }
    .heading { font-size: 15px; font-weight: bold; }
    .caption { font-size: 13px; }
    .bold { font-weight: bold; }
    .middle { text-anchor: middle; }
    .tiny { font-size: 10px; fill: #57606a; stroke: #ffffff; stroke-width: 3px; paint-order: stroke; }
    .quiet { fill: #57606a; }
    text.bad { fill: #cf222e; font-weight: bold; }
    .paper { fill: #ffffff; stroke: #d0d7de; }
    .lit { fill: #ffebe9; stroke: #ff8182; }
    .lane, .disk { stroke: #d8dee4; }
    .gap { stroke: #8c959f; stroke-dasharray: 2 4; }
    .band { stroke: #8c959f; stroke-width: 0.5; }
    .role-none { fill: #eaeef2; }
    .role-first { fill: #54aeff; }
    .role-last { fill: #4ac26b; }
    .role-follower { fill: #b6e3ff; }
    .role-waiting { fill: #d8dee4; }
    .pending { fill: #d4a72c; }
    .forced { fill: #1a7f37; }
    .dropped { fill: #cf222e; }
    .cut { fill: #bc4c00; opacity: 0.5; }
    .operation { fill: #f6f8fa; stroke: #8c959f; }
    .conflict { fill: #cf222e; stroke: #82071e; }
    .open { stroke-dasharray: 4 3; }
    .arrow { stroke: #0550ae; stroke-width: 1.3; }
    .arrow.news { stroke: #8c959f; stroke-dasharray: 1 3; }
    .arrow.lost { stroke: #cf222e; }
    .arrow.open { stroke: #8c959f; stroke-dasharray: 4 3; }
    .head { fill: #0550ae; }
    .cross { stroke: #cf222e; stroke-width: 2; fill: none; }
    .cross.death { stroke-width: 3; }
    .dot { fill: #24292f; }
    .start { fill: #1a7f37; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .tiny, .quiet { fill: #9198a1; }
      .tiny { stroke: #0d1117; }
      text.bad { fill: #ff7b72; }
      .paper { fill: #0d1117; stroke: #3d444d; }
      .lit { fill: #3c1618; stroke: #8e1519; }
      .lane, .disk { stroke: #3d444d; }
      .role-none { fill: #21262d; }
      .role-first { fill: #1f6feb; }
      .role-last { fill: #238636; }
      .role-follower { fill: #0c2d6b; }
      .role-waiting { fill: #30363d; }
      .operation { fill: #151b23; stroke: #656c76; }
      .conflict { fill: #da3633; stroke: #ff7b72; }
      .arrow { stroke: #58a6ff; }
      .arrow.lost { stroke: #ff7b72; }
      .head { fill: #58a6ff; }
      .cross { stroke: #ff7b72; }
      .dot { fill: #e6edf3; }
      .start, .forced { fill: #3fb950; }
    }
    """
}
