import Foundation
import Synchronization
import Testing

@testable import Reporting

@Suite struct UnfinishedWorkTests {
  private func text(_ work: UnfinishedWork) throws -> String {
    String(decoding: try work.read(), as: UTF8.self)
  }

  @Test func isThereUntilItIsRemoved() throws {
    let temporary = TemporaryFolder()
    let folder = ReportFolder(path: temporary.path + "/Reports")
    let work = UnfinishedWork(in: folder, name: "a b.progress")
    #expect(!work.exists)
    try work.replace(by: Array("one".utf8))
    try work.replace(by: Array("two".utf8))
    #expect(work.path == folder.path + "/unfinished/a-b.progress")
    #expect(try text(work) == "two")
    let other = UnfinishedWork(in: folder, name: "other")
    try other.replace(by: [])
    try work.remove()
    try work.remove()
    #expect(!work.exists && other.exists)
    try other.remove()
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/unfinished"))
  }

  @Test func killedAtAnyMomentItHoldsTheOldOrTheNew() throws {
    let temporary = TemporaryFolder()
    let folder = ReportFolder(path: temporary.path)
    let work = UnfinishedWork(in: folder, name: "w")
    try work.replace(by: Array("old".utf8))
    var seen: [String] = []
    for steps in 0..<20 {
      let left = Mutex(steps)
      let files = FileActions(permit: { () throws(ReportFolderError) in
        let mayGoOn = left.withLock { left in
          left -= 1
          return left >= 0
        }
        guard mayGoOn else { throw .failed(action: "go on", path: "", reason: "stopped") }
      })
      let isDone = (try? work.replace(by: Array("new".utf8), files)) != nil
      seen.append(try text(work))
      if isDone { break }
      if seen.last == "new" { try work.replace(by: Array("old".utf8)) }
    }
    #expect(Set(seen) == ["old", "new"])
    #expect(seen.first == "old" && seen.last == "new")
  }

  @Test func publishingAReportLeavesItAlone() throws {
    let temporary = TemporaryFolder()
    let folder = ReportFolder(path: temporary.path)
    let work = UnfinishedWork(in: folder, name: "w")
    try work.replace(by: Array("kept".utf8))
    try folder.prepare()
    try folder.publish(
      RunReport(version: "1", scenarios: [], wallSeconds: []), formats: ReportFormat.allCases)
    #expect(try text(work) == "kept")
  }
}
