import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

extension Cluster {
  /// What is said of a step that is not possible: what was expected, and what was possible instead.
  /// - Parameter remark: what the parcel was called when the step was written down; may be empty.
  func divergence(from action: ClusterAction, remark: String = "") -> String {
    let possible = enabledActions()
    let shown = possible.prefix(Self.shownActions).map { text($0) }
    var enabled = shown.isEmpty ? "nothing was enabled" : "enabled were: "
    enabled += shown.joined(separator: "; ")
    if possible.count > shown.count { enabled += " (\(possible.count - shown.count) more)" }
    return "expected \(expectation(action, remark)), \(enabled)"
  }

  /// Actions that are named at most.
  private static var shownActions: Int { 8 }

  private func expectation(_ action: ClusterAction, _ remark: String) -> String {
    func parcel(_ number: UInt32) -> String {
      if !remark.isEmpty { return remark }
      let text = parcelText(action)
      return text.isEmpty || text == "nothing" ? "parcel \(number)" : text
    }
    switch action {
    case .deliver(let from, let to, let number):
      return "delivery of \(parcel(number)) from \(layout.name(of: from)) to \(layout.name(of: to))"
    default: return text(action)
    }
  }
}
