import DiskSimulation
import Testing

/// Complete crash states of programs, against what others have published and computed.
@Suite struct ProgramStatesTests {
  static let temporary: [DiskProgram.Call] = [
    .create("tmp"), .write("tmp", offset: 0, count: 8192, fill: UInt8(ascii: "n")),
  ]
  static let overwrite = DiskProgram.Call.write(
    "f", offset: 0, count: 8192, fill: UInt8(ascii: "n"))
  static let append = DiskProgram.Call.write(
    "f", offset: 8192, count: 8192, fill: UInt8(ascii: "r"))
  static let replace = DiskProgram.Call.rename("tmp", to: "f")

  static let programs: [String: [DiskProgram.Call]] = [
    "a": temporary + [replace, .print],
    "b": temporary + [.sync("tmp"), replace, .print],
    "c": temporary + [.sync("tmp"), replace, .sync("."), .print],
    "d": [overwrite, .print],
    "d_fs": [overwrite, .sync("f"), .print],
    "e": [append, .sync("f"), .print],
  ]

  static func program(_ calls: [DiskProgram.Call]) -> DiskProgram {
    DiskProgram(files: [.init("f", blocks: 2, fill: UInt8(ascii: "o"))], calls: calls)
  }

  private func states(
    _ calls: [DiskProgram.Call], _ profile: PersistenceProfile = .standard
  ) throws -> ProgramStates {
    try #require(try ProgramStates(of: Self.program(calls), profile))
  }

  @Test func agreesWithThePublishedStates() throws {
    var compared = 0
    for published in PublishedStates.all {
      let calls = try #require(Self.programs[published.program])
      for (name, microOperations, closedSets) in published.counts {
        let found = try states(calls, try #require(PersistenceProfile.named(name)))
        #expect(found.microOperationCount == microOperations, "\(name) \(published.program)")
        #expect(found.closedSetCount == closedSets, "\(name) \(published.program)")
        #expect(found.states.map(\.short).joined(separator: " ") == published.states)
        compared += 1
      }
    }
    #expect(compared == 54)
  }

  @Test func aSynchronousDiskGoesThroughPrefixes() throws {
    let found = try states(Self.programs["c"]!, .synchronous)
    #expect(found.states.map(\.short) == ["f=nn", "f=oo,tmp=", "f=oo,tmp=nn", "f=oo", "+f=nn"])
    #expect(found.closedSetCount == 7 && found.microOperationCount == 6)
  }

  @Test func countsClosedSetsThatNobodyCouldVisit() throws {
    let log = (0..<8).map { record in
      DiskProgram.Call.write("log", offset: record * 4096, count: 4096, fill: UInt8(ascii: "r"))
    }
    let program = DiskProgram(files: [.init("log", blocks: 0, fill: 0)], calls: log)
    let found = try #require(try ProgramStates(of: program, .standard))
    #expect(found.closedSetCount == 16_777_216)
    #expect(found.states.count == 9841)
  }

  @Test func aLimitLeavesTheSetUndecided() throws {
    let found = try ProgramStates(
      of: Self.program(Self.programs["a"]!), .standard, limit: 20)
    #expect(found == nil)
  }

  @Test func directoriesShowByTheirFilesOrASlash() throws {
    let found = try states([
      .makeDirectory("d"), .sync("."), .create("d/x"), .sync("d"), .print,
    ])
    #expect(found.states.map(\.short) == ["d/=,f=oo", "d/x=,f=oo", "f=oo", "+d/x=,f=oo"])
  }

  @Test func anEntryInADirectoryWhoseNameIsLostIsLostWithIt() throws {
    let found = try states([.makeDirectory("d"), .create("d/x"), .sync("d"), .print])
    #expect(found.states.map(\.short).filter { $0.hasPrefix("+") } == ["+d/x=,f=oo", "+f=oo"])
  }

  @Test func safeFlushForcesTheNameOfTheFile() throws {
    let calls: [DiskProgram.Call] = [.create("g"), .sync("g"), .print]
    #expect(try states(calls).states.map(\.short) == ["f=oo,g=", "f=oo", "+f=oo,g=", "+f=oo"])
    #expect(try states(calls, .ext4Ordered).states.map(\.short) == ["f=oo,g=", "f=oo", "+f=oo,g="])
    #expect(try states(calls, .btrfs).states.map(\.short) == ["f=oo,g=", "f=oo", "+f=oo,g="])
  }

  @Test func linksShareAFileAndOnlyTheLastUnlinkTruncates() throws {
    let linked: [DiskProgram.Call] = [.link("f", to: "g"), .sync("."), .unlink("f"), .print]
    let found = try states(linked)
    #expect(found.microOperationCount == 4)
    #expect(
      found.states.map(\.short) == ["f=oo,g=oo", "f=oo", "g=oo", "+f=oo,g=oo", "+g=oo"])
    let last = try states([.unlink("f")])
    #expect(last.states.map(\.short) == ["f=", "f=o", "f=oo", "-"])
  }

  @Test func aWriteBeyondTheEndOverwritesStretchesAndAppends() throws {
    let n = UInt8(ascii: "n")
    let both = try states([.write("f", offset: 4096, count: 8192, fill: n)])
    #expect(both.microOperationCount == 4)
    #expect(
      both.states.map(\.short) == [
        "f=on", "f=on0", "f=on?", "f=onn", "f=oo", "f=oo0", "f=oo?", "f=oon",
      ])
    let hole = try states([.write("f", offset: 12288, count: 4096, fill: n)], .ext4Ordered)
    #expect(hole.states.map(\.short) == ["f=oo", "f=oo0", "f=oo0n"])
  }

  @Test func refusedCallsSayWhich() throws {
    let wrong = Self.program([.create("a"), .unlink("b")])
    #expect(throws: DiskProgramError.call(1, .notFound("b"))) {
      try ProgramStates(of: wrong, .standard)
    }
    let unaligned = Self.program([.truncate("f", size: 100)])
    #expect(throws: DiskProgramError.unaligned(0)) { try ProgramStates(of: unaligned, .standard) }
    let file = DiskProgram(files: [.init("..", blocks: 1, fill: 1)], calls: [])
    #expect(throws: DiskProgramError.file(0, .invalid(".."))) {
      try ProgramStates(of: file, .standard)
    }
  }
}

extension ProgramState {
  /// As ``PublishedStates`` writes it.
  var short: String {
    let files = entries.map { "\($0.path)=\($0.contents)" }.joined(separator: ",")
    return (isPrinted ? "+" : "") + (files.isEmpty ? "-" : files)
  }
}
