/// Operations of unknown outcome that ask for the same thing. Whatever one of them explains, the one
/// that was called first explains as well, so a search takes them in the order of their calls.
struct TwinOperations: SearchGuide {
  /// Per operation, the one before it that asks for the same and whose outcome is unknown as well;
  /// -1 for none.
  private let twins: [Int32]
  private var isDone: [Bool]

  /// The twins among `members`, operation indices by call, as far as `isUnknown` says so; numbered
  /// by their place.
  init(
    _ members: ArraySlice<Int32>, _ history: RecordedHistory, isUnknown: (Int) -> Bool
  ) {
    struct Request: Hashable {
      var kind: RecordedOperation.Kind
      var key: Int32
      var argument: Int32
      var expected: Int32
    }
    var last: [Request: Int32] = [:]
    var twins = [Int32](repeating: -1, count: members.count)
    for (place, member) in members.enumerated() where isUnknown(place) {
      let operation = history.operations[Int(member)]
      let request = Request(
        kind: operation.kind, key: operation.key, argument: operation.argument,
        expected: operation.expected)
      twins[place] = last[request] ?? -1
      last[request] = Int32(place)
    }
    self.twins = twins
    isDone = Array(repeating: false, count: last.isEmpty ? 0 : members.count)
  }

  func allows(_ operation: Int) -> Bool {
    twins[operation] < 0 || isDone[Int(twins[operation])]
  }

  mutating func took(_ operation: Int) {
    if !isDone.isEmpty { isDone[operation] = true }
  }

  mutating func gaveBack(_ operation: Int) {
    if !isDone.isEmpty { isDone[operation] = false }
  }

  func suggestion(before forced: Int) -> SearchSuggestion { .none }
}
