import ClusterSimulation
import InputText
import Reporting
import SimulationKernel
import Synchronization

/// What an enumeration of crash points has found out so far, kept in the report folder so that one
/// that was killed can go on from there.
///
///     crashproof enumeration 1
///     version 0.1.0
///     ...                          the other fields of the key
///     unit 17 pass 2 1 214 ...     a line for each finished unit: ``CrashPointUnitText``
///     end 2 5b0e1c0f5a0d9f43       how many units, and the stable hash of all that stands before
///
/// The file is replaced by one rename: first after 256 runs, then each time that as many runs have
/// been tried again, up to 4,096 or as many as the file has lines. So a short enumeration writes it
/// a few times, and a long one spends next to nothing on it however large it gets. When that is
/// depends on the number of jobs; what is enumerated and reported does not.
final class EnumerationProgress: Sendable {
  static let headline = "crashproof enumeration 1"
  private static let fewestRuns = 256
  private static let mostRuns = 4_096

  private struct State {
    var lines: [String]
    /// Runs tried, and how many of them when the file was written last.
    var runs = 0
    var writtenRuns = 0
    var isWriting = false
    var hasWritten = false
    var failure: String?
  }

  let key: EnumerationKey
  let file: UnfinishedWork
  /// What an earlier enumeration left.
  let known: CrashPointUnits
  private let state: Mutex<State>

  init(_ key: EnumerationKey, _ file: UnfinishedWork, known: CrashPointUnits = [:]) {
    self.key = key
    self.file = file
    self.known = known
    let lines = known.keys.sorted().map { unit in
      CrashPointUnitText.encode(unit, known[unit] ?? [])
    }
    state = Mutex(State(lines: lines, hasWritten: !known.isEmpty))
  }

  /// Why the file could not be written, if it could not.
  private var failure: String? { state.withLock { $0.failure } }

  /// Called on any thread.
  func add(_ unit: Int, _ tallies: [CrashPointTally]) {
    let line = CrashPointUnitText.encode(unit, tallies)
    let isDue = state.withLock { state in
      state.lines.append(line)
      state.runs += tallies.reduce(0) { $0 + $1.outcomes + $1.merged }
      let interval = max(
        state.lines.count, min(Self.mostRuns, max(Self.fewestRuns, state.writtenRuns)))
      guard !state.isWriting, state.failure == nil, state.runs - state.writtenRuns >= interval
      else { return false }
      state.isWriting = true
      state.writtenRuns = state.runs
      return true
    }
    if isDue { write() }
  }

  /// Writes down everything at the end of an enumeration that is to go on later, or whose call has
  /// not ended yet; one that was too short to be written so far is as soon done again.
  func close(wasCancelled: Bool) {
    let isWanted = state.withLock { wasCancelled || ($0.hasWritten && $0.runs > $0.writtenRuns) }
    if isWanted { write() }
  }

  /// What was kept has served its purpose when the report is published, unless the call was
  /// interrupted.
  func finish(wasInterrupted: Bool) {
    if let failure { Console.error("crashproof: \(failure)") }
    if !wasInterrupted { try? file.remove() }
  }

  private func write() {
    let lines = state.withLock { $0.lines }
    let failure: String?
    do throws(ReportFolderError) {
      try file.replace(by: Array(Self.text(key, lines).utf8))
      failure = nil
    } catch {
      failure = error.description
    }
    state.withLock { state in
      state.isWriting = false
      state.hasWritten = true
      state.failure = failure
    }
  }

  static func text(_ key: EnumerationKey, _ lines: [String]) -> String {
    var text = headline + "\n"
    for field in key.fields { text += "\(field.name) \(field.value)\n" }
    for line in lines { text += "unit \(line)\n" }
    return text + "end \(lines.count) \(checksum(text))\n"
  }

  private static func checksum(_ text: some StringProtocol) -> String {
    var hasher = StableHasher()
    hasher.combine(String(text))
    return DigestText.text(hasher.finalize())
  }
}

// MARK: - Going on

extension EnumerationProgress {
  /// What a file of an earlier enumeration holds.
  /// - Parameter counts: for each unit that is to be enumerated, how many tallies it has.
  /// - Throws: what is wrong with it, if it is damaged or about another enumeration.
  static func read(
    _ file: SourceFile, _ key: EnumerationKey, counts: [Int: Int]
  ) throws(Diagnostics) -> CrashPointUnits {
    var reader = Reader(file)
    let lines = try reader.intactLines()
    try reader.compare(lines.prefix(key.fields.count), with: key)
    return try reader.units(lines.dropFirst(key.fields.count), counts)
  }

  private struct Reader {
    private let text: String
    private var diagnostics: Diagnostics

    init(_ file: SourceFile) {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: file.scalars)
      self.text = String(text)
      diagnostics = Diagnostics(file: file)
    }

    /// The lines between the first and the last.
    mutating func intactLines() throws(Diagnostics) -> [Substring] {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.first.map(String.init) == EnumerationProgress.headline else {
        throw complaint("this is no progress of an enumeration that this version can read", line: 1)
      }
      // The text ends in a line feed, so an empty piece follows the last line.
      let end = lines.dropLast().last?.split(separator: " ") ?? []
      guard lines.last == "", end.count == 3, end[0] == "end" else {
        throw complaint("the file is damaged: its end is missing", line: lines.count)
      }
      let body = lines.dropLast(2)
      let checked = body.map { $0 + "\n" }.joined()
      guard end[2] == EnumerationProgress.checksum(checked),
        Int(end[1]) == body.count(where: { $0.hasPrefix("unit ") })
      else {
        throw complaint("the file is damaged: its checksum is another", line: lines.count - 1)
      }
      return Array(body.dropFirst())
    }

    mutating func compare(
      _ lines: ArraySlice<Substring>, with key: EnumerationKey
    ) throws(Diagnostics) {
      for (index, field) in key.fields.enumerated() {
        let prefix = field.name + " "
        guard index < lines.count, lines[index].hasPrefix(prefix) else {
          throw complaint("expected \"\(prefix)...\"", line: index + 2)
        }
        let was = String(lines[index].dropFirst(prefix.count))
        guard was != field.value else { continue }
        let reason = EnumerationKey.explanation(of: field.name, was: was, now: field.value)
        throw complaint("this is the progress of another enumeration: \(reason)", line: index + 2)
      }
    }

    mutating func units(
      _ lines: ArraySlice<Substring>, _ counts: [Int: Int]
    ) throws(Diagnostics) -> CrashPointUnits {
      var units: CrashPointUnits = [:]
      for (index, line) in zip(lines.indices, lines) {
        let place = index + 2
        guard line.hasPrefix("unit ") else { throw complaint("expected a unit", line: place) }
        let message: String
        do throws(StepTextError) {
          let found = try CrashPointUnitText.decode(String(line.dropFirst(5)))
          if counts[found.unit] == found.tallies.count,
            units.updateValue(found.tallies, forKey: found.unit) == nil
          {
            continue
          }
          message = "unit \(found.unit) has not so many crash points, or stands twice"
        } catch {
          message = error.message
        }
        throw complaint(message, line: place)
      }
      return units
    }

    private mutating func complaint(_ message: String, line: Int) -> Diagnostics {
      let start = SourcePosition(line: line, column: 1)
      diagnostics.error(
        message, at: SourceRange(start: start, end: start),
        help: "without --resume the enumeration starts again")
      return diagnostics
    }
  }
}
