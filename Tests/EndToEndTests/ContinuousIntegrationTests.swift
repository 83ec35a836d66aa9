import Foundation
import Testing

@Suite("Annotations and job summaries")
struct ContinuousIntegrationTests {
  private let github = ["GITHUB_ACTIONS": "true"]

  private func folderWithFailures() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("a.json5", Example.passing)
    try folder.write("sub/b.json5", Example.failing)
    try folder.write("c.json5", Example.undecided)
    return folder
  }

  private func commands(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("::") }
  }

  @Test("what did not end as expected is annotated at its line")
  func annotations() throws {
    let folder = try folderWithFailures()
    let words = ["run", "a.json5", "sub/b.json5", "c.json5"]
    let outcome = try Tool.run(words, in: folder, environment: github)
    #expect(outcome.code == 1)
    let found = commands(outcome.out)
    #expect(found.count == 2)
    #expect(
      found[0].hasPrefix(
        "::error file=sub/b.json5,line=1,title=sub/b.json5%3A violation of split-brain in seed 1 "))
    #expect(found[0].contains("%0Areplay: crashproof replay Reports/failures/b-1.json"))
    #expect(
      found[1].hasPrefix("::warning file=c.json5,line=1,title=c.json5%3A undecided in seed 1::"))
    #expect(try commands(Tool.run(words, in: folder).out) == [])
  }

  @Test("a case is annotated at the line of its expectation, paths start at the top")
  func caseOfAFile() throws {
    let folder = try TestFolder()
    try folder.write(
      "top/S/cases.json5",
      """
      {
        protocol: "chain", clients: { count: 3 }, run: { seeds: 40 },
        cases: [
          { case: "fine" },
          { case: "any, server: answers",
            variant: "CR-06" },
          {
            case: "never caught",
            expect: { violation: "durability" },
          },
        ],
      }
      """)
    let environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": folder.path,
    ]
    let outside = try Tool.run(
      ["run", folder.path + "/top/S", "--report", folder.path + "/R"], in: folder,
      environment: environment)
    let found = commands(outside.out)
    #expect(found.count == 2)
    #expect(found[0].hasPrefix("::error file=top/S/cases.json5,line=5,title="))
    #expect(found[0].contains("#any%2C server%3A answers%3A violation of "))
    #expect(found[1].hasPrefix("::error file=top/S/cases.json5,line=9,title="))
    #expect(found[1].contains("::expected: a violation of durability"))
  }

  @Test("with --json the annotations stand on stderr")
  func json() throws {
    let folder = try folderWithFailures()
    let outcome = try Tool.run(["run", "sub", "--json"], in: folder, environment: github)
    #expect(commands(outcome.err).count == 1)
    let scenarios = try object(outcome.out)["scenarios"] as? [[String: Any]]
    let place = scenarios?.first?["place"] as? [String: Any]
    #expect(place?["file"] as? String == "sub/b.json5")
    #expect(place?["line"] as? Int == 1)
  }

  @Test("the report is appended to the job's summary")
  func summary() throws {
    let folder = try folderWithFailures()
    try folder.write("summary.md", "before\n")
    let environment = ["GITHUB_STEP_SUMMARY": folder.path + "/summary.md"]
    let outcome = try Tool.run(["run", "a.json5"], in: folder, environment: environment)
    #expect(outcome.code == 0)
    #expect(outcome.err.isEmpty)
    #expect(try folder.read("summary.md") == "before\n" + folder.read("Reports/report.md"))
    // What is there already takes room; more than that does not fit.
    try folder.write("summary.md", Array(repeating: UInt8(ascii: "x"), count: (1 << 20) - 600))
    #expect(try Tool.run(["run", "a.json5"], in: folder, environment: environment).code == 0)
    let full = try folder.read("summary.md")
    #expect(full.utf8.count <= 1 << 20)
    #expect(full.contains("# CrashProof: all as expected\n"))
    #expect(full.hasSuffix("report.md of the report folder.\n"))
  }

  @Test("a summary that cannot be written is a warning", arguments: ["", "none/x", "/dev/full"])
  func unwritable(name: String) throws {
    let folder = try folderWithFailures()
    let path = name.hasPrefix("/") ? name : folder.path + "/" + name
    let outcome = try Tool.run(
      ["run", "a.json5"], in: folder, environment: ["GITHUB_STEP_SUMMARY": path])
    #expect(outcome.code == 0)
    #expect(outcome.err.hasPrefix("crashproof: warning: no job summary: cannot write to \(path): "))
    #expect(outcome.err.split(separator: "\n").count == 1)
  }

  @Test("merging appends the merged report and annotates nothing a second time")
  func merge() throws {
    let folder = try folderWithFailures()
    _ = try Tool.run(["run", "sub", "--report", "R"], in: folder)
    let environment = [
      "GITHUB_STEP_SUMMARY": folder.path + "/summary.md", "GITHUB_ACTIONS": "true",
    ]
    let outcome = try Tool.run(
      ["report", "merge", "R", "--report", "M"], in: folder, environment: environment)
    #expect(outcome.code == 1)
    #expect(commands(outcome.out) == [])
    #expect(try folder.read("summary.md") == folder.read("M/report.md"))
  }
}
