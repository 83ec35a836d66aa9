/// Words that a user may have meant.
public enum NearMiss {
  /// The word of `candidates` closest to `word`, if it is close enough to be a slip of the pen: at
  /// most a third of its characters differ. Equally close words: the first of the list.
  public static func closest(to word: String, among candidates: [String]) -> String? {
    // A longer word is no slip, and the comparison costs the product of both lengths.
    let length = word.unicodeScalars.count
    guard length > 0, length <= 64 else { return nil }
    let allowed = max(1, length / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let distance = editDistance(word.lowercased(), candidate.lowercased())
      guard distance <= allowed, distance < candidate.unicodeScalars.count else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.word
  }

  /// `did you mean "chain"?`, or nil when no candidate is close.
  public static func help(for word: String, among candidates: [String]) -> String? {
    closest(to: word, among: candidates).map { "did you mean \"\($0)\"?" }
  }

  /// The least number of insertions, deletions, substitutions and swaps of neighbours that turn
  /// one word into the other (Damerau-Levenshtein, each substring edited once).
  static func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars)
    let right = Array(right.unicodeScalars)
    var twoBack = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    var current = previous
    for row in stride(from: 1, through: left.count, by: 1) {
      current[0] = row
      for column in stride(from: 1, through: right.count, by: 1) {
        let substitution = left[row - 1] == right[column - 1] ? 0 : 1
        var cost = min(previous[column] + 1, current[column - 1] + 1)
        cost = min(cost, previous[column - 1] + substitution)
        let isSwap =
          row > 1 && column > 1 && left[row - 1] == right[column - 2]
          && left[row - 2] == right[column - 1]
        if isSwap { cost = min(cost, twoBack[column - 2] + 1) }
        current[column] = cost
      }
      (twoBack, previous, current) = (previous, current, twoBack)
    }
    return previous[right.count]
  }
}
