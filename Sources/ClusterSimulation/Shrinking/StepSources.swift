import NetworkSimulation
import SimulationKernel

/// Keeps which step brought each parcel, timer and continuation of a world into it, in both
/// directions. Steps go by their tags.
struct StepSources: Sendable {
  private let nodeCount: Int
  /// By channel and number of parcel.
  private var parcels: [[StepSource]]
  /// By tag: what the step sent, as channel and number, in order.
  private var sent: [Int: [(slot: Int, number: UInt32)]] = [:]
  /// By node and timer: the step that armed it last.
  private var armedBy: [[TimerID: StepSource]]
  private var armed: [Int: [(node: Int, timer: TimerID)]] = [:]
  private var putOffBy: [[Int: StepSource]]
  private var putOff: [Int: [(node: Int, continuation: Int)]] = [:]

  init(nodeCount: Int) {
    self.nodeCount = nodeCount
    parcels = Array(repeating: [], count: nodeCount * nodeCount)
    armedBy = Array(repeating: [:], count: nodeCount)
    putOffBy = Array(repeating: [:], count: nodeCount)
  }

  func slot(_ from: NodeID, _ to: NodeID) -> Int { from.index * nodeCount + to.index }

  /// Notes what the step with this tag has just brought about.
  mutating func note(_ report: StepReport, tag: Int) {
    for index in 0..<report.sendings.count {
      let sending = report.sendings[index]
      let slot = slot(sending.sender, sending.receiver)
      let place = sent[tag, default: []].count { $0.slot == slot }
      parcels[slot].append(StepSource(tag: tag, place: place))
      sent[tag, default: []].append((slot, sending.number))
    }
    for index in 0..<report.armings.count {
      let arming = report.armings[index]
      let place = armed[tag, default: []].count
      armedBy[arming.node.index][arming.timer] = StepSource(tag: tag, place: place)
      armed[tag, default: []].append((arming.node.index, arming.timer))
    }
    for index in 0..<report.postponements.count {
      let postponement = report.postponements[index]
      let place = putOff[tag, default: []].count
      putOffBy[postponement.node.index][postponement.continuation] =
        StepSource(tag: tag, place: place)
      putOff[tag, default: []].append((postponement.node.index, postponement.continuation))
    }
  }

  /// The number of the parcel that comes from a source; `nil` if the step has sent none such.
  func parcel(_ source: StepSource, from: NodeID, to: NodeID) -> UInt32? {
    let slot = slot(from, to)
    let list = sent[source.tag, default: []].filter { $0.slot == slot }
    return list.indices.contains(source.place) ? list[source.place].number : nil
  }

  func timer(_ source: StepSource, of node: NodeID) -> TimerID? {
    let list = armed[source.tag, default: []]
    guard list.indices.contains(source.place), list[source.place].node == node.index else {
      return nil
    }
    return list[source.place].timer
  }

  func continuation(_ source: StepSource, of node: NodeID) -> Int? {
    let list = putOff[source.tag, default: []]
    guard list.indices.contains(source.place), list[source.place].node == node.index else {
      return nil
    }
    return list[source.place].continuation
  }

  /// Where what an action takes comes from.
  func source(of action: ClusterAction) -> StepSource? {
    switch action {
    case .deliver(let from, let to, let number), .lose(let from, let to, let number),
      .duplicate(let from, let to, let number):
      let list = parcels[slot(from, to)]
      return list.indices.contains(Int(number)) ? list[Int(number)] : nil
    case .fire(let node, let timer): return armedBy[node.index][timer]
    case .resume(let node, let continuation): return putOffBy[node.index][continuation]
    default: return nil
    }
  }
}
