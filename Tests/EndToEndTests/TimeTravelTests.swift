import Foundation
import Testing

@Suite("walking through a failure, and drawing it")
struct TimeTravelTests {
  /// A folder with a recorded failure, `f.json`: the shortest one there is.
  private func recorded() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("short.json5", Self.scenario)
    #expect(try Tool.run("run", "short.json5", in: folder).code == 0)
    try folder.write("f.json", try folder.read("Reports/failures/short-1.json"))
    return folder
  }

  /// The head answers and dies before it forwards.
  static let scenario = """
    { title: "Short", protocol: "chain", variant: "CR-05", servers: 2, clients: { count: 1 },
      script: [{ client: 1, put: "a", value: "1" }, { client: 1, get: "a" }],
      check: ["linearizability"], expect: { violation: "linearizability" },
      run: { mode: "explore", crashes: 1, retries: 1 } }
    """

  @Test("a walk by commands: the same text every time")
  func walk() throws {
    let folder = try recorded()
    try folder.write(
      "walk.txt",
      """
      list
      next 4          # what is walked over is told
      node s1
      channel c1 s1
      channel
      crash
      change s2
      diff 4 9
      node s9
      disk s1
      back 2
      go 0
      end
      next
      quit
      help            # never read

      """)
    let outcome = try Tool.run("replay", "f.json", "--commands", "walk.txt", in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.err.isEmpty)
    try expectSnapshot(outcome.out, "walk.txt")
    #expect(outcome.out.split(separator: "\n").allSatisfy { $0.count <= 160 })
  }

  @Test("a wrong command is an error with its place, before anything is told")
  func wrongCommand() throws {
    let folder = try recorded()
    try folder.write("walk.txt", "next\nnod s1 s2\n")
    let outcome = try Tool.run("replay", "f.json", "--commands", "walk.txt", in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.contains("walk.txt:2:1: error: node takes no \"s2\""))
    #expect(try Tool.run("replay", "f.json", "--commands", "none.txt", in: folder).code == 66)
  }

  @Test("diagrams in three forms; the run leaves one beside each failure file")
  func diagrams() throws {
    let folder = try recorded()
    for name in ["d.svg", "d.mmd", "d.txt"] {
      #expect(try Tool.run("replay", "f.json", "--diagram", name, in: folder).code == 0)
    }
    try expectSnapshot(try folder.read("d.svg"), "diagram.svg")
    try expectSnapshot(try folder.read("d.mmd"), "diagram.mmd")
    try expectSnapshot(try folder.read("d.txt"), "diagram.txt")
    let printed = try Tool.run("replay", "f.json", "--diagram", "-", in: folder).out
    #expect(printed.hasPrefix(try folder.read("d.txt")))
    #expect(try folder.read("Reports/failures/short-1.svg") == folder.read("d.svg"))
    #expect(try Tool.run("replay", "f.json", "--diagram", "no/d.svg", in: folder).code == 66)
    let wrong = try Tool.run("replay", "f.json", "--diagram", "d.png", in: folder)
    #expect(wrong.code == 64)
    #expect(wrong.err.contains("\"d.png\" says no form of a diagram; known: OUT.svg"))
  }

  @Test(
    "options that would be ignored are refused",
    arguments: [
      ["--loose", "--until", "3"], ["--loose", "--commands", "w"], ["--loose", "--diagram", "-"],
      ["--commands", "w", "--json"], ["--json", "--diagram", "-"],
    ])
  func contradictions(options: [String]) throws {
    let outcome = try Tool.run(["replay", "f.json"] + options, in: try TestFolder())
    #expect(outcome.code == 64)
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.contains("do not go together"))
  }

  @Test("the page of a run has the failure, its picture and its states")
  func page() throws {
    let folder = try recorded()
    let page = try folder.read("Reports/report.html")
    #expect(page.contains("<article class=\"failure ok\" id=\"failure-0\""))
    #expect(page.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"spacetime\""))
    #expect(page.contains("\"memory of s1\""))
    #expect(page.contains("data-copy=\"crashproof replay Reports/failures/short-1.json\""))
  }
}
