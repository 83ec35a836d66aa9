import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Reporting

@Suite struct ReportFolderTests {
  private static let formats: [ReportFormat] = [.json, .markdown]

  /// A generation whose every file says its mark.
  private func generation(
    _ mark: String, formats: [ReportFormat] = ReportFormat.allCases, failures: [String] = ["f.json"]
  ) -> Generation {
    let bytes = Array("\(mark): \(String(repeating: mark, count: 50))".utf8)
    return Generation(
      files: formats.map { .init(name: $0.fileName, bytes: bytes) },
      failures: failures.map { .init(name: $0, bytes: bytes) })
  }

  /// What a reader of the folder sees: paths and contents, without the machinery.
  private func visible(_ folder: String) -> [String: String] {
    var seen: [String: String] = [:]
    for name in Generation.allEntryNames {
      let path = folder + "/" + name
      if name != Generation.failureFolder {
        seen[name] = try? String(contentsOfFile: path, encoding: .utf8)
        continue
      }
      for failure in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
        let inner = path + "/" + failure
        seen[name + "/" + failure] = try? String(contentsOfFile: inner, encoding: .utf8)
      }
    }
    return seen
  }

  private func expectation(_ generation: Generation) -> [String: String] {
    var expected: [String: String] = [:]
    for file in generation.files {
      expected[file.name] = String(decoding: file.bytes, as: UTF8.self)
    }
    for file in generation.failures {
      expected["failures/" + file.name] = String(decoding: file.bytes, as: UTF8.self)
    }
    return expected
  }

  private func names(_ path: String) -> [String] { FileActions().names(path) }

  /// Publishes until the given number of changes is done; false if that was too few.
  private func publish(_ generation: Generation, in folder: String, steps: Int) -> Bool {
    let left = Mutex(steps)
    let files = FileActions(permit: { () throws(ReportFolderError) in
      let mayGoOn = left.withLock { left in
        left -= 1
        return left >= 0
      }
      guard mayGoOn else { throw .failed(action: "go on", path: "", reason: "stopped") }
    })
    do {
      try ReportFolder(path: folder).publish(generation, files: files)
      return true
    } catch {
      return false
    }
  }

  @Test func aReportIsPublishedAndReplaced() throws {
    let temporary = TemporaryFolder()
    let path = temporary.path + "/new/Reports"
    let folder = ReportFolder(path: path)
    try folder.prepare()
    #expect(visible(path).isEmpty)
    let failures = [
      FailureText(name: "x-7.json", text: "seven"), FailureText(name: "../../x y.json", text: "y"),
      FailureText(name: "X-7.json", text: "lost"),
    ]
    try folder.publish(Samples.report, formats: ReportFormat.allCases, failures: failures)
    #expect(
      visible(path) == [
        "report.txt": TerminalReport.text(of: Samples.report),
        "results.json": ResultsJSON.text(of: Samples.report, wallTimes: .included),
        "junit.xml": JUnitXML.text(of: Samples.report),
        "report.md": MarkdownReport.text(of: Samples.report),
        "report.html": HTMLReport.text(of: Samples.report),
        "failures/x-7.json": "seven", "failures/x-y.json": "y",
      ])
    try folder.publish(Samples.report, formats: Self.formats)
    #expect(
      names(path) == [".generations", "current", "report.md", "results.json"])
    #expect(names(path + "/.generations").count == 2)
    #expect(FileActions().linkTarget(path + "/report.md") == "current/report.md")
  }

  @Test func otherEntriesAreLeftAlone() throws {
    let temporary = TemporaryFolder()
    let manager = FileManager.default
    try manager.createDirectory(
      atPath: temporary.path + "/sample", withIntermediateDirectories: true)
    try "mine".write(toFile: temporary.path + "/README.md", atomically: false, encoding: .utf8)
    let folder = ReportFolder(path: temporary.path)
    try folder.publish(generation("a"), files: FileActions())
    try folder.publish(generation("b", failures: []), files: FileActions())
    #expect(names(temporary.path).filter { $0 == "sample" || $0 == "README.md" }.count == 2)
    #expect(visible(temporary.path) == expectation(generation("b", failures: [])))
  }

  /// Stops after each change, the first report or one that replaces another of other formats, then
  /// looks, and publishes again.
  @Test(arguments: [nil, "old", "fewer"])
  func aPublisherStoppedAnywhereLeavesTheOldReportOrTheNew(kind: String?) throws {
    let old = kind.map { kind in
      kind == "old"
        ? generation("old", formats: Self.formats, failures: ["g.json", "h.json"])
        : generation("old")
    }
    let new =
      kind == "fewer" ? generation("new", formats: [.text], failures: []) : generation("new")
    var steps = 0
    var outcomes: Set<Bool> = []
    while true {
      let temporary = TemporaryFolder("stopped-\(kind ?? "first")")
      let path = temporary.path
      if let old { #expect(publish(old, in: path, steps: .max)) }
      let before = visible(path)
      let isDone = publish(new, in: path, steps: steps)
      let after = visible(path)
      #expect(after == before || after == expectation(new), "stopped after \(steps)")
      outcomes.insert(after == before)
      #expect(publish(generation("next"), in: path, steps: .max))
      #expect(visible(path) == expectation(generation("next")), "stopped after \(steps)")
      #expect(names(path + "/.generations").count == 2, "stopped after \(steps)")
      if isDone { break }
      steps += 1
    }
    #expect(steps > 15)
    #expect(outcomes == [true, false])
  }

  @Test func plainFilesAreReplacedSafely() throws {
    var steps = 0
    while true {
      let temporary = TemporaryFolder()
      let path = temporary.path
      #expect(publish(generation("linked", failures: ["g"]), in: path, steps: .max))
      for name in ["report.md", "junit.xml"] {
        try? FileManager.default.removeItem(atPath: path + "/" + name)
        try "copied".write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
      }
      let before = visible(path)
      #expect(before["report.md"] == "copied" && before["failures/g"] != nil)
      let isDone = publish(generation("new"), in: path, steps: steps)
      let after = visible(path)
      #expect(after == before || after == expectation(generation("new")), "after \(steps)")
      if isDone {
        #expect(after == expectation(generation("new")))
        break
      }
      steps += 1
    }
  }

  @Test func whatCannotBeReplacedIsRefusedBeforeAnythingChanges() throws {
    let temporary = TemporaryFolder()
    let path = temporary.path
    let manager = FileManager.default
    #expect(publish(generation("old", formats: [.text]), in: path, steps: .max))
    let before = visible(path)
    for (name, inside) in [("report.md", nil), ("junit.xml", "f"), ("results.json", "f")] {
      try manager.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
      if let inside {
        try "".write(toFile: "\(path)/\(name)/\(inside)", atomically: false, encoding: .utf8)
      }
      #expect(throws: ReportFolderError.foreign(path: path + "/" + name)) {
        try ReportFolder(path: path).publish(Samples.report, formats: [.text])
      }
      #expect(throws: ReportFolderError.foreign(path: path + "/" + name)) {
        try ReportFolder(path: path).prepare()
      }
      #expect(visible(path) == before)
      try manager.removeItem(atPath: path + "/" + name)
    }
  }

  @Test func aFolderOfFailuresOfOthersIsRefused() throws {
    let temporary = TemporaryFolder()
    let path = temporary.path + "/failures"
    let folder = ReportFolder(path: temporary.path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try folder.publish(generation("a"), files: FileActions())
    #expect(visible(temporary.path) == expectation(generation("a")))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(
      atPath: path + "/notes", withIntermediateDirectories: true)
    #expect(throws: ReportFolderError.foreign(path: path)) { try folder.prepare() }
    #expect(names(path) == ["notes"])
  }

  @Test func aLinkNamedCurrentOfOthersIsRefused() throws {
    let temporary = TemporaryFolder()
    for target in ["elsewhere", ".generations/..", ".generations/", ".generations/1/2"] {
      let link = temporary.path + "/current"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      #expect(throws: ReportFolderError.foreign(path: link)) {
        try ReportFolder(path: temporary.path).prepare()
      }
      try FileManager.default.removeItem(atPath: link)
    }
  }

  @Test func aFileInPlaceOfTheFolderIsRefused() throws {
    let temporary = TemporaryFolder()
    let file = temporary.path + "/file"
    try "".write(toFile: file, atomically: false, encoding: .utf8)
    for path in [file, file + "/", file + "/below"] {
      let error = #expect(throws: ReportFolderError.self) { try ReportFolder(path: path).prepare() }
      #expect(error?.description.contains("is not a folder; name another with --report") ?? false)
    }
    #expect(throws: ReportFolderError.self) {
      try ReportFolder(path: "/proc/no-such-folder").prepare()
    }
  }

  @Test func publishersAtTheSameTimeTakeTurns() throws {
    let temporary = TemporaryFolder()
    let path = temporary.path
    let wholes = (0..<4).map { expectation(generation("\($0)")) }
    let problems = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      for _ in 0..<10 {
        do {
          try ReportFolder(path: path).publish(generation("\(worker)"), files: FileActions())
        } catch {
          problems.withLock { $0.append("\(error)") }
        }
        // One open file belongs to one generation, whole.
        if let text = try? String(contentsOfFile: path + "/results.json", encoding: .utf8),
          !wholes.contains(where: { $0["results.json"] == text })
        {
          problems.withLock { $0.append("torn: \(text)") }
        }
      }
    }
    #expect(problems.withLock { $0 } == [])
    #expect(wholes.contains(visible(path)))
    #expect(names(path + "/.generations").count == 2)
  }

  @Test func namesOfFailureFiles() {
    let names = FailureNames(files: [
      "Scenarios/chain/head-dies.json5", "Scenarios/pb/same.json5", "Scenarios/chain/same.json5",
      "a b/é.json5", "x/y/.hidden", "x-y/same.json5", "q/Pb/same.json5", "",
    ])
    #expect(names.name(file: "Scenarios/chain/head-dies.json5", seed: 7) == "head-dies-7.json")
    #expect(names.name(file: "Scenarios/pb/same.json5", seed: 0) == "pb-same-0.json")
    #expect(names.name(file: "q/Pb/same.json5", seed: 0) == "Pb-same-2-0.json")
    #expect(names.name(file: "x-y/same.json5", seed: 0) == "x-y-same-0.json")
    #expect(names.name(file: "x/y/.hidden", seed: 0) == "hidden-0.json")
    #expect(names.name(file: "a b/é.json5", seed: .max) == "a-b-18446744073709551615.json")
    #expect(names.name(file: "unknown/z.json5", seed: 1) == "unknown-z-1.json")
    #expect(FailureNames.safe("../../etc/passwd") == "etc-passwd")
    #expect(FailureNames.safe("") == "scenario")
    #expect(FailureNames.safe(String(repeating: "n", count: 500)).count == 120)
  }
}
