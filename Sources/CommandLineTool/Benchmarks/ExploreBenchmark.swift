import ClusterSimulation
import ComparisonModels
import ModelChecking
import SimulationKernel

/// The exhaustive search: on the chain model that other engines have counted too, with every number
/// of crashes, and on real protocols in comparable bounds. Exact and by fingerprints, with one
/// thread and with several.
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
      let name = "chain model of 3, 2 clients, \(crashes) crash\(crashes == 1 ? "" : "es")"
      let isDone = measure(name, threads: threads, repeats: repeats, &figures) { options in
        let search = ModelSearch(ChainModel(crashes: crashes), options: options)
        let result = search.run { _ in !Interruption.hasHappened }
        guard case .exhausted = result.verdict else { return nil }
        return Found(result)
      }
      guard isDone else { return figures }
    }
    for bounds in ExploredCluster.all where crashes.contains(bounds.crashes) {
      let isDone = measure(bounds.name, threads: threads, repeats: repeats, &figures) { options in
        bounds.search(options).map { Found($0) }
      }
      guard isDone else { return figures }
    }
    return figures
  }

  /// What every run of a case must find, and what it took.
  struct Found {
    var states: Int
    var transitions: Int
    var levels: [Int]
    var digest: UInt64
    var use: SearchFigures

    init(_ result: SearchResult<ChainModel>) {
      (states, transitions, levels) = (result.states, result.transitions, result.levels)
      (digest, use) = (result.digest, result.figures)
    }

    init(_ report: ExploreReport) {
      (states, transitions, levels) = (report.states, report.transitions, report.levels)
      (digest, use) = (report.digest, report.figures)
    }

    func agrees(with other: Found) -> Bool {
      states == other.states && transitions == other.transitions && levels == other.levels
        && digest == other.digest
    }
  }

  /// Measures a case with one thread and with several, exact and by fingerprints.
  /// - Returns: false if the user does not want to go on.
  private static func measure(
    _ name: String, threads: Int, repeats: Int, _ figures: inout [BenchmarkFigure],
    _ search: (SearchOptions) -> Found?
  ) -> Bool {
    var first: Found?
    for threads in threads == 1 ? [1] : [1, threads] {
      for storage in SearchOptions.Storage.allCases {
        var options = SearchOptions()
        options.usesSymmetry = false
        options.threads = threads
        options.storage = storage
        let title = "\(name), \(storage.rawValue), \(threads) thread\(threads == 1 ? "" : "s")"
        guard let (figure, found) = fastest(title, repeats, { search(options) }) else {
          return false
        }
        let known = first ?? found
        first = known
        require(known.agrees(with: found), "\(title) has another result than the case before")
        figures.append(figure)
      }
    }
    return true
  }

  /// - Returns: the fastest run; `nil` if the user does not want to go on.
  private static func fastest(
    _ name: String, _ repeats: Int, _ search: () -> Found?
  ) -> (BenchmarkFigure, Found)? {
    var best: (figure: BenchmarkFigure, found: Found)?
    for _ in 0..<repeats {
      ResourceUse.forgetPeak()
      let before = ResourceUse.now.peakMegabytes
      let meter = ResourceMeter()
      guard let found = search() else { return nil }
      var figure = BenchmarkFigure(benchmark: "explore", name: name)
      meter.fill(&figure)
      figure.counts = [
        .init(name: "states", value: found.states),
        .init(name: "transitions", value: found.transitions),
        .init(name: "depth", value: found.levels.count),
      ]
      let bytes = (figure.peakMegabytes - before) * 1_048_576 / Double(found.states)
      // What a search needs anyway is not worth dividing by a few states.
      if found.states > 1_000_000 {
        figure.counts.append(.init(name: "bytesPerState", value: Int(bytes.rounded(.up))))
      }
      figure.remark =
        "\(BenchmarkFigure.rounded(figure.wallSeconds)) s, \(found.use.systemCalls) of "
        + "\(found.use.lookUps) reactions asked for, \(found.use.components) components"
      if figure.cpuSeconds < best?.figure.cpuSeconds ?? .infinity { best = (figure, found) }
    }
    return best
  }
}
