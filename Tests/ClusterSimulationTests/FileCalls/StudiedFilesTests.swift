import DiskSimulation
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("Files under study")
struct StudiedFilesTests {
  private static func disk(_ operations: [FileOperation] = []) throws -> VirtualDisk {
    var disk = VirtualDisk()
    for operation in operations { try disk.perform(operation) }
    disk.syncAll()
    return disk
  }

  /// Performs operations, a line each.
  private static func run(
    _ files: inout StudiedFiles, _ operations: [FileOperation]
  ) throws(FileError) {
    for (index, operation) in operations.enumerated() {
      files.nextCall(isAt: StepOfCalls.site(UInt32(index + 1)))
      try files.perform(operation)
    }
  }

  private static func rehearse(_ disk: VirtualDisk, _ operations: [FileOperation]) throws
    -> [FileCall]
  {
    var files = StudiedFiles(disk)
    try run(&files, operations)
    #expect(!files.hasChanged)
    return files.calls
  }

  private static func mutated(
    _ mutation: FileMutation, _ disk: VirtualDisk, _ operations: [FileOperation]
  ) throws -> StudiedFiles {
    let calls = try rehearse(disk, operations)
    return StudiedFiles(disk, orders: mutation.orders(for: calls), rehearsed: calls)
  }

  @Test("a dropped fsync forces nothing")
  func drop() throws {
    let operations: [FileOperation] = [.create("a"), .syncDirectory(".")]
    var files = try Self.mutated(.drop(StepOfCalls.site(2)), try Self.disk(), operations)
    try Self.run(&files, operations)
    #expect(files.hasChanged)
    #expect(files.disk.pendingCount == 1)
  }

  @Test("between two swapped operations only the second has happened")
  func swap() throws {
    let operations: [FileOperation] = [.create("a"), .create("b")]
    let swap = FileMutation.swap(StepOfCalls.site(1), StepOfCalls.site(2))
    var files = try Self.mutated(swap, try Self.disk(), operations)
    files.nextCall(isAt: StepOfCalls.site(1))
    try files.perform(operations[0])
    // The test looks at the disk: a read through the files would be a call of the handler.
    var between = files.disk
    #expect(try between.list(".") == ["b"])
    files.nextCall(isAt: StepOfCalls.site(2))
    try files.perform(operations[1])
    #expect(try files.list(".") == ["a", "b"])
  }

  @Test("what cannot come first is refused there, and the handler's answer to that is its own")
  func refusal() throws {
    let operations: [FileOperation] = [
      .create("a"), .write("a", offset: 0, bytes: [1]), .syncFile("a"),
    ]
    let swap = FileMutation.swap(StepOfCalls.site(1), StepOfCalls.site(2))
    var files = try Self.mutated(swap, try Self.disk(), operations)
    #expect(throws: FileError.notFound("a")) { try Self.run(&files, operations) }
    _ = try files.list(".")
    #expect(!files.hasDiverged)
  }

  @Test("a read and an operation before it: the read does not see the operation")
  func readFirst() throws {
    var files = StudiedFiles(
      try Self.disk([.create("a")]),
      orders: [0: .keepingBefore, 1: .readingBefore(.unlink("a"))],
      rehearsed: [
        FileCall(site: StepOfCalls.site(1), kind: .perform(.unlink("a"))),
        FileCall(site: StepOfCalls.site(2), kind: .list("."), answer: .names([])),
      ])
    files.nextCall(isAt: StepOfCalls.site(1))
    try files.perform(.unlink("a"))
    files.nextCall(isAt: StepOfCalls.site(2))
    #expect(try files.list(".") == ["a"])
    #expect(files.hasChanged)
    #expect(try files.list(".") == [])
  }

  @Test("a read and an operation after it: the read sees the operation; another call diverges")
  func readLast() throws {
    let calls = [
      FileCall(site: StepOfCalls.site(1), kind: .list("."), answer: .names(["a"])),
      FileCall(site: StepOfCalls.site(2), kind: .perform(.unlink("a"))),
    ]
    let orders: CallOrders = [0: .readingAfter(.unlink("a")), 1: .isDone]
    var files = StudiedFiles(try Self.disk([.create("a")]), orders: orders, rehearsed: calls)
    files.nextCall(isAt: StepOfCalls.site(1))
    #expect(try files.list(".") == [])
    files.nextCall(isAt: StepOfCalls.site(2))
    try files.perform(.create("b"))
    #expect(files.hasDiverged)
  }

  @Test("an operation that was put off comes after the first one of its continuation")
  func late() throws {
    var files = StudiedFiles(
      try Self.disk([.create("a")]), orders: [0: .performingBefore(.unlink("a"))],
      rehearsed: [FileCall(site: StepOfCalls.site(1), kind: .perform(.create("b")))])
    files.nextCall(isAt: StepOfCalls.site(1))
    try files.perform(.create("b"))
    #expect(files.owed == .unlink("a"))
    #expect(try files.disk.listed(".") == ["a", "b"])
    #expect(try files.list(".") == ["b"])
    #expect(files.owed == nil)
  }
}

extension VirtualDisk {
  fileprivate func listed(_ path: String) throws(FileError) -> [String] {
    var copy = self
    return try copy.list(path)
  }
}
