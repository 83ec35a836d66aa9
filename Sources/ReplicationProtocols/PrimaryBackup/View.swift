import SimulationKernel

extension PrimaryBackup {
  /// A process of a server. A server that restarts is another member: it has lost its state, and
  /// with it the role that its predecessor had.
  public struct Member: Hashable, Sendable {
    /// 0-based number of the server.
    var server: Int
    /// Which start of the server it is; 1 and up.
    var incarnation: Int
  }

  /// What the view service decides: a number, who is primary, and who is backup.
  public struct View: Hashable, Sendable, Fingerprintable {
    /// 0 before the first view; grows by one.
    var number: Int
    /// `nil` in view 0 only.
    var primary: Member?
    var backup: Member?

    /// The view before anybody has pinged.
    static let initial = View(number: 0, primary: nil, backup: nil)

    func role(of member: Member) -> ServerRole {
      if primary == member { return .primary }
      return backup == member ? .backup : .idle
    }

    /// Whether any process of the server is a member.
    func names(_ server: Int) -> Bool {
      primary?.server == server || backup?.server == server
    }

    var observed: ObservedView {
      ObservedView(
        number: number, members: [primary, backup].compactMap { $0.map { NodeID($0.server) } })
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(number)
      for member in [primary, backup] {
        hasher.combine(member?.server ?? -1)
        hasher.combine(member?.incarnation ?? 0)
      }
    }
  }
}

extension PrimaryBackup.View: CustomStringConvertible {
  /// For example `3: s1 s2`.
  public var description: String {
    let names = [primary, backup].map { $0.map { "s\($0.server + 1)" } ?? "-" }
    return "\(number): \(names.joined(separator: " "))"
  }
}
