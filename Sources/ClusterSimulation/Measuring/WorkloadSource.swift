import LinearizabilityChecking
import SimulationKernel

/// Operations without end, drawn from the mix of a workload.
@usableFromInline
struct WorkloadSource: Sendable {
  private let workload: Workload
  private let volumeCount: Int
  private let updaterCount: Int?
  @usableFromInline var stream: SeededStream
  /// By client: operations drawn so far.
  private var drawn: [Int]

  init(_ plan: MeasurePlan, seed: UInt64) {
    workload = plan.workload
    volumeCount = max(1, plan.volumeCount)
    updaterCount = plan.updaterCount
    stream = SeededStream(seed: seed, name: "workload")
    drawn = Array(repeating: 0, count: plan.workload.clientCount)
  }

  /// The client's next operation, and the volume that it goes to.
  @usableFromInline
  mutating func next(client: Int) -> (volume: Int, operation: Operation) {
    let number = drawn[client]
    drawn[client] += 1
    let volume = volumeCount == 1 ? 0 : stream.below(volumeCount)
    let operation = workload.draw(
      client: client, number: number, as: role(of: client), &stream)
    return (volume, operation)
  }

  private func role(of client: Int) -> Workload.ClientRole {
    guard let updaterCount else { return .mixed }
    return client >= workload.clientCount - updaterCount ? .updater : .reader
  }

  @usableFromInline
  mutating func pause() -> VirtualDuration { workload.think.draw(&stream) }
}
