import ModelChecking
import SimulationKernel

/// A small system of components whose reactions are drawn from a seed: nobody designed it, so it
/// holds every shape that the engine may meet. Signals only call signals with a larger number, so
/// steps end.
///
/// The first two slots are alike: they react alike, and nobody but themselves tells them apart.
struct DrawnSystem: ComponentSystem {
  struct Component: Hashable, Fingerprintable, Sendable {
    var value: Int

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(value)
    }
  }

  typealias Outcome = Reaction<Component, Int>

  let seed: UInt64
  let layout: SlotLayout
  let invariants: [StatePredicate<Component>]
  let guards: [StatePredicate<Component>]
  private let valueCount: Int
  private static let signalCount = 3

  /// - Parameter breaks: whether an invariant is drawn that some world may break.
  init(seed: UInt64, breaks: Bool) {
    self.seed = seed
    var stream = SeededStream(seed: seed, name: "system")
    let count = 4 + Int(stream.next() % 3)
    let values = 2 + Int(stream.next() % 3)
    valueCount = values
    layout = SlotLayout(
      names: (0..<count).map { "slot \($0)" }, leftCount: 2 + Int(stream.next() % 2))
    func drawn(_ name: String, rarity: UInt64) -> StatePredicate<Component> {
      let salt = stream.next()
      return StatePredicate(name, slots: [0, 1, 2 + Int(stream.next() % 2)]) { parts in
        // The like slots count as a set.
        let pair = [parts[0].value, parts[1].value].sorted()
        return Self.hash(salt, [pair[0], pair[1], parts[2].value]) % rarity != 0
      }
    }
    invariants = breaks ? [drawn("first", rarity: 16), drawn("second", rarity: 12)] : []
    guards = [drawn("guard", rarity: 2)]
  }

  var initialWorlds: [[Component]] {
    [Array(repeating: Component(value: 0), count: layout.count)]
  }

  var permutations: [SlotPermutation] {
    [SlotPermutation(exchanging: [(0, 1)], among: layout.count)]
  }

  func actions(of component: Component, in slot: Int) -> [Outcome] {
    outcomes(component, slot, signal: 0)
  }

  func reactions(of component: Component, in slot: Int, to signal: Int) -> [Outcome] {
    outcomes(component, slot, signal: signal)
  }

  private func outcomes(_ component: Component, _ slot: Int, signal: Int) -> [Outcome] {
    var stream = SeededStream(
      seed: Self.hash(seed, [max(1, slot), component.value, signal]), name: "outcomes")
    // Seldom no reaction to a signal.
    let count = signal == 0 ? Int(stream.next() % 3) : min(2, Int(stream.next() % 4))
    return (0..<count).map { _ in
      let next = Component(value: Int(stream.next() % UInt64(valueCount)))
      let consequences = (0..<Int(stream.next() % 3)).compactMap { _ in
        consequence(of: slot, after: signal, &stream)
      }
      return Outcome(
        becoming: next, consequences, tags: StepTags(rawValue: UInt8(stream.next() % 4)))
    }
  }

  private func consequence(
    of slot: Int, after signal: Int, _ stream: inout SeededStream
  ) -> Consequence<Int>? {
    let (kind, target) = (stream.next() % 6, stream.next())
    if kind == 0 { return .require(guard: 0) }
    guard signal < Self.signalCount else { return nil }
    let next = signal + 1 + Int(target >> 32) % (Self.signalCount - signal)
    if slot < 2, kind <= 2 { return .signal(next, to: kind == 1 ? slot : 1 - slot) }
    return .signal(next, to: 2 + Int(target & 0xFFFF) % (layout.count - 2))
  }

  private static func hash(_ seed: UInt64, _ numbers: [Int]) -> UInt64 {
    var hasher = StableHasher(seed: seed)
    for number in numbers { hasher.combine(number) }
    return hasher.finalize()
  }
}
