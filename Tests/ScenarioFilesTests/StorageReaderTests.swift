import SimulationKernel
import Testing

@testable import ScenarioFiles

/// What a file says of storage faults, and what it may not say.
@Suite struct StorageReaderTests {
  @Test func everyKindIsScripted() throws {
    let scenario = try readScenario(storageText)
    guard case .scripted(let faults) = scenario.faults else {
      Issue.record("not a list")
      return
    }
    let storage = faults.compactMap { fault -> StorageFaultRequest? in
      if case .storage(_, let request, _) = fault { request } else { nil }
    }
    #expect(
      storage.map(\.description) == [
        "fsync-error (reverted) of log.* after 2 others, 2 times", "torn-sectors (garbage)",
        "read-error", "no-space", "write-error, 4 times", "lost-write of d0/b1", "stale-read",
        "misdirected-write after 1 other", "bit-rot (byte 7) of d0/*", "stall (3s)",
      ])
    #expect(Set(storage.map(\.fault.word)) == Set(StorageWord.allCases))
    guard case .storage(let node, _, let after)? = faults.first else { return }
    #expect(node == .server(1) && after == .milliseconds(1))
    #expect(scenario.assumptions.storage == [.syncError, .bitRot, .stall])
  }

  @Test func aBudgetIsANumberOrAnObject() throws {
    guard case .drawn(let budget) = try readScenario(drawnStorageText).faults else {
      Issue.record("not a budget")
      return
    }
    #expect(
      budget.storage.map(\.word) == [.tornSectors, .syncError, .noSpace, .bitRot, .stall])
    #expect(budget.storage.map(\.count) == [3, 1, 0, 2, 1])
    #expect(budget.storage[0].remains == [.zeros, .old])
    #expect(budget.storage[1].pages == [.clean])
    #expect(budget.storage[1].file == FilePattern("*.tmp"))
    #expect(budget.storage[4].stall == DurationSpan(min: .seconds(2), max: .seconds(2)))
  }

  @Test func leftOutMeansNone() throws {
    let scenario = try readScenario(#"{protocol:"two-node-store"}"#)
    #expect(scenario.assumptions.storage == [])
    guard case .drawn(let budget) = scenario.faults else { return }
    #expect(budget.storage == [])
    #expect(!scenario.text().contains("storage:"))
  }

  @Test func everyKindIsListedWithTheWordThatAssumesIt() {
    let names = ScenarioVocabulary.faults.map(\.name)
    #expect(names.prefix(3) == ["crash", "powerLoss", "restart"])
    for word in StorageWord.allCases {
      let row = ScenarioVocabulary.faults.first { $0.name == word.key }
      #expect(row?.help.hasSuffix("(\(word.rawValue))") == true)
    }
  }

  @Test(arguments: WrongInput.table(table))
  func isReportedInFull(input: WrongInput) {
    #expect(complaints(input.text) == input.complaints)
  }

  private static let table = #"""
    { protocol: "chain", faults: [{ bitRot: "s1" }] }
    ! s.json5:1:41: error: the protocol "chain" keeps no files that a disk could damage
    { protocol: "chain", faults: { storage: { stall: 1 } } }
    ! s.json5:1:32: error: the protocol "chain" keeps no files that a disk could damage
    { protocol: "chain", assume: { storage: "stall" } }
    ! s.json5:1:41: error: the protocol "chain" keeps no files that a disk could damage
    { protocol: "two-node-store", assume: { storage: ["bit-rod"] } }
    ! s.json5:1:51: error: unknown storage fault "bit-rod"; known: torn-sectors, fsync-error,
      read-error, write-error, no-space, lost-write, misdirected-write, bit-rot, stale-read, stall
    { protocol: "two-node-store", assume: { storage: [] } }
    ! s.json5:1:50: error: assume.storage must name at least one
    { protocol: "two-node-store", faults: [{ fsyncErorr: "s1" }] }
    ! s.json5:1:42: error: this fault has none of the keys crash, powerLoss, restart, cut,
      isolate, heal, tornSectors, fsyncError, readError, writeError, noSpace, lostWrite,
      misdirectedWrite, bitRot, staleRead, stall
    { protocol: "two-node-store", faults: [{ fsyncError: "s1", page: "wet" }] }
    ! s.json5:1:66: error: unknown state of a page "wet"; known: clean, dirty, reverted
    { protocol: "two-node-store", faults: [{ fsyncError: "s3" }] }
    ! s.json5:1:54: error: there is no server "s3"; the scenario has 2 servers, s1 to s2
    { protocol: "two-node-store", faults: [{ bitRot: "s1", occurrence: 2 }] }
    ! s.json5:1:56: error: unknown key "occurrence" in bitRot; known: bitRot, byte, after, file
    { protocol: "two-node-store", faults: [{ noSpace: "s1", calls: 0, file: "" }] }
    ! s.json5:1:64: error: faults[1].calls must be from 1 to 1000000000, found 0
    ! s.json5:1:73: error: no file has an empty name
    { protocol: "two-node-store", faults: [{ stall: "c1" }] }
    ! s.json5:1:49: error: "c1" does not fail: only servers do
    { protocol: "two-node-store", faults: { storage: { bitrot: 1 } } }
    ! s.json5:1:52: error: unknown key "bitrot" in storage; known: tornSectors, fsyncError,
      readError, writeError, noSpace, lostWrite, misdirectedWrite, bitRot, staleRead, stall
    { protocol: "two-node-store", faults: { storage: { bitRot: -1, stall: "often" } } }
    ! s.json5:1:60: error: faults.storage.bitRot must be from 0 to 10000, found -1
    ! s.json5:1:71: error: expected a whole number or an object, found a string
    { protocol: "two-node-store", faults: { storage: { fsyncError: { page: [] } } } }
    ! s.json5:1:72: error: faults.storage.fsyncError.page must name at least one
    { protocol: "two-node-store", faults: [{ bitRot: "s1", lostWrite: "s2" }] }
    ! s.json5:1:56: error: "bitRot" and "lostWrite" exclude each other in one fault
    """#
}
