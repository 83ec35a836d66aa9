import ComparisonModels
import Foundation
import ModelChecking
import SimulationKernel

/// The exhaustive search on the chain model that other engines have counted too: every number of
/// crashes, one thread and several, exact storage and fingerprints.
enum ExploreBenchmark {
  /// - Parameters:
  ///   - crashes: the numbers of crashes.
  ///   - threads: of the cases beside those with one thread.
  ///   - repeats: how often each case is run; the fastest counts.
  static func figures(
    crashes: ClosedRange<Int>, threads: Int, repeats: Int
  ) throws -> [BenchmarkFigure] {
    var figures: [BenchmarkFigure] = []
    for crashes in crashes {
      var first: SearchResult<ChainModel>?
      for threads in threads == 1 ? [1] : [1, threads] {
        for storage in SearchOptions.Storage.allCases {
          var options = SearchOptions()
          options.usesSymmetry = false
          options.threads = threads
          options.storage = storage
          let search = ModelSearch(ChainModel(crashes: crashes), options: options)
          guard let (figure, result) = measured(search, repeats: repeats) else { return figures }
          let known = first ?? result
          first = known
          require(
            known.states == result.states && known.transitions == result.transitions
              && known.levels == result.levels && known.digest == result.digest,
            "\(figure.name) has another result than the case before")
          figures.append(figure)
        }
      }
    }
    return figures
  }

  /// - Returns: the fastest run; `nil` if the user does not want to go on.
  private static func measured(
    _ search: ModelSearch<ChainModel>, repeats: Int
  ) -> (BenchmarkFigure, SearchResult<ChainModel>)? {
    var best: (figure: BenchmarkFigure, result: SearchResult<ChainModel>)?
    for _ in 0..<repeats {
      ResourceUse.forgetPeak()
      let before = ResourceUse.now.peakMegabytes
      let meter = ResourceMeter()
      let result = search.run { _ in !Interruption.hasHappened }
      guard case .exhausted = result.verdict else { return nil }
      var figure = BenchmarkFigure(benchmark: "explore", name: name(of: search))
      meter.fill(&figure)
      figure.counts = [
        .init(name: "states", value: result.states),
        .init(name: "transitions", value: result.transitions),
        .init(name: "depth", value: result.depth),
      ]
      let bytes = (figure.peakMegabytes - before) * 1_048_576 / Double(result.states)
      // What a search needs anyway is not worth dividing by a few states.
      if result.states > 1_000_000 {
        figure.counts.append(.init(name: "bytesPerState", value: Int(bytes.rounded(.up))))
      }
      figure.remark =
        "\(BenchmarkFigure.rounded(figure.wallSeconds)) s, \(result.figures.systemCalls) of "
        + "\(result.figures.lookUps) reactions asked for"
      if figure.cpuSeconds < best?.figure.cpuSeconds ?? .infinity { best = (figure, result) }
    }
    return best
  }

  private static func name(of search: ModelSearch<ChainModel>) -> String {
    let crashes = search.system.crashes
    let threads = search.options.threads
    return "chain of 3, 2 clients, \(crashes) crash\(crashes == 1 ? "" : "es"), "
      + "\(search.options.storage.rawValue), \(threads) thread\(threads == 1 ? "" : "s")"
  }
}
