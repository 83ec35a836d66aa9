import ModelChecking

/// How far a search has come, on one line that is drawn over itself.
final class SearchLine: Sendable {
  private let isShown: Bool
  private let title: String
  private let start = ContinuousClock.now

  init(isShown: Bool, title: String) {
    self.isShown = isShown
    self.title = title
  }

  func update(_ progress: SearchProgress) {
    guard isShown else { return }
    let elapsed = max(0.001, seconds(start.duration(to: .now)))
    let rate = Int(Double(progress.states) / elapsed)
    let hits = Int(progress.hitRate * 10_000)
    let line =
      "\(progress.states) states, \(rate)/s, depth \(progress.depth), frontier "
      + "\(progress.frontier), \(progress.bytes >> 20) MB, hits \(hits / 100).\(hits % 100) %  "
      + title
    StandardStreams.write("\r\u{1B}[K\(line.prefix(99))", to: 2)
  }

  func clear() {
    if isShown { StandardStreams.write("\r\u{1B}[K", to: 2) }
  }
}
