import SimulationKernel

/// Watches the views that a view service decides: each must follow from the one before.
///
/// Reads: `decided` and `acknowledged` observations of the coordinator. The first view has number 1
/// and any one member; from then on the number grows by one, the new primary was primary or backup
/// of a view that its primary had acknowledged, the backup is another server, and primary or backup
/// changes (the rules of the 6.824 view service, and the examples of valid and invalid sequences of
/// views in the primary/backup lecture).
///
/// Rejects: (1, s1, s2) -> (2, s3, s4), because s3 was in no role; (1, s1, -) -> (2, s2, s1).
struct ViewValidityMonitor: Sendable {
  private var current: ObservedView?
  private var isAcknowledged = false

  mutating func acknowledged(_ epoch: Int) {
    if epoch == current?.number { isAcknowledged = true }
  }

  mutating func decided(_ view: ObservedView, _ layout: ClusterLayout) -> Violation? {
    defer {
      current = view
      isAcknowledged = false
    }
    guard let reason = objection(to: view) else { return nil }
    let before = current.map { $0.text(layout) } ?? "(0)"
    return Violation(
      .viewValidity, "view \(before) was followed by \(view.text(layout)): \(reason)")
  }

  private func objection(to view: ObservedView) -> String? {
    if Set(view.members).count != view.members.count { return "a server has both roles" }
    guard let current else {
      return view.number == 1 && view.members.count == 1
        ? nil : "the first view is number 1 with a primary alone"
    }
    if view.number != current.number + 1 { return "the number does not grow by one" }
    guard let primary = view.members.first else { return "it has no primary" }
    if !current.members.contains(primary) {
      return "the new primary was neither primary nor backup"
    }
    if view.members == current.members { return "nothing but the number changed" }
    if !isAcknowledged { return "the primary had not acknowledged the view before" }
    return nil
  }
}

extension ViewValidityMonitor: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(isAcknowledged)
    hasher.combine(current?.number ?? 0)
    hasher.combine(contentsOf: current?.members ?? [])
  }
}

extension ObservedView {
  /// `(3: s1, s2)`.
  func text(_ layout: ClusterLayout) -> String {
    "(\(number): \(members.map { layout.name(of: $0) }.joined(separator: ", ")))"
  }
}
