import SimulationKernel
import Testing

@Suite("Call sites")
struct CallSiteTests {
  @Test("a site is its line and up to two callers, nearest first")
  func callers() {
    let outermost = CallSite("Store/Node.swift", 10)
    let outer = CallSite("Store/Node.swift", 20, from: outermost)
    let middle = CallSite("Store/Log.swift", 30, from: outer)
    let inner = CallSite("Store/Log.swift", 40, from: middle)
    #expect(outermost.description == "Node.swift:10")
    #expect(middle.description == "Log.swift:30 < Node.swift:20 < Node.swift:10")
    #expect(inner.description == "Log.swift:40 < Log.swift:30 < Node.swift:20")
    #expect(inner.places.map(\.line) == [20, 30, 40])
  }

  @Test("the same line of two files, or of two callers, is two sites")
  func equality() {
    let one = CallSite("Store/Log.swift", 30)
    #expect(one == CallSite("Store/Log.swift", 30))
    #expect(one != CallSite("Store/Node.swift", 30))
    #expect(one != CallSite("Store/Log.swift", 31))
    let caller = CallSite("Store/Node.swift", 1)
    #expect(CallSite("Store/Log.swift", 30, from: caller) != one)
  }

  @Test("places are in the order of the source")
  func order() {
    let places = [
      CallSite("S/B.swift", 1), CallSite("S/A.swift", 10), CallSite("S/A.swift", 9),
    ].map(\.place)
    #expect(places.sorted().map(\.description) == ["A.swift:9", "A.swift:10", "B.swift:1"])
  }

  @Test("the host tells the files where a call comes from, if it is asked to")
  func host() throws {
    var host = Host<Probe>(
      layout: ClusterLayout(serverCount: 1, coordinatorName: nil, clientCount: 0),
      costs: CostTable(), choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
    host.files = SiteNotes()
    try host.perform(.create("a"))
    #expect(notes(host).isEmpty)
    host.tellsCallSites = true
    try host.perform(.create("a"))
    _ = try host.read("a", from: CallSite("Store/Node.swift", 7))
    _ = try host.list(".")
    let sites = notes(host)
    #expect(sites.map { $0.places.count } == [1, 2, 1])
    #expect(sites[1].caller?.line == 7)
    #expect(sites[0].place.line + 1 == sites[1].place.line)
    #expect("\(sites[0].place.file)".hasSuffix("/CallSiteTests.swift"))
  }

  private func notes(_ host: Host<Probe>) -> [CallSite] {
    (host.files as? SiteNotes)?.sites ?? []
  }
}

/// A message that nobody sends.
private enum Probe: NodeMessage {
  typealias Operation = Int
  typealias Response = Int
  var summary: String { "" }
  func fingerprint(into hasher: inout StableHasher) {}
}

/// Files that note where calls come from.
private struct SiteNotes: FileService {
  var sites: [CallSite] = []
  mutating func nextCall(isAt site: CallSite) { sites.append(site) }
  mutating func perform(_ operation: FileOperation) throws(FileError) {}
  mutating func read(_ path: String, offset: Int, count: Int) throws(FileError) -> [UInt8] { [] }
  mutating func size(of path: String) throws(FileError) -> Int { 0 }
  mutating func list(_ path: String) throws(FileError) -> [String] { [] }
}
