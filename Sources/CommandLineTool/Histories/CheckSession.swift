import Dispatch
import HistoryFiles
import InputText
import LinearizabilityChecking
import Synchronization

/// The histories of one call, several at a time; what is said of them comes in their order.
struct CheckSession {
  let files: [String]
  let request: HistoryRequest
  let console: Console
  /// Configurations that the searches of one history may try.
  var limit = 100_000_000
  /// Histories at a time.
  var jobs = 1
  var isQuiet = false
  var printsJSON = false
  /// Where pictures of violations go; `nil` for nowhere.
  var pictures: PictureFiles?

  /// What became of one file.
  private enum Outcome: Sendable {
    case answer(HistoryAnswer)
    case unreadable(StreamDiagnostics)
    case missing(MissingFileError)
  }

  /// Outcomes by file, and how many of the first ones have been printed.
  private struct State {
    var outcomes: [Outcome?]
    var printed = 0
    var megabytes = 0
    var bytes = 0
    var found = 0
  }

  init(files: [String], request: HistoryRequest, console: Console) {
    self.files = files
    self.request = request
    self.console = console
  }

  /// Checks all files.
  /// - Returns: the exit code.
  func run() throws -> Int32 {
    let total = files.reduce(0) { $0 + ($1 == "-" ? 0 : HistoryInput.size($1)) }
    let line = ProgressLine(
      files.count == 1 ? files[0] : "\(files.count) files", unit: "MB", total: total >> 20, console)
    let state = Mutex(State(outcomes: Array(repeating: nil, count: files.count)))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(jobs, files.count)) { _ in
      var checker = HistoryChecker(limit: limit)
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < files.count else { break }
        let outcome = check(files[index], &checker) { count in
          state.withLock { note(count, of: total, &$0, line) }
        }
        state.withLock {
          $0.outcomes[index] = outcome
          line.clear()
          tellWhatIsNext(&$0)
        }
      }
    }
    let outcomes = state.withLock { $0.outcomes.compactMap { $0 } }
    line.clear()
    let code = finish(outcomes)
    try writePictures(outcomes)
    return code
  }

  private func check(
    _ file: String, _ checker: inout HistoryChecker, progress: @escaping (Int) -> Void
  ) -> Outcome {
    var request = request
    request.path = file
    do {
      let input = try HistoryInput(file, progress: progress)
      let history = try HistoryReader.read(request) { try input.read(into: $0) }
      return .answer(
        HistoryAnswer(
          file, history, checker.check(history), drawsPicture: pictures != nil))
    } catch let error as StreamDiagnostics {
      return .unreadable(error)
    } catch let error as MissingFileError {
      return .missing(error)
    } catch {
      return .missing(MissingFileError(path: file, reason: "\(error)"))
    }
  }

  // MARK: Output

  private func note(
    _ count: Int, of total: Int, _ state: inout State, _ line: ProgressLine
  ) {
    state.bytes += count
    guard state.bytes >> 20 > state.megabytes else { return }
    state.megabytes = state.bytes >> 20
    let found = state.found == 1 ? "1 violation" : "\(state.found) violations"
    line.draw(state.megabytes, of: total >> 20, found: found)
  }

  /// Prints what has become known in the order of the files.
  private func tellWhatIsNext(_ state: inout State) {
    while state.printed < state.outcomes.count, let outcome = state.outcomes[state.printed] {
      state.printed += 1
      switch outcome {
      case .answer(let answer):
        if answer.verdict == .violation { state.found += 1 }
        let isWanted = !isQuiet || answer.verdict != .linearizable
        if !printsJSON, isWanted {
          Console.print(answer.text(usesColor: console.usesColor, isQuiet: isQuiet))
        }
      case .unreadable(let diagnostics): Console.error(diagnostics.rendered)
      case .missing(let error): Console.error("crashproof: \(error.path): \(error.reason)")
      }
    }
  }

  /// - Throws: ``MissingFileError`` if a picture cannot be written.
  private func writePictures(_ outcomes: [Outcome]) throws {
    for outcome in outcomes {
      guard case .answer(let answer) = outcome, let picture = answer.picture else { continue }
      try pictures?.write(picture, of: answer.file)
    }
  }

  private func finish(_ outcomes: [Outcome]) -> Int32 {
    var answers: [HistoryAnswer] = []
    var unreadable: [String] = []
    var isMalformed = false
    for (index, outcome) in outcomes.enumerated() {
      switch outcome {
      case .answer(let answer): answers.append(answer)
      case .unreadable:
        unreadable.append(files[index])
        isMalformed = true
      case .missing: unreadable.append(files[index])
      }
    }
    if printsJSON {
      var members: [JSONTree.Member] = [.init("files", .array(answers.map(\.json)))]
      if !unreadable.isEmpty {
        members.append(.init("unreadable", .array(unreadable.map { .string($0) })))
      }
      Console.print(JSONWriter(style: .json).text(of: .object(members)))
    } else if outcomes.count > 1 {
      Console.print(summary(answers, unreadable.count))
    }
    if !unreadable.isEmpty { return isMalformed ? 65 : 66 }
    if answers.contains(where: { $0.verdict == .violation }) { return 1 }
    return answers.contains { $0.verdict == .undecided } ? 2 : 0
  }

  /// `3 histories: 1 linearizable, 1 violation, 1 undecided`.
  private func summary(_ answers: [HistoryAnswer], _ unreadable: Int) -> String {
    let counts: [(Int, String)] = [
      (answers.count { $0.verdict == .linearizable }, "linearizable"),
      (answers.count { $0.verdict == .violation }, "not linearizable"),
      (answers.count { $0.verdict == .undecided }, "undecided"),
      (unreadable, "unreadable"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(files.count) histories: " + parts.joined(separator: ", ")
  }
}
