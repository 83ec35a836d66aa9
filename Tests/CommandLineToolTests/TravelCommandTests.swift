import InputText
import Testing

@testable import CommandLineTool

@Suite("commands of a walk through a failure")
struct TravelCommandTests {
  @Test(
    "each command and its short forms",
    arguments: [
      ("", TravelCommand.next(1)), ("n", .next(1)), ("next 3", .next(3)), ("b 2", .back(2)),
      ("go 7", .go(7)), ("end", .end), ("crash", .crash), ("cr", .crash),
      ("change s1", .change(part: "s1", path: nil)),
      ("c disk/s1 pending", .change(part: "disk/s1", path: "pending")), ("list", .list),
      ("node s1", .node("s1")), ("disk s2", .disk("s2")), ("channel", .channels([])),
      ("channel s1 s2", .channels(["s1", "s2"])), ("diff 3 9", .difference(3, 9)),
      ("d 3 9", .difference(3, 9)), ("help", .help), ("q", .quit),
    ])
  func reading(line: String, expected: TravelCommand) throws {
    #expect(try TravelCommand.read(line) == expected)
  }

  @Test(
    "what is wrong is said",
    arguments: [
      ("nex 3 4", "next takes no \"4\""), ("go", "go needs a number of steps"),
      ("go x", "\"x\" is not a number of steps"), ("go -1", "\"-1\" is not a number of steps"),
      ("node", "node needs the name of a node"), ("channel s1", "channel needs two nodes, or none"),
      (
        "dance",
        "unknown command \"dance\"; known: next, back, go, end, crash, change, list, node, "
          + "disk, channel, diff, help, quit"
      ),
    ])
  func mistakes(line: String, message: String) {
    do throws(TravelCommand.Mistake) {
      _ = try TravelCommand.read(line)
      Issue.record("\(line) was read")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test("every wrong line of a file is told at once, with its place")
  func file() {
    let file = SourceFile(path: "walk.txt", text: "next\n# a comment\n\nnxt\ngo 1 # there\ngo z\n")
    do throws(Diagnostics) {
      _ = try TravelSession.commands(file)
      Issue.record("it was read")
    } catch {
      #expect(error.sorted.map(\.range.start.line) == [4, 6])
      #expect(error.sorted.first?.help == "did you mean \"next\"?")
    }
  }

  @Test("paths are sorted by the numbers in them")
  func order() {
    let paths = ["a[10]", "a[2]", "a", "b.c", "a[2].x"]
    #expect(paths.sorted(by: WorldView.precedes) == ["a", "a[2]", "a[2].x", "a[10]", "b.c"])
  }
}
