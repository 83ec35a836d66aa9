import DiskSimulation
import InputText
import SimulationKernel

/// `crashproof disk`: what a crash may leave of a list of file operations.
enum DiskCommand {
  static let command = Command(
    name: "disk", operands: "PROGRAM",
    summary: "all crash states of a list of file operations under a persistence profile",
    discussion: """
      A program is a call a line; sizes and offsets are multiples of 4096:
        file f 2 o            before the program: f exists, durable, two blocks of `o`
        creat tmp             also: mkdir NAME, unlink NAME, link OLD NEW, truncate NAME SIZE
        write tmp 0 8192 n    NAME OFFSET LENGTH CHARACTER
        fsync tmp             fsync . is the root directory
        rename tmp f
        print                 something the outside world has seen
      A state shows a character a block: 0 zeros, ? garbage. `d/` is an empty directory.

      --expect says what is right, for example "f=oo|nn; printed -> f=nn": clauses between `;` that
      must all hold; terms between `,`; an arrow after a condition. A term is `printed`, a NAME that
      is there, or NAME=CONTENTS|CONTENTS; `!` negates it. Other states are marked x and explained by
      the fewest micro-operations that a crash must lose, and by an fsync that was tried and helps.

      Exit code 0: no state is rejected; 1: some are; 2: more states than the limit, undecided.
      """,
    options: [
      CommandOption(
        "profile", .named("NAME"),
        "persistence profile (default: \(PersistenceProfile.standard.name))"),
      CommandOption("expect", .named("CLAIM"), "reject the states of which it does not hold"),
      CommandOption("limit", .named("N"), "intermediate states to hold at most (default: 262144)"),
      CommandOption("json", "one JSON document on stdout"),
    ], run: run)

  @Sendable
  static func run(_ arguments: ParsedArguments) throws -> Int32 {
    guard arguments.operands.count == 1, let path = arguments.operands.first else {
      throw UsageError("disk needs one program", command: "disk")
    }
    let profile = try profile(arguments.text("profile"))
    let limit = try arguments.integer("limit", in: 1...Int.max) ?? 1 << 18
    var expectation: StateExpectation?
    if let text = arguments.text("expect") {
      do throws(StateExpectation.SyntaxError) {
        expectation = try StateExpectation(text)
      } catch {
        throw UsageError("--expect: \(error.message)", command: "disk")
      }
    }
    let file = try InputFiles.source(path)
    let loaded = try DiskProgramReader.read(file)
    let answer: DiskAnswer?
    do throws(DiskProgramError) {
      answer = try self.answer(loaded, profile, expectation, limit: limit)
    } catch {
      throw DiskProgramReader.diagnostics(error, loaded, file)
    }
    guard let answer else {
      Console.error("undecided: more than \(limit) intermediate states; --limit raises this")
      return 2
    }
    Console.print(arguments.has("json") ? answer.json : answer.text)
    return answer.exitCode
  }

  private static func answer(
    _ loaded: LoadedDiskProgram, _ profile: PersistenceProfile, _ expectation: StateExpectation?,
    limit: Int
  ) throws(DiskProgramError) -> DiskAnswer? {
    guard let expectation else {
      guard let found = try ProgramStates(of: loaded.program, profile, limit: limit) else {
        return nil
      }
      return DiskAnswer(loaded: loaded, profile: profile, found: found, rejections: nil)
    }
    let review = try ProgramReview(
      of: loaded.program, profile, expecting: expectation, limit: limit)
    guard let review else { return nil }
    return DiskAnswer(
      loaded: loaded, profile: profile, found: review.found, rejections: review.rejections)
  }

  private static func profile(_ name: String?) throws -> PersistenceProfile {
    guard let name else { return .standard }
    if let profile = PersistenceProfile.named(name) { return profile }
    let known = PersistenceProfile.known.map(\.name)
    var message = "unknown disk profile \(quoted(name)); known: \(known.joined(separator: ", "))"
    if let near = NearMiss.closest(to: name, among: known) { message += "; did you mean \(near)?" }
    throw UsageError(message, command: "disk")
  }
}
