/// Where the parts of a chart stand, in points.
struct ChartLayout: Hashable, Sendable {
  static let width = 660.0
  static let border = 16.0
  static let plotHeight = 300.0
  /// Points that a character takes at most, on average over a text of 13 points.
  static let characterWidth = 7.3
  static let lineHeight = 19.0
  /// Of the sample in front of a label of the legend, with the gap behind it.
  static let sampleWidth = 44.0

  /// Lines of the title.
  let heading: [String]
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  /// Whether the labels below the axis do not fit side by side.
  let isSlanted: Bool
  /// The base line of the axis's name.
  let nameY: Double
  /// The base line of the first row of the legend.
  let legendY: Double
  let legendColumns: Int
  let legendRows: Int
  /// The base line of the first note.
  let notesY: Double
  let height: Double

  init(
    title: String, hasSubtitle: Bool, x: ChartScale, y: ChartScale, legend: [String], notes: Int
  ) {
    let columns = Int((Self.width - 2 * Self.border) / 8.4)
    heading = LineLayout(width: columns, indentation: 0).lines(
      prefix: "", words: title.split(separator: " ").map(String.init))
    let widest = y.labels.map(Self.points).max() ?? 0
    left = Self.border + 24 + widest + 10
    right = Self.width - Self.border - 12
    top = Self.border + Double(heading.count) * 20 + (hasSubtitle ? 18 : 0) + 14
    bottom = top + Self.plotHeight
    let labelWidth = x.labels.map(Self.points).max() ?? 0
    let room = (right - left) / Double(max(1, x.labels.count))
    isSlanted = labelWidth + 10 > room && x.labels.count > 1
    // A label at 30 degrees reaches down by half of its length.
    let labelHeight = isSlanted ? 20 + labelWidth / 2 : 22
    nameY = bottom + labelHeight + 16
    legendY = nameY + 30
    let entry = Self.sampleWidth + (legend.map(Self.points).max() ?? 0) + 16
    legendColumns = max(1, min(legend.count, Int((Self.width - 2 * Self.border) / entry)))
    legendRows = (legend.count + legendColumns - 1) / legendColumns
    let legendHeight = legend.isEmpty ? 0 : Double(legendRows) * Self.lineHeight + 6
    notesY = legendY + legendHeight
    height = notesY + (notes == 0 ? -12 : Double(notes) * 17 - 8) + Self.border
  }

  /// The width of a text of 13 points, about, and not less than it is.
  static func points(_ text: String) -> Double {
    Double(LineLayout.columns(text)) * characterWidth
  }

  /// The left end and the base line of an entry of the legend, which is read downwards.
  func legendPlace(_ entry: Int) -> (x: Double, y: Double) {
    let column = entry / max(1, legendRows)
    let row = entry % max(1, legendRows)
    let columnWidth = (Self.width - 2 * Self.border) / Double(max(1, legendColumns))
    return (
      Self.border + Double(column) * columnWidth, legendY + Double(row) * Self.lineHeight
    )
  }
}
