import SimulationKernel

/// Numbers for inodes in the order in which a walk meets them, so that they do not depend on what
/// happened before.
struct InodeNumbering {
  private var numbers: [Int: Int] = [:]
  private(set) var order: [Int] = []

  init() {
    meet(EntryTarget.root.inode)
  }

  mutating func meet(_ inode: Int) {
    if numbers[inode] == nil {
      numbers[inode] = order.count
      order.append(inode)
    }
  }

  func has(_ inode: Int) -> Bool { numbers[inode] != nil }

  func number(_ inode: Int) -> Int {
    guard let number = numbers[inode] else { programmingError("inode \(inode) was not met") }
    return number
  }
}

extension DiskImage {
  /// This image with the inodes of a numbering, or only the first of them, renumbered; the rest is
  /// left out.
  func renumbered(by numbering: InodeNumbering, first count: Int = .max) -> DiskImage {
    var image = DiskImage()
    for (number, inode) in numbering.order.prefix(count).enumerated() {
      if let contents = files[inode] {
        image.files.update(number, orInsert: contents) { _ in }
      }
      if let directory = directories[inode] {
        let fresh = directory.renumbered(numbering.number)
        image.directories.update(number, orInsert: fresh) { $0 = fresh }
      }
    }
    return image
  }

  /// What a file system finds after a power loss: only what can be reached from the root, link
  /// counts that are right, and no bytes beyond the end of a file.
  func recovered() -> DiskImage {
    var numbering = InodeNumbering()
    var next = 0
    while next < numbering.order.count {
      let targets = directories[numbering.order[next]]?.targets ?? []
      for target in targets { numbering.meet(target.inode) }
      next += 1
    }
    var image = renumbered(by: numbering)
    image.tidy()
    return image
  }

  private mutating func tidy() {
    var links = [Int](repeating: 0, count: files.numbers.count + directories.numbers.count)
    links[EntryTarget.root.inode] = 1
    for directory in directories.values {
      for target in directory.targets { links[target.inode] += 1 }
    }
    for inode in files.numbers {
      files.update(inode, orInsert: FileContents()) {
        $0.cut(to: $0.size)
        $0.links = links[inode]
      }
    }
    for inode in directories.numbers {
      directories.update(inode, orInsert: Directory()) { $0.links = links[inode] }
    }
  }
}

extension DiskImage: Equatable, Fingerprintable {
  static func == (left: DiskImage, right: DiskImage) -> Bool {
    left.files.numbers == right.files.numbers && left.files.values == right.files.values
      && left.directories.numbers == right.directories.numbers
      && left.directories.values == right.directories.values
  }

  func fingerprint(into hasher: inout StableHasher) {
    for (number, contents) in zip(files.numbers, files.values) {
      hasher.combine(number)
      hasher.combine(contents)
    }
    hasher.combine(files.numbers.count)
    for (number, directory) in zip(directories.numbers, directories.values) {
      hasher.combine(number)
      hasher.combine(directory.links)
      for (name, target) in zip(directory.names, directory.targets) {
        hasher.combine(name.text)
        hasher.combine(target.inode)
        hasher.combine(target.kind == .file)
      }
      hasher.combine(directory.names.count)
    }
    hasher.combine(directories.numbers.count)
  }
}
