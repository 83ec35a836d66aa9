import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// What a search leaves out although the system could do it, each for itself.
public struct ExploreReductions: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// That a peer is dead is not told to a node that says that it never heeds it
  /// (`Node/heedsUnavailability(of:)`). Keeps every verdict: the delivery of
  /// such a word changes nothing but its channel. A shortest counterexample is shorter by the
  /// deliveries of words that stood before something it needs.
  public static let unheededWords = ExploreReductions(rawValue: 1)

  /// Nothing is delivered to a client that has no operation left and says that it heeds nothing
  /// without one (`ClientNode/heedsWhenIdle`); what it remembers is forgotten.
  /// Keeps every verdict and the length of shortest counterexamples: such a delivery changes
  /// nothing but its channel and the client, and neither does anything from then on.
  public static let doneClients = ExploreReductions(rawValue: 2)

  /// Once no operation that is open or to come reads anything, a history is not told apart by what
  /// the store may hold. Keeps every verdict: all that can come then is the end of an update that
  /// says nothing, which every explanation allows.
  public static let unreadHistories = ExploreReductions(rawValue: 4)

  /// A timer of a kind that the budget does not pay for is not kept, nor what a node says that
  /// only such a timer, or nothing, would read
  /// (`Node/forgetting(timersThatNeverFire:)`).
  public static let deadMemory = ExploreReductions(rawValue: 8)

  /// Of a message only what its receivers read is kept (`NodeMessage/asRead`).
  public static let messagesAsRead = ExploreReductions(rawValue: 16)

  /// By the words of certificates and command lines.
  public static let named: [(word: String, reduction: ExploreReductions)] = [
    ("unheeded-words", .unheededWords), ("done-clients", .doneClients),
    ("unread-histories", .unreadHistories), ("dead-memory", .deadMemory),
    ("messages-as-read", .messagesAsRead),
  ]

  public var words: [String] { Self.named.filter { contains($0.reduction) }.map(\.word) }

  /// Those that keep every verdict.
  public static let sound: ExploreReductions = [
    .unheededWords, .doneClients, .unreadHistories, .deadMemory, .messagesAsRead,
  ]
}
