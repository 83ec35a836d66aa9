import Testing

@testable import ClusterSimulation
@testable import Reporting

@Suite("diagrams of failing runs")
struct DiagramTests {
  @Test("a short run is shown whole")
  func whole() {
    let rows = DiagramRows(StorySamples.round(servers: 3, steps: 20), limit: 150)
    #expect(rows.rows.count == 20)
    #expect(rows.hiddenCount == 0)
  }

  @Test("a long run keeps the conflict, the deaths and the end, and says what is left out")
  func long() {
    let failure = StorySamples.round(servers: 3, steps: 1000)
    let rows = DiagramRows(failure, limit: 60)
    let shown = rows.rows.compactMap { row -> Int? in
      if case .step(let step) = row { step } else { nil }
    }
    #expect(shown.count == 60)
    #expect(rows.hiddenCount == 940)
    for step in [250, 500, 997, 999] { #expect(shown.contains(step), "\(step)") }
    let deaths = failure.story.steps.indices.filter { !failure.story.steps[$0].deaths.isEmpty }
    #expect(deaths.allSatisfy(shown.contains))
    let hidden = rows.rows.reduce(0) { sum, row in
      if case .gap(let count) = row { sum + count } else { sum }
    }
    #expect(hidden == 940)
    #expect(SpaceTimeSVG.text(of: failure).contains("850 steps of 1,000 left out"))
  }

  @Test("SVG is well-formed, for twelve nodes and a hundred and fifty steps too")
  func svg() {
    for (servers, steps) in [(1, 4), (2, 30), (12, 150), (12, 700)] {
      let text = SpaceTimeSVG.text(of: StorySamples.round(servers: servers, steps: steps))
      #expect(StorySamples.isXML(text), "\(servers) servers, \(steps) steps")
      #expect(text == SpaceTimeSVG.text(of: StorySamples.round(servers: servers, steps: steps)))
    }
    #expect(!StorySamples.isXML("<svg><g></svg>"))
  }

  @Test("the text form stays within 100 columns and names every step it shows")
  func text() {
    for servers in [1, 3, 12] {
      let text = SpaceTimeText.text(of: StorySamples.round(servers: servers, steps: 150))
      for line in text.split(separator: "\n") {
        #expect(line.count <= 100, "\(line)")
      }
      #expect(text.contains(" 150 s"))
      #expect(text.contains("X"))
      #expect(text.contains("! "))
    }
  }

  @Test("arrows of the text form begin at the sender and end at the receiver")
  func arrows() {
    let text = SpaceTimeText.text(of: StorySamples.round(servers: 3, steps: 6))
    let lines = text.split(separator: "\n").filter { $0.contains("receives Forward") }
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("  *<------o") || lines[0].hasPrefix("! *<------o"), "\(lines[0])")
    #expect(lines[1].dropFirst(2).hasPrefix("o-->*"), "\(lines[1])")
  }

  @Test("Mermaid gets no character that it would take for syntax")
  func mermaid() {
    let failure = StorySamples.round(servers: 3, steps: 400)
    let text = MermaidSequence.text(of: failure)
    #expect(text.hasPrefix("sequenceDiagram\n  participant s1\n"))
    #expect(text.contains("Forward(#60;#38;#59;#35;"))
    #expect(text.contains("steps left out"))
    let opened = text.components(separatedBy: "rect rgba").count
    let closed = text.split(separator: "\n").count { $0.hasSuffix(" end") || $0 == "end" }
    #expect(opened - 1 == closed)
  }

  @Test("bands run from start to death and from role to role")
  func bands() {
    var story = StorySamples.round(servers: 2, steps: 8).story
    story.steps[4].adoptions = [.init(lane: 1, role: .tail, epoch: 3)]
    story.steps[6].deaths = [1]
    let bands = LaneBand.all(of: story).filter { $0.lane == 1 }
    #expect(bands.map(\.role) == [.head, .tail])
    #expect(bands.map(\.from) == [1, 4])
    #expect(bands.map(\.to) == [4, 6])
  }
}
