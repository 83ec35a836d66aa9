import LinearizabilityChecking
import SimulationKernel

@testable import ClusterSimulation

/// The same steps in three worlds: one, a copy of it that is made before every step, and one that
/// was built by itself at other addresses. What depends on anything but its inputs (on the order
/// of an unordered collection, on where it lies, on state that copies share) comes out different.
struct ParallelWorlds<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  private var first: Cluster<Subject>
  private var second: Cluster<Subject>
  /// Takes the addresses that the first world has just given back.
  private var ballast: [[UInt8]] = []

  init(_ setting: ClusterSetting<Subject>) {
    func world() -> Cluster<Subject> {
      Cluster(setting, choices: Choices(stream: SeededStream(seed: 0, name: "replay")))
    }
    first = world()
    ballast = Self.ballast(salt: 1)
    second = world()
  }

  /// What one step came to.
  private struct Trace: Equatable {
    var isPossible: Bool
    var fingerprint: UInt64
    var digest: UInt64
    var effects: [String]
    var choices: [UInt32]
    var violation: Violation?
  }

  /// - Returns: the first step that did not come to the same everywhere; `nil` if all did.
  mutating func firstDifference(_ steps: [RecordedStep]) -> String? {
    for (index, step) in steps.enumerated() {
      let text = first.text(step.action)
      var copy = first
      let traces = [
        Self.apply(step, &first), Self.apply(step, &copy),
        withExtendedLifetime(Self.ballast(salt: index)) { Self.apply(step, &second) },
      ]
      if !traces[0].isPossible { return "step \(index + 1), \(text): not possible" }
      for (number, trace) in traces.enumerated() where trace != traces[0] {
        return "step \(index + 1), \(text): world \(number) did\n\(trace)\nnot\n\(traces[0])"
      }
    }
    return nil
  }

  mutating func fingerprint(after steps: [RecordedStep]) -> UInt64 {
    for step in steps { _ = Self.perform(step, &first) }
    return first.fingerprint
  }

  private static func perform(_ step: RecordedStep, _ world: inout Cluster<Subject>) -> Bool {
    world.offerChoices(step.choices)
    let crash = step.crash.map { CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount)) }
    return world.apply(step.action, at: step.time, crash: crash)
  }

  private static func apply(_ step: RecordedStep, _ world: inout Cluster<Subject>) -> Trace {
    let isPossible = perform(step, &world)
    let ranHandler = step.action.node != nil
    return Trace(
      isPossible: isPossible && !world.choicesDiverged && world.report.crash == step.crash,
      fingerprint: world.fingerprint, digest: world.traceDigest,
      effects: ranHandler ? world.host.effects.map(text) : [], choices: world.lastChoices,
      violation: world.violation)
  }

  /// Messages by their fingerprints: the description of an unordered collection has no order.
  private static func text(_ effect: Effect<Subject.Message>) -> String {
    switch effect {
    case .send(let message, let peer): "\(message.summary) \(message.fingerprint) to \(peer)"
    default: "\(effect)"
    }
  }

  private static func ballast(salt: Int) -> [[UInt8]] {
    (0..<48).map { [UInt8](repeating: 0, count: 16 * (1 + ($0 * 7 + salt) % 61)) }
  }
}
