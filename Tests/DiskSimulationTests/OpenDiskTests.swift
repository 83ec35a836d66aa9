import DiskSimulation
import SimulationKernel
import Testing

/// Outcomes that are chosen when recovery reads are the outcomes over all closed sets.
@Suite struct OpenDiskTests {
  /// Everything that can be read, in one line.
  static func readAll(_ disk: inout VirtualDisk, _ path: String = ".") -> String {
    guard let names = try? disk.list(path) else {
      let size = (try? disk.size(of: path)) ?? -1
      return "\(size):" + string((try? disk.read(path, offset: 0, count: .max)) ?? [])
    }
    return "{" + names.map { "\($0)=" + readAll(&disk, path + "/" + $0) }.joined(separator: " ")
      + "}"
  }

  static func string(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
  }

  /// A recovery that reads one file, repairs it, and goes on.
  static func repair(_ disk: inout VirtualDisk) -> String {
    let head = (try? disk.read("f", offset: 0, count: 2)).map(string) ?? "-"
    if head == "oo" {
      try? disk.perform(.write("f", offset: 2, bytes: Array("zz".utf8)))
      try? disk.perform(.syncFile("f"))
    } else if head == "-" {
      try? disk.perform(.rename("t", to: "f"))
    } else {
      let size = (try? disk.size(of: "f")) ?? 0
      try? disk.perform(.write("f", offset: size + 2, bytes: Array("yy".utf8)))
      try? disk.perform(.unlink("t"))
      try? disk.perform(.syncDirectory("."))
    }
    return head
  }

  struct Leaf: Hashable {
    var outcome: String
    var disk: VirtualDisk
  }

  /// Outcomes with the disk that each leaves, everything decided; and how many leaves recovery had.
  static func lazy(
    _ disk: VirtualDisk, _ recover: (inout VirtualDisk) -> String
  ) -> (leaves: Int, found: Set<Leaf>) {
    var open = disk
    open.losePowerLeavingOpen()
    var found = Set<Leaf>()
    let summary = forEachRecovery(of: open) { disk in
      let outcome = recover(&disk)
      let after = disk
      _ = forEachRecovery(of: after) { disk in
        disk.decideAll()
        found.insert(Leaf(outcome: outcome, disk: disk))
      }
    }
    return (summary.leaves, found)
  }

  static func eager(
    _ disk: VirtualDisk, _ recover: (inout VirtualDisk) -> String
  ) throws -> (closedSets: Int, images: Int, found: Set<Leaf>) {
    let all = try #require(disk.crashImages(limit: 1 << 14))
    #expect(disk.crashImageCount(limit: 1 << 14) == all.images.count)
    var found = Set<Leaf>()
    for image in all.images {
      var image = image
      let outcome = recover(&image)
      found.insert(Leaf(outcome: outcome, disk: image))
    }
    return (all.closedSets, all.images.count, found)
  }

  /// Two crashes: repair, lose power again, read everything.
  static func twice(_ disk: VirtualDisk) throws -> (lazy: Set<String>, eager: Set<String>) {
    var lazyFound = Set<String>()
    var open = disk
    open.losePowerLeavingOpen()
    _ = forEachRecovery(of: open) { first in
      let outcome = repair(&first)
      var second = first
      second.losePowerLeavingOpen()
      _ = forEachRecovery(of: second) { lazyFound.insert(outcome + " " + readAll(&$0)) }
    }
    var eagerFound = Set<String>()
    for first in try #require(disk.crashImages(limit: 1 << 14)).images {
      var first = first
      let outcome = repair(&first)
      for second in try #require(first.crashImages(limit: 1 << 14)).images {
        var second = second
        eagerFound.insert(outcome + " " + readAll(&second))
      }
    }
    return (lazyFound, eagerFound)
  }

  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  static let grammar: [FileOperation] = [
    .create("t"), .write("t", offset: 0, bytes: bytes("nn")),
    .write("f", offset: 2, bytes: bytes("mmmm")), .truncate("f", size: 2), .rename("t", to: "f"),
    .unlink("f"), .link("f", to: "d/g"), .rename("f", to: "d/f"), .makeDirectory("d"),
    .syncFile("f"), .syncDirectory("."), .syncDirectory("d"),
  ]

  /// Blocks of two bytes, so that many programs can be tried.
  static func start(_ profile: PersistenceProfile) throws -> VirtualDisk {
    var small = profile
    if small.form.cut != nil { small.form.cut = 2 }
    var disk = VirtualDisk(profile: small)
    try disk.perform(.create("f"))
    try disk.perform(.write("f", offset: 0, bytes: bytes("oooo")))
    disk.syncAll()
    return disk
  }

  /// Different disks that programs of `calls` calls leave, and how many such programs there are.
  static func disks(
    _ profile: PersistenceProfile, calls: Int
  ) throws -> (programs: Int, disks: [VirtualDisk]) {
    var layer = [(try start(profile), 1)]
    for _ in 0..<calls {
      var places: [VirtualDisk: Int] = [:]
      var next: [(VirtualDisk, Int)] = []
      for (disk, count) in layer {
        for operation in grammar {
          var disk = disk
          try? disk.perform(operation)
          if let place = places[disk] {
            next[place].1 += count
          } else {
            places[disk] = next.count
            next.append((disk, count))
          }
        }
      }
      layer = next
    }
    return (layer.reduce(0) { $0 + $1.1 }, layer.map(\.0))
  }

  /// All programs of exactly so many calls; a call that is refused changes nothing, so shorter
  /// programs are among them. Programs that lead to equal disks are tried once.
  struct Amount: Sendable, CustomTestStringConvertible {
    var profile: String
    var calls: Int
    /// Programs, different disks, closed sets of all disks, images, leaves of the first recovery.
    var figures: [Int]

    var testDescription: String { "\(profile), \(calls) calls" }
  }

  @Test(arguments: [
    Amount(profile: "default+atomic-dir", calls: 2, figures: [144, 33, 795, 204, 76]),
    Amount(profile: "ext3-w", calls: 2, figures: [144, 34, 403, 172, 74]),
    Amount(profile: "ext4-o", calls: 3, figures: [1728, 159, 2598, 918, 444]),
    Amount(profile: "btrfs", calls: 3, figures: [1728, 160, 3062, 1082, 467]),
    Amount(profile: "ext3-j", calls: 3, figures: [1728, 163, 678, 631, 434]),
    Amount(profile: "paper-default/4096", calls: 2, figures: [144, 33, 859, 212, 85]),
    Amount(profile: "alice-code/4096", calls: 2, figures: [144, 33, 859, 212, 105]),
  ])
  func lazyIsExhaustiveForAllSmallPrograms(_ amount: Amount) throws {
    let (programs, disks) = try Self.disks(
      try #require(PersistenceProfile.named(amount.profile)), calls: amount.calls)
    var closedSets = 0
    var images = 0
    var leaves = 0
    for disk in disks {
      let eager = try Self.eager(disk, Self.repair)
      let lazy = Self.lazy(disk, Self.repair)
      closedSets += eager.closedSets
      images += eager.images
      leaves += lazy.leaves
      if lazy.found != eager.found {
        Issue.record(
          """
          \(disk.pendingMicroOperations.map(\.description))
          only lazy: \(lazy.found.subtracting(eager.found).map { Self.show($0) })
          only eager: \(eager.found.subtracting(lazy.found).map { Self.show($0) })
          """)
        return
      }
      if eager.images < 12 {
        let twice = try Self.twice(disk)
        #expect(twice.lazy == twice.eager)
      }
    }
    #expect([programs, disks.count, closedSets, images, leaves] == amount.figures)
  }

  static func show(_ leaf: Leaf) -> String {
    var disk = leaf.disk
    return leaf.outcome + " " + readAll(&disk) + " \(disk.pendingMicroOperations)"
  }
}
