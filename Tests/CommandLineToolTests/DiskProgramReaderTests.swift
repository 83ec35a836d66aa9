import DiskSimulation
import InputText
import Testing

@testable import CommandLineTool

/// The text of disk programs: what it means, and where it is wrong.
@Suite struct DiskProgramReaderTests {
  private func read(_ text: String) throws -> LoadedDiskProgram {
    try DiskProgramReader.read(SourceFile(path: "p.disk", text: text))
  }

  @Test func readsEveryCall() throws {
    let loaded = try read(
      """
      # a comment
      file f 2 o            # before the program
      file empty 0
      creat tmp

      mkdir d
      write tmp 0 8192 n
      truncate tmp 4096
      link tmp d/g
      fsync .
      rename tmp f
      unlink d/g
      print
      """)
    let program = loaded.program
    #expect(
      program.files == [.init("f", blocks: 2, fill: 111), .init("empty", blocks: 0, fill: 0)])
    #expect(
      program.calls == [
        .create("tmp"), .makeDirectory("d"), .write("tmp", offset: 0, count: 8192, fill: 110),
        .truncate("tmp", size: 4096), .link("tmp", to: "d/g"), .sync("."),
        .rename("tmp", to: "f"), .unlink("d/g"), .print,
      ])
    #expect((0..<9).map(loaded.line(of:)) == [4, 6, 7, 8, 9, 10, 11, 12, 13])
  }

  @Test(arguments: [
    ("creatt x", "p.disk:1:1: error: unknown call"),
    ("write f 0 100 n", "p.disk:1:11: error: 100 is not a multiple of 4096"),
    ("write f 0 4096 nn", "p.disk:1:16: error: \"nn\" is not one ASCII character"),
    ("truncate f -4096", "p.disk:1:12: error: \"-4096\" is no number of bytes"),
    ("print\nfile f 1 o", "p.disk:2:1: error: files that exist before the program"),
    ("rename a", "p.disk:1:1: error: rename takes 2 words"),
    ("print now", "p.disk:1:7: error: print takes 0 words"),
    ("file f x o", "p.disk:1:8: error: \"x\" is no number of blocks"),
  ])
  func saysWhereAProgramIsWrong(_ text: String, _ message: String) {
    do {
      _ = try read(text)
      Issue.record("\(text) was read")
    } catch let diagnostics as Diagnostics {
      #expect(diagnostics.headlines.count == 1)
      #expect(diagnostics.headlines.first?.hasPrefix(message) == true, "\(diagnostics.headlines)")
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func explainsInTheWordsOfTheProgram() throws {
    let loaded = try read("file f 2 o\ncreat tmp\nwrite tmp 0 8192 n\nrename tmp f\nprint")
    let review = try #require(
      try ProgramReview(
        of: loaded.program, .standard, expecting: StateExpectation("f=oo|nn; printed -> f=nn")))
    let answer = DiskAnswer(
      loaded: loaded, profile: .standard, found: review.found, rejections: review.rejections)
    #expect(answer.exitCode == 1)
    #expect(
      answer.text.contains(
        """
        rename (line 4) reached the disk before write (line 3); fsync tmp between them prevents it
        """))
    #expect(
      answer.text.contains(
        """
        print (line 5) was seen before rename (line 4) reached the disk; fsync . between them \
        prevents it
        """))
  }

  @Test func answersInTheJSONOfTheContract() throws {
    let loaded = try read("file f 1 o\nmkdir d\nfsync .\nprint")
    let found = try #require(try ProgramStates(of: loaded.program, .standard))
    let answer = DiskAnswer(loaded: loaded, profile: .standard, found: found, rejections: nil)
    #expect(
      answer.json == """
        {
          "profile": "default+atomic-dir",
          "microOperations": 3,
          "closedSets": 4,
          "states": [
            { "files": { "d/": "", "f": "o" }, "printed": false },
            { "files": { "f": "o" }, "printed": false },
            { "files": { "d/": "", "f": "o" }, "printed": true }
          ]
        }

        """)
  }
}
