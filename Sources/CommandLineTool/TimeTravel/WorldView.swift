import ClusterSimulation

/// How the parts of the world look after some steps of a story that tells states.
struct WorldView {
  private var texts: [[String: String]]
  private let story: RunStory

  /// - Parameter steps: how many steps are done, 0 to all of them.
  init(_ story: RunStory, after steps: Int) {
    self.story = story
    texts = story.parts.map { _ in [:] }
    for line in story.initial { texts[line.part][line.path] = line.text }
    for step in story.steps.prefix(steps) {
      for line in step.changes { texts[line.part][line.path] = line.text }
    }
  }

  /// Lines of a part in the order of their paths, numbers by value; `nil` if there is no such part.
  func lines(of part: String) -> [(path: String, text: String)]? {
    guard let index = story.parts.firstIndex(of: part) else { return nil }
    return texts[index].sorted { Self.precedes($0.key, $1.key) }
      .map { (path: $0.key, text: $0.value) }
  }

  /// Lines that are different in another view, with both texts.
  func differences(
    to other: WorldView
  ) -> [(part: String, path: String, before: String?, after: String?)] {
    var differences: [(part: String, path: String, before: String?, after: String?)] = []
    for (index, part) in story.parts.enumerated() {
      let paths = Set(texts[index].keys).union(other.texts[index].keys)
      for path in paths.sorted(by: Self.precedes) {
        let (before, after) = (texts[index][path], other.texts[index][path])
        if before != after { differences.append((part, path, before, after)) }
      }
    }
    return differences
  }

  /// `a[2]` comes before `a[10]`.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let (left, right) = (pieces(left), pieces(right))
    for (one, other) in zip(left, right) where one != other {
      if let one = Int(one), let other = Int(other), one != other { return one < other }
      return one.utf8.lexicographicallyPrecedes(other.utf8)
    }
    return left.count < right.count
  }

  /// Runs of digits and of everything else.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var wasDigit: Bool?
    for character in text {
      let isDigit = character.isASCII && character.isNumber
      if isDigit == wasDigit {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
      wasDigit = isDigit
    }
    return pieces
  }
}
