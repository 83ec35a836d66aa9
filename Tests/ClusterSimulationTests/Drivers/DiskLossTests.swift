import ClusterSimulation
import SimulationKernel
import Testing

@Suite("What power losses could leave, counted")
struct DiskLossTests {
  private func losses(_ label: String) -> [DiskLoss] {
    let runner = registerRunner { plan in
      plan.workload.script = [[PlannedOperation(.put(key: 0, value: "<1>"))]]
      plan.workload.clientCount = 1
    }
    var request = RegisterEnumeration.request()
    request.plan.labels = [label]
    return runner.crashPoints(request).results.filter { $0.kind == .powerLoss }.map(\.tally.loss)
  }

  @Test("a file that is made, written and not synced: each of its micro-operations may be lost")
  func written() throws {
    let loss = try #require(losses("written").first)
    // One entry of the directory; size, garbage and data of the block.
    #expect(loss.closedSets == 16)
    // Without the entry nothing; with it, an empty file, or zeros, garbage or data.
    #expect(loss.images == 5)
    // Recovery reads another file. The retry makes this one again, and so finds out whether it is
    // there, and if so how long.
    #expect(loss.leaves == 3)
  }

  @Test("what was synced is not lost any more")
  func synced() throws {
    let loss = try #require(losses("synced").first)
    #expect(loss.closedSets == 2)
    #expect(loss.images == 2)
    #expect(loss.leaves == 2)
  }

  @Test("a rename that may be lost with the name it renames, or alone")
  func renamed() throws {
    let loss = try #require(losses("renamed").first)
    #expect(loss.closedSets == 4)
    // A rename of a name that was lost puts the file in place all the same.
    #expect(loss.images == 3)
    #expect(loss.leaves == 3)
  }

  @Test("a mere crash of the process loses nothing")
  func process() {
    let runner = RegisterEnumeration.runner([])
    let results = runner.crashPoints(RegisterEnumeration.request()).results
    for row in results where row.kind == .process { #expect(row.tally.loss == DiskLoss()) }
  }
}
