import Dispatch
import HistoryFiles
import LinearizabilityChecking
import Synchronization

/// `crashproof benchmark check --verify`: theories, hints, search and monitors against brute force,
/// on drawn small histories of every object. See ``VerdictAgreement``.
struct VerdictCampaign {
  let console: Console
  var models = ObjectModel.allCases
  /// Of each object.
  var histories = 1_000_000
  var firstSeed = 1
  var jobs = 1
  var printsJSON = false

  /// Seeds that one thread takes at a time.
  private static let batch = 256

  init(console: Console) {
    self.console = console
  }

  /// Compares and prints.
  /// - Returns: the exit code: 1 after a disagreement, 2 if an interruption left something out.
  func run() -> Int32 {
    var code: Int32 = 0
    for model in models {
      let line = ProgressLine(model.rawValue, unit: "histories", total: histories, console)
      var figure = BenchmarkFigure(benchmark: "check", name: "verify \(model.rawValue)")
      let meter = ResourceMeter()
      let (tally, disagreement) = compare(model, line)
      meter.fill(&figure)
      line.clear()
      figure.counts = Self.counts(tally)
      if let disagreement {
        figure.remark = "DIFFERENT with seed \(disagreement.seed): \(disagreement.sentence)"
        code = 1
      }
      Console.print(printsJSON ? figure.json : figure.text)
      if let disagreement {
        let text = HistoryWriter.text(of: disagreement.history)
        if printsJSON { Console.error(text) } else { Console.print(text) }
      }
      if Interruption.hasHappened { break }
    }
    return code == 0 && Interruption.hasHappened ? 2 : code
  }

  /// - Returns: what was compared, and of the disagreements the one with the lowest seed that was
  ///   met. The first one ends the comparison.
  private func compare(
    _ model: ObjectModel, _ line: ProgressLine
  ) -> (VerdictAgreement.Tally, VerdictAgreement.Disagreement?) {
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
    let result = Mutex<(VerdictAgreement.Tally, VerdictAgreement.Disagreement?)>(
      (VerdictAgreement.Tally(), nil))
    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      var agreement = VerdictAgreement(model)
      while !Interruption.hasHappened, !isOver.load(ordering: .relaxed) {
        let start = next.add(Self.batch, ordering: .relaxed).oldValue
        guard start < histories else { break }
        let end = min(histories, start + Self.batch)
        for number in start..<end {
          let seed = UInt64(firstSeed + number)
          guard let found = agreement.compare(seed: seed) else { continue }
          isOver.store(true, ordering: .relaxed)
          result.withLock {
            if $0.1.map({ seed < $0.seed }) ?? true { $0.1 = found }
          }
          break
        }
        let count = done.add(end - start, ordering: .relaxed).newValue
        if count / Self.batch % 16 == 0 { line.update(count, found: "agreeing") }
      }
      result.withLock { $0.0.add(agreement.tally) }
    }
    return result.withLock { $0 }
  }

  private static func counts(_ tally: VerdictAgreement.Tally) -> [BenchmarkFigure.Count] {
    [
      .init(name: "histories", value: tally.histories),
      .init(name: "linearizable", value: tally.linearizable),
      .init(name: "withUnknown", value: tally.withUnknown),
      .init(name: "withFailed", value: tally.withFailed),
      .init(name: "withDuplicates", value: tally.withDuplicates),
      .init(name: "byTheory", value: tally.byTheory),
      .init(name: "bySearch", value: tally.bySearch),
    ]
  }
}
