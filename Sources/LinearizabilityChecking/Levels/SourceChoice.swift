/// The choice of a source for every observation of a history, one after another.
///
/// Constraints only grow with the number of observations that have a source, so a choice that is
/// already contradictory is given up at once.
struct SourceChoice {
  /// How the choice ended.
  enum Outcome {
    case possible
    /// The contradiction of the last attempt. It does not depend on a choice if `isForced`.
    case impossible(Contradiction, isForced: Bool)
    case exhausted
  }

  /// Why some observations cannot be explained together.
  enum Contradiction: Hashable {
    /// Nothing can have made the value.
    case noSource(observation: Int)
    /// An operation that saw nothing but the initial value must see an update.
    case mustSee(reader: Int32, update: Int32, sight: OrderGraph.Sight)
    /// Every operation must come before the next one, and the last one before the first.
    case cycle([OrderGraph.Edge])
  }

  let sources: ValueSources
  /// By observation: the source chosen, `nil` while there is none.
  private var chosen: [ValueSources.Source?] = []

  init(_ sources: ValueSources) {
    self.sources = sources
  }

  /// Looks for sources that `contradiction` does not object to.
  /// - Parameter attempts: how many times it may be asked; what is left comes back.
  mutating func run(
    attempts: inout Int, _ contradiction: ([ValueSources.Source?]) -> Contradiction?
  ) -> Outcome {
    if sources.isExhausted { return .exhausted }
    chosen = sources.observations.map { $0.candidates.count == 1 ? $0.candidates[0] : nil }
    if let blind = sources.observations.firstIndex(where: { $0.candidates.isEmpty }) {
      return .impossible(.noSource(observation: blind), isForced: true)
    }
    guard attempts > 0 else { return .exhausted }
    attempts -= 1
    if let found = contradiction(chosen) { return .impossible(found, isForced: true) }
    let open = sources.observations.indices.filter { sources.observations[$0].candidates.count > 1 }
    // Most answers come from where one would guess.
    attempts -= 1
    if contradiction(sources.observations.map { $0.candidates[0] }) == nil { return .possible }
    return choose(open[...], &attempts, contradiction)
  }

  private mutating func choose(
    _ open: ArraySlice<Int>, _ attempts: inout Int,
    _ contradiction: ([ValueSources.Source?]) -> Contradiction?
  ) -> Outcome {
    guard let observation = open.first else { return .possible }
    var last = Outcome.exhausted
    for candidate in sources.observations[observation].candidates {
      guard attempts > 0 else { return .exhausted }
      attempts -= 1
      chosen[observation] = candidate
      if let found = contradiction(chosen) {
        last = .impossible(found, isForced: false)
        continue
      }
      last = choose(open.dropFirst(), &attempts, contradiction)
      guard case .impossible = last else { return last }
    }
    chosen[observation] = nil
    return last
  }
}
