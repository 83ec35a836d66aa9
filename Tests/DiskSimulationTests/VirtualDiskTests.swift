import DiskSimulation
import SimulationKernel
import Testing

/// What each call does to the visible state, and how it is refused.
@Suite struct VirtualDiskTests {
  private func bytes(_ text: String) -> [UInt8] { [UInt8](text.utf8) }

  private func refuses(
    _ error: FileError, _ operation: FileOperation, on disk: VirtualDisk,
    location: SourceLocation = #_sourceLocation
  ) {
    var changed = disk
    #expect(throws: error, sourceLocation: location) { try changed.perform(operation) }
    #expect(changed == disk, sourceLocation: location)
  }

  /// `file` holds `hello`, `full/inner` is empty, `empty` is a directory.
  private func furnished() throws -> VirtualDisk {
    var disk = VirtualDisk()
    try disk.perform(.create("file"))
    try disk.perform(.write("file", offset: 0, bytes: bytes("hello")))
    try disk.perform(.makeDirectory("full"))
    try disk.perform(.create("full/inner"))
    try disk.perform(.makeDirectory("empty"))
    return disk
  }

  @Test func createMakesAnEmptyFileAndKeepsAnExistingOne() throws {
    var disk = try furnished()
    try disk.perform(.create("file"))
    try disk.perform(.create("full/other"))
    #expect(try disk.size(of: "file") == 5)
    #expect(try disk.size(of: "full/other") == 0)
    #expect(try disk.list("full") == ["inner", "other"])
    refuses(.isDirectory("empty"), .create("empty"), on: disk)
    refuses(.isDirectory("."), .create("."), on: disk)
    refuses(.isDirectory("new/"), .create("new/"), on: disk)
    refuses(.notFound("none/a"), .create("none/a"), on: disk)
    refuses(.notDirectory("file/a"), .create("file/a"), on: disk)
  }

  @Test func writeOverwritesExtendsAndLeavesZerosInAGap() throws {
    var disk = try furnished()
    try disk.perform(.write("file", offset: 3, bytes: bytes("p me")))
    #expect(try disk.read("file", offset: 0, count: 99) == bytes("help me"))
    try disk.perform(.write("file", offset: 9, bytes: bytes("!")))
    #expect(try disk.read("file", offset: 5, count: 5) == bytes("me") + [0, 0] + bytes("!"))
    try disk.perform(.write("file", offset: 4095, bytes: bytes("ab")))
    #expect(try disk.read("file", offset: 4094, count: 9) == [0] + bytes("ab"))
    #expect(try disk.size(of: "file") == 4097)
    let before = disk
    try disk.perform(.write("file", offset: 9000, bytes: []))
    #expect(disk == before)
    refuses(.notFound("none"), .write("none", offset: 0, bytes: [1]), on: disk)
    refuses(.isDirectory("full"), .write("full", offset: 0, bytes: [1]), on: disk)
    refuses(.invalid("file"), .write("file", offset: -1, bytes: [1]), on: disk)
    refuses(.invalid("file"), .write("file", offset: .max, bytes: [1]), on: disk)
    refuses(
      .invalid("file"), .write("file", offset: VirtualDisk.largestFile, bytes: [1]), on: disk)
  }

  @Test func readStopsAtTheEnd() throws {
    var disk = try furnished()
    #expect(try disk.read("file", offset: 1, count: 3) == bytes("ell"))
    #expect(try disk.read("file", offset: 4, count: .max) == bytes("o"))
    #expect(try disk.read("file", offset: 5, count: 1) == [])
    #expect(try disk.read("file", offset: .max, count: .max) == [])
    #expect(try disk.read("file", offset: 0, count: 0) == [])
    #expect(throws: FileError.invalid("file")) { try disk.read("file", offset: -1, count: 1) }
    #expect(throws: FileError.invalid("file")) { try disk.read("file", offset: 0, count: -1) }
    #expect(throws: FileError.isDirectory("full")) { try disk.read("full", offset: 0, count: 1) }
    #expect(throws: FileError.isDirectory(".")) { try disk.size(of: ".") }
  }

  @Test func truncateCutsAndExtendsWithZeros() throws {
    var disk = try furnished()
    try disk.perform(.truncate("file", size: 2))
    try disk.perform(.truncate("file", size: 4))
    #expect(try disk.read("file", offset: 0, count: 9) == bytes("he") + [0, 0])
    refuses(.invalid("file"), .truncate("file", size: -1), on: disk)
    refuses(.invalid("file"), .truncate("file", size: .max), on: disk)
    refuses(.isDirectory("full"), .truncate("full", size: 0), on: disk)
  }

  @Test func renameMovesAndReplaces() throws {
    var disk = try furnished()
    try disk.perform(.rename("file", to: "full/inner"))
    #expect(try disk.list(".") == ["empty", "full"])
    #expect(try disk.size(of: "full/inner") == 5)
    try disk.perform(.rename("full", to: "empty"))
    #expect(try disk.list("empty") == ["inner"])
    try disk.perform(.rename("empty/inner", to: "empty/inner"))
    try disk.perform(.link("empty/inner", to: "same"))
    try disk.perform(.rename("same", to: "empty/inner"))
    #expect(try disk.list(".") == ["empty", "same"])
  }

  @Test func renameIsRefusedAsInC() throws {
    let disk = try furnished()
    refuses(.notFound("none"), .rename("none", to: "x"), on: disk)
    refuses(.notFound("none/x"), .rename("file", to: "none/x"), on: disk)
    refuses(.isDirectory("empty"), .rename("file", to: "empty"), on: disk)
    refuses(.notDirectory("file"), .rename("empty", to: "file"), on: disk)
    refuses(.notEmpty("full"), .rename("empty", to: "full"), on: disk)
    refuses(.invalid("full/x"), .rename("full", to: "full/x"), on: disk)
    refuses(.invalid("."), .rename(".", to: "x"), on: disk)
    refuses(.invalid("."), .rename("file", to: "."), on: disk)
    refuses(.notDirectory("x/"), .rename("file", to: "x/"), on: disk)
  }

  @Test func linkGivesASecondNameAndUnlinkTakesOne() throws {
    var disk = try furnished()
    try disk.perform(.link("file", to: "full/again"))
    try disk.perform(.write("file", offset: 0, bytes: bytes("j")))
    #expect(try disk.read("full/again", offset: 0, count: 9) == bytes("jello"))
    try disk.perform(.unlink("file"))
    #expect(try disk.read("full/again", offset: 0, count: 9) == bytes("jello"))
    try disk.perform(.unlink("full/again"))
    #expect(try disk.list("full") == ["inner"])
    refuses(.notFound("file"), .unlink("file"), on: disk)
    refuses(.isDirectory("full"), .unlink("full"), on: disk)
    refuses(.isDirectory("."), .unlink("."), on: disk)
    refuses(.isDirectory("full"), .link("full", to: "x"), on: disk)
    refuses(.exists("empty"), .link("full/inner", to: "empty"), on: disk)
    refuses(.notFound("none"), .link("none", to: "x"), on: disk)
  }

  @Test func directoriesNestAndListInOrderOfBytes() throws {
    var disk = VirtualDisk()
    try disk.perform(.makeDirectory("a"))
    try disk.perform(.makeDirectory("a/b/"))
    for name in ["z", "B", "e\u{301}", "\u{e9}", "10", "9"] {
      try disk.perform(.create("a//./b/\(name)"))
    }
    let names = try disk.list("a/b/")
    #expect(names == ["10", "9", "B", "e\u{301}", "z", "\u{e9}"])
    #expect(names.map(\.utf8.count) == [2, 1, 1, 3, 1, 2])
    refuses(.exists("a"), .makeDirectory("a"), on: disk)
    refuses(.exists("."), .makeDirectory("."), on: disk)
    refuses(.notFound("x/y"), .makeDirectory("x/y"), on: disk)
    #expect(throws: FileError.notDirectory("a/b/z")) { try disk.list("a/b/z") }
    #expect(throws: FileError.notDirectory("a/b/z/")) { try disk.size(of: "a/b/z/") }
  }

  @Test func pathsThatCannotBeAreRefused() {
    let disk = VirtualDisk()
    refuses(.notFound(""), .create(""), on: disk)
    refuses(.invalid("/a"), .create("/a"), on: disk)
    refuses(.invalid("a/../b"), .create("a/../b"), on: disk)
    refuses(.invalid("a\0b"), .create("a\0b"), on: disk)
    let long = String(repeating: "x", count: 256)
    refuses(.invalid(long), .create(long), on: disk)
    let deep = String(repeating: "x/", count: 3000)
    refuses(.invalid(deep), .create(deep), on: disk)
  }

  @Test func syncsAreRefusedForWhatIsNotThere() throws {
    let disk = try furnished()
    refuses(.notFound("none"), .syncFile("none"), on: disk)
    refuses(.isDirectory("full"), .syncFile("full"), on: disk)
    refuses(.notDirectory("file"), .syncDirectory("file"), on: disk)
  }

  @Test func aCopyIsIndependent() throws {
    var disk = try furnished()
    var copy = disk
    try disk.perform(.write("file", offset: 0, bytes: bytes("J")))
    try disk.perform(.unlink("full/inner"))
    #expect(try copy.read("file", offset: 0, count: 9) == bytes("hello"))
    #expect(try copy.list("full") == ["inner"])
  }

  @Test func worksBehindTheKernelInterface() throws {
    var files: any FileService = VirtualDisk()
    try files.perform(.create("a"))
    #expect(try files.list(".") == ["a"])
  }
}
