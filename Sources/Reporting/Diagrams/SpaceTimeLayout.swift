import ClusterSimulation
import SimulationKernel

/// Where everything of a space-time diagram stands, in points. Time runs downwards, a row a step,
/// so that the words of a step stand beside it and a long run is scrolled like a text.
struct SpaceTimeLayout {
  static let border = 24
  static let rowHeight = 24
  static let bandWidth = 12
  static let diskWidth = 6
  /// Points that a character of 12 points takes at most.
  static let characterWidth = 7.3
  static let serverWidth = 92
  /// With room for what is asked and answered.
  static let clientWidth = 156
  /// Columns of the longest text beside a row.
  static let textColumns = 92

  let rows: DiagramRows
  /// Middle of each lane.
  let laneX: [Int]
  let textX: Int
  let width: Int
  let top: Int

  init(_ failure: FailureStory, rows: DiagramRows, headLines: Int) {
    self.rows = rows
    var x = Self.border
    var centres: [Int] = []
    for lane in failure.story.lanes {
      let name = Int(Double(lane.name.count) * Self.characterWidth) + 16
      let wide = max(name, lane.role == .client ? Self.clientWidth : Self.serverWidth)
      centres.append(lane.role == .client ? x + 28 : x + wide / 2)
      x += wide
    }
    laneX = centres
    textX = x + 16
    width = textX + Int(Double(Self.textColumns + 10) * Self.characterWidth) + Self.border
    top = Self.border + 30 + 18 * headLines + 40
  }

  func y(ofRow row: Int) -> Int { top + Self.rowHeight * row + Self.rowHeight / 2 }
  func y(ofStep step: Int) -> Int { y(ofRow: rows.rowOfStep[step]) }
  var bottom: Int { top + Self.rowHeight * rows.rows.count + 8 }
}

/// A stretch of a node's life.
struct LaneBand: Hashable, Sendable {
  var lane: Int
  /// Steps, by index; `nil`: to the end.
  var from: Int
  var to: Int?
  /// What the server takes itself for; `nil` if it has not said.
  var role: ServerRole?
  var epoch: Int?

  /// From start to death or to a change of role, of every node.
  static func all(of story: RunStory) -> [LaneBand] {
    var bands: [LaneBand] = []
    var open: [Int: LaneBand] = [:]
    func close(_ lane: Int, _ step: Int) {
      guard var band = open.removeValue(forKey: lane), band.from < step else { return }
      band.to = step
      bands.append(band)
    }
    for (index, step) in story.steps.enumerated() {
      if case .start = step.event, let lane = step.lane {
        open[lane] = LaneBand(lane: lane, from: index)
      }
      for adoption in step.adoptions {
        guard let band = open[adoption.lane],
          band.role != adoption.role || band.epoch != adoption.epoch
        else { continue }
        close(adoption.lane, index)
        open[adoption.lane] = LaneBand(
          lane: adoption.lane, from: index, role: adoption.role, epoch: adoption.epoch)
      }
      for lane in step.deaths { close(lane, index) }
    }
    bands += open.values
    return bands.sorted { ($0.lane, $0.from) < ($1.lane, $1.from) }
  }
}
