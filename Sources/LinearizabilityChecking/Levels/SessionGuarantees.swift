/// Promises to a single process about what it sees, whatever server it talks to.
///
/// Source: Terry, Demers, Petersen, Spreitzer, Theimer and Welch, Session guarantees for weakly
/// consistent replicated data, PDIS 1994. A *session* is what one process of a history did.
///
/// In terms of a history: there is one order of all updates that took effect, and each observation
/// is made of some set of updates, its *sight*, applied in that order. An observation *shows* the
/// updates that made its value (their RelevantWrites). Real time plays no part, as it plays none in
/// sequential consistency, which implies all four.
public struct SessionGuarantees: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// An observation sees the updates that its own process did before.
  public static let readYourWrites = SessionGuarantees(rawValue: 1)
  /// An observation sees what earlier observations of its process showed.
  public static let monotonicReads = SessionGuarantees(rawValue: 2)
  /// Updates of one process are ordered as it did them, and who sees one sees the earlier ones.
  public static let monotonicWrites = SessionGuarantees(rawValue: 4)
  /// An update is ordered after what its process had observed before, and who sees it sees that.
  public static let writesFollowReads = SessionGuarantees(rawValue: 8)

  /// All four.
  public static let all: SessionGuarantees = [
    .readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads,
  ]

  /// The single guarantees among these, in the order of the paper.
  public var members: [SessionGuarantees] {
    (0..<4).map { SessionGuarantees(rawValue: 1 << UInt8($0)) }.filter { isSuperset(of: $0) }
  }

  /// The sets of one to three guarantees, larger ones first. Among equals those come first that
  /// keep the promises about updates: that a read went to a server that lags behind is the more
  /// common fault, and it is the reads that are to be blamed for it.
  static let bySize = (1..<15).map { SessionGuarantees(rawValue: $0) }.sorted {
    let (one, other) = ($0.members.count, $1.members.count)
    return one == other ? $0.rawValue > $1.rawValue : one > other
  }

  /// For people: `read your writes, monotonic reads`; `none`.
  public var text: String {
    let names = [
      "read your writes", "monotonic reads", "monotonic writes", "writes follow reads",
    ]
    let held = (0..<4).filter { rawValue & 1 << UInt8($0) != 0 }.map { names[$0] }
    return held.isEmpty ? "none" : held.joined(separator: ", ")
  }
}
