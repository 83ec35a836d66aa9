/// The crash states of a program that an expectation rejects, each with how it comes about and an
/// fsync that prevents it.
public struct ProgramReview: Sendable {
  /// An fsync to insert.
  public struct Insertion: Hashable, Sendable {
    public let path: String
    /// The index of the call before which it goes; the number of calls for the end.
    public let before: Int

    public init(path: String, before: Int) {
      self.path = path
      self.before = before
    }
  }

  public struct Rejection: Sendable {
    public let state: ProgramState
    public let origin: StateOrigin
    /// One or two syncs with which the program was found never to leave this state; empty if there
    /// are none.
    public let remedy: [Insertion]
  }

  public let found: ProgramStates
  /// In the order of the states.
  public let rejections: [Rejection]

  /// - Parameter limit: as in ``ProgramStates``.
  /// - Returns: nil if the limit was met.
  /// - Throws: ``DiskProgramError`` if a call is refused.
  public init?(
    of program: DiskProgram, _ profile: PersistenceProfile, expecting expectation: StateExpectation,
    limit: Int = 1 << 18
  ) throws(DiskProgramError) {
    guard let found = try ProgramStates(of: program, profile, limit: limit) else { return nil }
    self.found = found
    let rejected = found.states.filter { !expectation.holds(in: $0) }
    guard !rejected.isEmpty else {
      rejections = []
      return
    }
    let graph = try ProgramGraph(program, profile)
    guard let losses = LossSearch(graph, callCount: program.calls.count, limit: limit) else {
      return nil
    }
    var remedies = RemedySearch(program, profile, limit: limit)
    rejections = rejected.compactMap { state in
      guard let origin = losses.origin(of: state) else { return nil }
      return Rejection(
        state: state, origin: origin, remedy: remedies.remedy(for: state, origin))
    }
  }
}

/// Tries syncs by running the program again with them.
struct RemedySearch {
  /// How many programs to try at most.
  static let largestAttemptCount = 3000

  private let program: DiskProgram
  private let profile: PersistenceProfile
  private let limit: Int
  private let insertions: [ProgramReview.Insertion]
  private var known: [[ProgramReview.Insertion]: Set<ProgramState>] = [:]

  init(_ program: DiskProgram, _ profile: PersistenceProfile, limit: Int) {
    self.program = program
    self.profile = profile
    self.limit = limit
    var insertions: [ProgramReview.Insertion] = []
    if var disk = try? program.start(profile) {
      for (index, call) in program.calls.enumerated() {
        guard (try? disk.carryOut(call)) != nil else { break }
        for path in disk.visible.paths {
          insertions.append(ProgramReview.Insertion(path: path, before: index + 1))
        }
      }
    }
    self.insertions = insertions
  }

  mutating func remedy(
    for state: ProgramState, _ origin: StateOrigin
  ) -> [ProgramReview.Insertion] {
    // Syncs after the call whose loss must not be seen; those just before the call that betrays it
    // are the plainest advice.
    let first = origin.reordered?.lost ?? origin.lost.last?.call ?? 0
    let kept = origin.reordered?.kept ?? first + 1
    let ordered = insertions.filter { $0.before > first }.sorted { left, right in
      (abs(left.before - kept), left.before) < (abs(right.before - kept), right.before)
    }
    for insertion in ordered where prevents([insertion], state) { return [insertion] }
    for one in insertions {
      for other in insertions where one.before <= other.before && one != other {
        if prevents([one, other], state) { return [one, other] }
      }
    }
    return []
  }

  private mutating func prevents(
    _ added: [ProgramReview.Insertion], _ state: ProgramState
  ) -> Bool {
    if let states = known[added] { return !states.contains(state) }
    guard known.count < Self.largestAttemptCount else { return false }
    var changed = program
    for insertion in added.reversed() {
      changed.calls.insert(.sync(insertion.path), at: insertion.before)
    }
    guard let found = try? ProgramStates(of: changed, profile, limit: limit) else { return false }
    known[added] = Set(found.states)
    return !found.states.contains(state)
  }
}

extension DiskImage {
  /// Every file and directory that can be reached, the root as `.`, sorted.
  var paths: [String] {
    var paths = ["."]
    func walk(_ directory: Int, _ prefix: String) {
      guard let contents = directories[directory] else { return }
      for (name, target) in zip(contents.names, contents.targets) {
        paths.append(prefix + name.text)
        if target.kind == .directory { walk(target.inode, prefix + name.text + "/") }
      }
    }
    walk(EntryTarget.root.inode, "")
    return paths
  }
}
