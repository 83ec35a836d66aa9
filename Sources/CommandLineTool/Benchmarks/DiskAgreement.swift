import DiskSimulation
import Dispatch
import SimulationKernel
import Synchronization

/// One half of the proof by exhaustion that what is decided when recovery reads is what all closed
/// sets give: every program of so many calls from a grammar, under one profile. ``StateAgreement``
/// is the other.
///
/// For each program the plain way builds every disk that a power loss may leave, one for each
/// closed set, and runs a recovery on each; the lazy way runs the recovery once for each class
/// that it can tell apart. Outcomes and the disks that recovery leaves must be the same sets. Then
/// the power fails again after recovery and everything is read. Programs that leave equal disks
/// are compared once.
struct DiskAgreement: Sendable {
  /// What was compared, summed over the disks.
  struct Figures: Hashable, Sendable {
    var programs = 0
    var disks = 0
    var closedSets = 0
    var images = 0
    var lazyLeaves = 0
    /// Disks that were also compared over a second power loss, after recovery.
    var twice = 0
    /// Disks that were left out, as they have more closed sets than the limit.
    var leftOut = 0
  }

  /// One call that the grammar has.
  static let grammar: [FileOperation] = [
    .create("t"), .write("t", offset: 0, bytes: bytes("nn")),
    .write("f", offset: 2, bytes: bytes("mmmm")), .truncate("f", size: 2), .rename("t", to: "f"),
    .unlink("f"), .link("f", to: "d/g"), .rename("f", to: "d/f"), .makeDirectory("d"),
    .syncFile("f"), .syncDirectory("."), .syncDirectory("d"),
  ]

  var profile: PersistenceProfile
  var calls: Int
  /// Closed sets of one disk beyond which the disk is left out, and counted.
  static let limit = 1 << 14
  /// Images of one disk beyond which the second power loss is not tried.
  var twiceLimit = 12
  /// How the lazy way loses power; tests hand in a wrong one.
  var losePower: @Sendable (inout VirtualDisk) -> Void = { $0.losePowerLeavingOpen() }

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// Compares; stops at the first difference.
  /// - Returns: the figures, and how to get to the first disk that differs, or nil.
  func run(jobs: Int, progress: @Sendable (Int, Int) -> Void) throws -> (Figures, String?) {
    let layer = try disks()
    let next = Atomic<Int>(0)
    let found = Mutex<(Figures, Int?)>((Figures(), nil))
    DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
      var figures = Figures()
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        if place >= layer.count || Interruption.hasHappened { break }
        if !compare(layer[place].disk, &figures) {
          found.withLock { $0.1 = min($0.1 ?? .max, place) }
        }
        progress(place, layer.count)
      }
      found.withLock { $0.0.add(figures) }
    }
    var (figures, different) = found.withLock { $0 }
    figures.programs = layer.reduce(0) { $0 + $1.programs }
    figures.disks = layer.count
    return (figures, different.map { layer[$0].path.map { "\($0)" }.joined(separator: "; ") })
  }

  /// A disk that some programs leave, how many, and the first of them.
  private struct Reached {
    var disk: VirtualDisk
    var programs: Int
    var path: [FileOperation]
  }

  /// Blocks of two bytes, so that pieces stay small.
  private func disks() throws -> [Reached] {
    var small = profile
    if small.form.cut != nil { small.form.cut = 2 }
    var start = VirtualDisk(profile: small)
    try start.perform(.create("f"))
    try start.perform(.write("f", offset: 0, bytes: Self.bytes("oooo")))
    start.syncAll()
    var layer = [Reached(disk: start, programs: 1, path: [])]
    for _ in 0..<calls {
      var places: [VirtualDisk: Int] = [:]
      var next: [Reached] = []
      for reached in layer {
        for operation in Self.grammar {
          var disk = reached.disk
          // A call that is refused changes nothing, so shorter programs are among the longer ones.
          let isRefused = (try? disk.perform(operation)) == nil
          if let place = places[disk] {
            next[place].programs += reached.programs
          } else {
            places[disk] = next.count
            next.append(
              Reached(
                disk: disk, programs: reached.programs,
                path: reached.path + (isRefused ? [] : [operation])))
          }
        }
      }
      layer = next
    }
    return layer
  }

  private struct Leaf: Hashable {
    var outcome: String
    var disk: VirtualDisk
  }

  private func compare(_ disk: VirtualDisk, _ figures: inout Figures) -> Bool {
    guard let crashed = disk.crashImages(limit: Self.limit) else {
      figures.leftOut += 1
      return true
    }
    figures.closedSets += crashed.closedSets
    figures.images += crashed.images.count
    let isTwice = crashed.images.count <= twiceLimit
    if isTwice { figures.twice += 1 }
    var plain = Set<Leaf>()
    var plainTwice = Set<String>()
    for image in crashed.images {
      var image = image
      let outcome = DiskRecovery.repair(&image)
      plain.insert(Leaf(outcome: outcome, disk: image))
      guard isTwice, let again = image.crashImages(limit: Self.limit) else { continue }
      for second in again.images {
        var second = second
        plainTwice.insert(outcome + " " + DiskRecovery.readAll(&second))
      }
    }
    var lazy = Set<Leaf>()
    var lazyTwice = Set<String>()
    var open = disk
    losePower(&open)
    let summary = forEachRecovery(of: open) { disk in
      let outcome = DiskRecovery.repair(&disk)
      _ = forEachRecovery(of: disk) { disk in
        disk.decideAll()
        lazy.insert(Leaf(outcome: outcome, disk: disk))
      }
      guard isTwice else { return }
      var second = disk
      losePower(&second)
      _ = forEachRecovery(of: second) {
        lazyTwice.insert(outcome + " " + DiskRecovery.readAll(&$0))
      }
    }
    figures.lazyLeaves += summary.leaves
    return plain == lazy && plainTwice == lazyTwice
  }
}

extension DiskAgreement.Figures {
  fileprivate mutating func add(_ other: Self) {
    closedSets += other.closedSets
    images += other.images
    lazyLeaves += other.lazyLeaves
    twice += other.twice
    leftOut += other.leftOut
  }
}

/// Recoveries that read, decide and write.
enum DiskRecovery {
  /// Reads the start of one file, repairs what it finds there, and tells what it found.
  static func repair(_ disk: inout VirtualDisk) -> String {
    let head = (try? disk.read("f", offset: 0, count: 2)).map(text) ?? "-"
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

  /// Everything that can be read, in one line.
  static func readAll(_ disk: inout VirtualDisk, _ path: String = ".") -> String {
    guard let names = try? disk.list(path) else {
      let size = (try? disk.size(of: path)) ?? -1
      return "\(size):" + text((try? disk.read(path, offset: 0, count: .max)) ?? [])
    }
    let entries = names.map { "\($0)=" + readAll(&disk, path + "/" + $0) }
    return "{" + entries.joined(separator: " ") + "}"
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: "0") : $0 }, as: UTF8.self)
  }
}
