import LinearizabilityChecking
import Testing

@testable import CommandLineTool

/// The histories that `crashproof benchmark check` measures with are what it says they are.
@Suite struct CheckBenchmarkTests {
  /// A shorter version of a case.
  private func short(_ benchmarkCase: CheckCase) -> CheckCase {
    var short = benchmarkCase
    short.history.operations = min(short.history.operations, 2_000)
    return short
  }

  /// One case of each kind of history.
  private static let cases: [CheckCase] = {
    var seen: Set<String> = []
    return CheckCase.all.filter { seen.insert($0.series.isEmpty ? $0.name : $0.series).inserted }
  }()

  @Test func `no two cases have the same name, and each can be asked for alone`() {
    let names = CheckBenchmark.names(containing: nil)
    #expect(Set(names).count == names.count)
    for name in names { #expect(CheckBenchmark.names(containing: name) == [name]) }
    #expect(CheckBenchmark.names(containing: "no such case").isEmpty)
    #expect(CheckBenchmark.names(containing: "list-append").count == 6)
  }

  @Test func `processes have one operation open at a time, and many are open at once`() {
    for benchmarkCase in Self.cases {
      let history = short(benchmarkCase).make()
      var events: [(moment: Int32, process: Int32, isCall: Bool)] = []
      for operation in history.operations {
        events.append((operation.call, operation.process, true))
        guard operation.returned < .max else { continue }
        events.append((operation.returned, operation.process, false))
      }
      events.sort { $0.moment < $1.moment }
      #expect(Set(events.map(\.moment)).count == events.count, "\(benchmarkCase.name)")
      var open: Set<Int32> = []
      var sum = 0
      for event in events {
        if event.isCall {
          #expect(open.insert(event.process).inserted, "\(benchmarkCase.name)")
        } else {
          #expect(open.remove(event.process) != nil, "\(benchmarkCase.name)")
        }
        sum += open.count
      }
      let clients = benchmarkCase.history.clients
      #expect(2 * sum > clients * events.count, "\(benchmarkCase.name)")
    }
  }

  @Test func `the same parameters make the same history, another seed makes another one`() {
    for benchmarkCase in Self.cases {
      let one = short(benchmarkCase).make()
      let again = short(benchmarkCase).make()
      #expect(one.operations == again.operations && one.lists == again.lists)
      #expect(one.operations != short(benchmarkCase).make(seed: 2).operations)
    }
  }

  @Test func `a figure can be read back from its line`() throws {
    var figure = BenchmarkFigure(benchmark: "check", name: "a \"case\"")
    figure.counts = [.init(name: "operations", value: 12), .init(name: "explored", value: 3)]
    figure.cpuSeconds = 0.012345
    figure.wallSeconds = 1.25
    figure.peakMegabytes = 23.5
    figure.remark = "by search"
    let read = try #require(BenchmarkFigure(json: Array(figure.json.utf8)))
    #expect(read.json == figure.json)
    #expect(read.text == figure.text)
    #expect(BenchmarkFigure(json: Array("nothing".utf8)) == nil)
  }

  @Test func `growth is told for each series that was measured at several lengths`() {
    let names = ["register, 1000 operations, 5 clients", "register, 10000 operations, 5 clients"]
    var figures = names.map { BenchmarkFigure(benchmark: "check", name: $0) }
    figures[0].counts = [.init(name: "operations", value: 1_000)]
    figures[0].cpuSeconds = 0.0001
    figures[1].counts = [.init(name: "operations", value: 10_000)]
    figures[1].cpuSeconds = 0.0011
    #expect(
      CheckBenchmark.growth(figures) == """
        CPU nanoseconds an operation, by the number of operations:
          register, 5 clients: 1000: 100, 10000: 110
        """)
    #expect(CheckBenchmark.growth([figures[0]]) == nil)
  }
}
