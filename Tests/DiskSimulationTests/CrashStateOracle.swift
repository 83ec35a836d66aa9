/// A plain enumerator of crash states, written from the published model and sharing nothing with
/// the disk: one flat directory, files of whole blocks, one character a block.
///
/// All subsets of all micro-operations of a program, syncs and prints included, that are closed
/// under "depends on" (an fsync depends on what it covers; everything after a sync or a print
/// depends on it), replayed in program order.
struct CrashStateOracle {
  enum Call {
    case create(String)
    /// In blocks.
    case write(String, at: Int, count: Int, Character)
    case rename(String, String)
    case unlink(String)
    case syncFile(String)
    case syncDirectory
    case print
  }

  private enum Step {
    case entry(String, Int)
    case removal(String)
    case rename(String, String, Int)
    case size(Int, Int)
    case block(Int, Int, Character)
    case truncation(Int, Int)
    case sync
    case print
  }

  private struct Node {
    var step: Step
    var needs: [Int]
  }

  private var nodes: [Node] = []
  private var lastSync: Int?
  private var lastPrint: Int?
  private var inodes = ["f": 0]
  private var sizes = [0: 2]

  private(set) var closedSets = 0
  private(set) var states = Set<String>()
  private(set) var images = Set<String>()

  /// Nil if there are more micro-operations than `limit`, as there are two to that power subsets.
  init?(_ calls: [Call], limit: Int = 11) {
    for call in calls { add(call) }
    if nodes.count > limit { return nil }
    enumerate()
  }

  private mutating func append(_ step: Step, needs: [Int] = []) {
    nodes.append(Node(step: step, needs: needs + [lastSync, lastPrint].compactMap { $0 }))
  }

  private mutating func add(_ call: Call) {
    switch call {
    case .create(let name):
      if inodes[name] != nil { return }
      let inode = sizes.count
      inodes[name] = inode
      sizes[inode] = 0
      append(.entry(name, inode))
    case .write(let name, let start, let count, let character):
      guard let inode = inodes[name], let size = sizes[inode] else { return }
      for block in min(size, start)..<start + count where block >= start || block >= size {
        let data = block < start ? "0" : character
        if block >= size {
          append(.size(inode, block + 1))
          append(.block(inode, block, "?"))
        }
        append(.block(inode, block, data))
      }
      sizes[inode] = max(size, start + count)
    case .rename(let old, let new):
      guard let inode = inodes[old], old != new else { return }
      append(.rename(old, new, inode))
      inodes[old] = nil
      inodes[new] = inode
    case .unlink(let name):
      guard let inode = inodes[name], let size = sizes[inode] else { return }
      for block in (0..<size).reversed() { append(.truncation(inode, block)) }
      append(.removal(name))
      inodes[name] = nil
    case .syncFile(let name):
      guard let inode = inodes[name] else { return }
      addSync { step in
        switch step {
        case .size(inode, _), .block(inode, _, _), .truncation(inode, _): true
        default: false
        }
      }
    case .syncDirectory:
      addSync { step in
        switch step {
        case .entry, .removal, .rename: true
        default: false
        }
      }
    case .print:
      append(.print)
      lastPrint = nodes.count - 1
    }
  }

  private mutating func addSync(covering isCovered: (Step) -> Bool) {
    append(.sync, needs: nodes.indices.filter { isCovered(nodes[$0].step) })
    lastSync = nodes.count - 1
  }

  private mutating func enumerate() {
    for bits in 0..<(1 << nodes.count) {
      let isIn = { (node: Int) in bits & (1 << node) != 0 }
      let isClosed = nodes.indices.allSatisfy { !isIn($0) || nodes[$0].needs.allSatisfy(isIn) }
      if !isClosed { continue }
      closedSets += 1
      let (image, printed) = replay(nodes.indices.filter(isIn))
      images.insert(image)
      states.insert(image + (printed ? ", printed" : ""))
    }
  }

  private func replay(_ kept: [Int]) -> (String, Bool) {
    var names = ["f": 0]
    var sizes = [0: 2]
    var blocks: [Int: [Int: Character]] = [0: [0: "o", 1: "o"]]
    var printed = false
    for node in kept {
      switch nodes[node].step {
      case .entry(let name, let inode): names[name] = inode
      case .removal(let name): names[name] = nil
      case .rename(let old, let new, let inode):
        names[new] = inode
        names[old] = nil
      case .size(let inode, let size): sizes[inode] = size
      case .block(let inode, let block, let character):
        blocks[inode, default: [:]][block] = character
      case .truncation(let inode, let size):
        sizes[inode] = size
        blocks[inode] = blocks[inode, default: [:]].filter { $0.key < size }
      case .sync: break
      case .print: printed = true
      }
    }
    let words = names.sorted { $0.key < $1.key }.map { name, inode in
      let characters = (0..<(sizes[inode] ?? 0)).map { blocks[inode]?[$0] ?? "0" }
      return "\(name)=\(String(characters))"
    }
    return (words.joined(separator: " "), printed)
  }
}
