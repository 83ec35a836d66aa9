/// What a directory entry points at. An inode number means nothing but identity.
struct EntryTarget: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case file
    case directory
  }

  var inode: Int
  var kind: Kind

  static let root = EntryTarget(inode: 0, kind: .directory)
}

/// The entries of one directory, sorted by name.
struct Directory: Equatable, Sendable {
  private(set) var names: [EntryName] = []
  private(set) var targets: [EntryTarget] = []
  /// How many entries name this directory; more than one only after a power loss that tore a move.
  var links = 0

  private func search(_ name: EntryName) -> (position: Int, isPresent: Bool) {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      if names[middle] < name { low = middle + 1 } else { high = middle }
    }
    return (low, low < names.count && names[low] == name)
  }

  subscript(name: EntryName) -> EntryTarget? {
    let found = search(name)
    return found.isPresent ? targets[found.position] : nil
  }

  /// Sets an entry and returns what it pointed at before.
  mutating func set(_ name: EntryName, to target: EntryTarget) -> EntryTarget? {
    let found = search(name)
    if found.isPresent {
      let replaced = targets[found.position]
      targets[found.position] = target
      return replaced
    }
    names.insert(name, at: found.position)
    targets.insert(target, at: found.position)
    return nil
  }

  /// Removes an entry and returns what it pointed at; nothing happens to an absent name.
  mutating func remove(_ name: EntryName) -> EntryTarget? {
    let found = search(name)
    guard found.isPresent else { return nil }
    names.remove(at: found.position)
    return targets.remove(at: found.position)
  }

  /// The same entries with other inode numbers.
  func renumbered(_ number: (Int) -> Int) -> Directory {
    var copy = self
    for position in copy.targets.indices {
      copy.targets[position].inode = number(targets[position].inode)
    }
    return copy
  }
}
