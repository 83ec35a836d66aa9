import SimulationKernel
import Testing

@Suite("Cost tables")
struct CostTableTests {
  @Test("each kind of work has a duration of its own")
  func ownDurations() {
    var costs = CostTable()
    for kind in WorkKind.allCases { costs[kind] = .seconds(Int64(kind.rawValue)) }
    for kind in WorkKind.allCases { #expect(costs[kind] == .seconds(Int64(kind.rawValue))) }
  }

  @Test("by default an fsync costs a hundred times a handler")
  func defaults() {
    let costs = CostTable()
    #expect(costs[.sync] == costs[.handler] * 100)
    #expect(costs[.query] == .zero)
    #expect(costs[.apply] == .zero)
  }
}
