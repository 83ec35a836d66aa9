import Foundation
import Testing

/// Compares a text with a file under Snapshots. A missing file is written, and the test fails: a
/// person looks at it, then commits it. To accept a new text, delete the file and run the test.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots").appendingPathComponent(name)
  guard let recorded = try? Data(contentsOf: url) else {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    Issue.record("recorded the missing snapshot \(name)", sourceLocation: sourceLocation)
    return
  }
  #expect(text == String(decoding: recorded, as: UTF8.self), sourceLocation: sourceLocation)
}
