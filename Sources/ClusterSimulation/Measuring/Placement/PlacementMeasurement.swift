import SimulationKernel

/// What a ``PlacementPlan`` comes to.
///
/// While `c` servers hold the only replica of some volume, unavailability comes at the rate `c` /
/// MTBF. The integral of that rate up to the unavailability is 1 on average (it is the compensator
/// of a counting process), so the mean time is the quotient of time and integral, which is known
/// long before many volumes have become unavailable. The plain mean of the times that have been
/// seen is given too: both must agree.
public struct PlacementMeasurement: Hashable, Sendable {
  /// A mean and its standard error, in days.
  public struct Estimate: Hashable, Sendable {
    public var days: Double
    /// Of one sample alone, as large as the mean.
    public var standardError: Double

    public var relativeError: Double { days > 0 ? standardError / days : 0 }
  }

  /// The mean time between unavailability; `nil` if no volume was ever down to one replica.
  public var mean: Estimate?
  /// The mean of the times until a volume was unavailable; `nil` if none was.
  public var seen: Estimate?
  /// How often a volume was unavailable.
  public var unavailabilities = 0
  public var failures = 0
  /// Failures and copies.
  public var events = 0
  /// Whether the wanted error was reached, rather than the limit of events.
  public var isDecided = false
}

extension PlacementPlan {
  public func measure() -> PlacementMeasurement {
    var run = PlacementRun(self)
    return run.measure()
  }
}

/// One long simulation that starts afresh after each unavailability, cut into batches of events.
private struct PlacementRun {
  /// Days, and the integral of the rate over them.
  struct Batch {
    var days = 0.0
    var expected = 0.0

    static func + (one: Batch, other: Batch) -> Batch {
      Batch(days: one.days + other.days, expected: one.expected + other.expected)
    }
  }

  let plan: PlacementPlan
  private var stream: SeededStream
  private var system: PlacementSystem
  private var batches: [Batch] = []
  private var result = PlacementMeasurement()
  /// Of the times until a volume was unavailable, in days: their sum, and that of their squares.
  private var seenSum = 0.0
  private var seenSquares = 0.0

  /// A standard error from fewer batches says little. At twice as many, two at a time become one.
  private static let fewestBatches = 20
  /// Unavailabilities in a batch: enough of them say enough, and starting afresh is slow.
  private static let fullBatch = 50

  init(_ plan: PlacementPlan) {
    self.plan = plan
    stream = SeededStream(seed: plan.seed, name: "placement")
    system = PlacementSystem(plan, &stream)
  }

  mutating func measure() -> PlacementMeasurement {
    var batchSize = 2_000
    var hasTime = true
    while hasTime, result.events < plan.eventLimit, !isExact {
      hasTime = simulateBatch(of: min(batchSize, plan.eventLimit - result.events))
      guard batches.count == 2 * Self.fewestBatches else { continue }
      batches = stride(from: 0, to: batches.count, by: 2).map { batches[$0] + batches[$0 + 1] }
      batchSize *= 2
    }
    result.mean = mean
    result.isDecided = isExact
    let count = Double(result.unavailabilities)
    if count > 0 {
      let days = seenSum / count
      let variance = max(0, seenSquares / count - days * days)
      let error = count > 1 ? (variance / (count - 1)).squareRoot() : days
      result.seen = .init(days: days, standardError: error)
    }
    return result
  }

  /// - Returns: false if virtual time has run out.
  private mutating func simulateBatch(of size: Int) -> Bool {
    let end = result.events + size
    let day = 86_400e9
    let rate = day / Double(plan.meanTimeBetweenFailures.nanoseconds)
    var batch = Batch()
    defer { batches.append(batch) }
    let full = result.unavailabilities + Self.fullBatch
    while result.events < end, result.unavailabilities < full {
      let start = system.time
      let critical = Double(system.criticalServers)
      let step = system.step(&stream)
      let days = Double((system.time - start).nanoseconds) / day
      batch.days += days
      batch.expected += days * critical * rate
      result.events += 1
      switch step {
      case .copied: break
      case .failed: result.failures += 1
      case .unavailable:
        result.failures += 1
        result.unavailabilities += 1
        let seen = Double((system.time - .start).nanoseconds) / day
        seenSum += seen
        seenSquares += seen * seen
        system = PlacementSystem(plan, &stream)
      case .timedOut: return false
      }
    }
    return true
  }

  private var isExact: Bool {
    guard batches.count(where: { $0.expected > 0 }) >= Self.fewestBatches, let mean else {
      return false
    }
    return mean.relativeError <= plan.relativeError
  }

  /// The quotient of sums, with the error that its linear approximation has.
  private var mean: PlacementMeasurement.Estimate? {
    let expected = batches.reduce(0) { $0 + $1.expected }
    guard expected > 0 else { return nil }
    let days = batches.reduce(0) { $0 + $1.days } / expected
    guard batches.count > 1 else { return .init(days: days, standardError: days) }
    let squares = batches.reduce(0.0) { sum, batch in
      let rest = batch.days - days * batch.expected
      return sum + rest * rest
    }
    let count = Double(batches.count)
    let error = (squares * count / (count - 1)).squareRoot() / expected
    return .init(days: days, standardError: error)
  }
}
