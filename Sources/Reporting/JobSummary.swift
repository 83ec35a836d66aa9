/// report.md as the summary of a CI job, which has room for so many bytes and no more.
public enum JobSummary {
  /// What GitHub shows of one step, in bytes; a longer summary is refused whole.
  public static let room = 1 << 20

  /// The report, cut between two lines if it has to be, with a note that it was.
  /// - Parameter room: bytes of UTF-8, at most.
  /// - Returns: empty if there is not even room for the note.
  public static func text(of report: RunReport, room: Int = room) -> String {
    cut(MarkdownReport.text(of: report), to: room)
  }

  static let note = "**Cut here:** the whole of it is in report.md of the report folder.\n"

  static func cut(_ text: String, to room: Int) -> String {
    guard text.utf8.count > room else { return text }
    var kept = ""
    var size = 0
    /// The fence of the block that the text so far ends in; empty outside of a block.
    var fence = ""
    // The note stands apart, after the end of a block if one was open.
    func ending() -> String { (fence.isEmpty ? "" : fence + "\n") + "\n" + note }
    var result = ending().utf8.count <= room ? ending() : ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      size += line.utf8.count + 1
      let mark = String(line.prefix { $0 == "`" })
      if fence.isEmpty, mark.count >= 3 {
        fence = mark
      } else if line == fence {
        fence = ""
      }
      if size + ending().utf8.count > room { break }
      kept += line + "\n"
      result = kept + ending()
    }
    return result
  }
}
