import Foundation

/// The steps of publishing a generation, in order. Each leaves the old report or the new one.
struct Publication {
  let folder: String
  let files: FileActions
  private var lockDescriptor: Int32?
  /// The generation being written; set by ``write(_:)``.
  private var nextName: String?

  init(folder: String, files: FileActions) {
    self.folder = folder
    self.files = files
  }

  static let generationFolder = ".generations"
  static let currentName = "current"
  private static let lockName = "lock"
  /// Where links are made before they are renamed to their place.
  private static let freshLinkName = "link"

  private var generations: String { folder + "/" + Self.generationFolder }
  private var current: String { folder + "/" + Self.currentName }
  private var freshLink: String { generations + "/" + Self.freshLinkName }

  /// Makes the folders and waits until no other program publishes here.
  mutating func lock() throws(ReportFolderError) {
    try files.makeFolders(folder)
    if files.kind(generations) == nil { try files.makeFolder(generations) }
    guard files.kind(generations) == .folder else { throw .foreign(path: generations) }
    lockDescriptor = try files.lock(generations + "/" + Self.lockName)
  }

  mutating func unlock() {
    if let lockDescriptor { files.close(lockDescriptor) }
    lockDescriptor = nil
  }

  /// Throws if something is in the way that is no report file. Links and plain files are replaced;
  /// a folder may hold what its owner still needs.
  func refuseForeignEntries() throws(ReportFolderError) {
    if files.kind(current) != nil, currentGeneration == nil { throw .foreign(path: current) }
    for name in Generation.allEntryNames {
      let path = folder + "/" + name
      let isFolder = Generation.folders.contains(name)
      switch files.kind(path) {
      case nil: break
      case .link where isOurs(name) || !isFolder: break
      case .file where !isFolder: break
      case .folder where isFolder && files.names(path).isEmpty: break
      case .file, .folder, .link, .other: throw .foreign(path: path)
      }
    }
  }

  /// Removes generations that are not the current one, and links that were never renamed.
  func removeLeftovers() throws(ReportFolderError) {
    let kept = [Self.lockName, currentGeneration ?? Self.lockName]
    for name in files.names(generations) where !kept.contains(name) {
      try files.removeTree(generations + "/" + name)
    }
  }

  /// Plain files and links of others in place of ours, such as a copied report has, become a
  /// generation, together with what our links show: replacing them one by one then changes nothing
  /// to be seen.
  mutating func adoptPlainFiles() throws(ReportFolderError) {
    let names = ReportFormat.allCases.map(\.fileName)
    let plain = names.filter { files.exists(folder + "/" + $0) && !isOurs($0) }
    if !plain.isEmpty {
      var old = Generation()
      for name in names where files.exists(folder + "/" + name) {
        old.files.append(.init(name: name, bytes: try files.read(folder + "/" + name)))
      }
      for kind in Generation.folders {
        let path = folder + "/" + kind
        for name in files.names(path) where files.kind(path + "/" + name) == .file {
          old[kind].append(.init(name: name, bytes: try files.read(path + "/" + name)))
        }
      }
      try write(old)
      try switchCurrent()
      for name in plain { try link(name) }
    }
    for kind in Generation.folders where files.kind(folder + "/" + kind) == .folder {
      try files.removeFolder(folder + "/" + kind)
    }
  }

  /// Writes a fresh generation and makes it durable; nothing refers to it yet.
  mutating func write(_ generation: Generation) throws(ReportFolderError) {
    let taken = files.names(generations).compactMap { Int($0) }
    let highest = taken.filter { $0 < Int.max }.max() ?? 0
    let name = String(max(0, highest) + 1)
    let path = generations + "/" + name
    try files.makeFolder(path)
    for file in generation.files {
      try files.write(file.bytes, to: path + "/" + file.name)
    }
    for kind in Generation.folders where !generation[kind].isEmpty {
      try files.makeFolder(path + "/" + kind)
      for file in generation[kind] {
        try files.write(file.bytes, to: path + "/" + kind + "/" + file.name)
      }
      try files.synchronizeFolder(path + "/" + kind)
    }
    try files.synchronizeFolder(path)
    try files.synchronizeFolder(generations)
    nextName = name
  }

  /// Makes the links that the generation needs and the folder does not have. Until the switch they
  /// lead to the old generation, or nowhere.
  func linkEntries(of generation: Generation) throws(ReportFolderError) {
    for name in generation.entryNames where !isOurs(name) {
      try link(name)
    }
    try files.synchronizeFolder(folder)
  }

  /// Publishes what was written: one rename.
  mutating func switchCurrent() throws(ReportFolderError) {
    guard let nextName else { return }
    try files.makeLink(freshLink, to: Self.generationFolder + "/" + nextName)
    try files.rename(freshLink, to: current)
    try files.synchronizeFolder(folder)
    self.nextName = nil
  }

  /// Removes links to entries that the published generation does not have.
  func removeStaleLinks(except generation: Generation) throws(ReportFolderError) {
    let kept = generation.entryNames
    for name in Generation.allEntryNames where !kept.contains(name) {
      if isOurs(name) { try files.remove(folder + "/" + name) }
    }
  }

  private func link(_ name: String) throws(ReportFolderError) {
    try files.makeLink(freshLink, to: Self.target(name))
    try files.rename(freshLink, to: folder + "/" + name)
  }

  /// Whether the entry is a link that this program made.
  private func isOurs(_ name: String) -> Bool {
    files.linkTarget(folder + "/" + name) == Self.target(name)
  }

  private static func target(_ name: String) -> String { currentName + "/" + name }

  /// The name of the generation that `current` leads to; nil if there is none, or if `current` is
  /// no link that this program made.
  private var currentGeneration: String? {
    let prefix = Self.generationFolder + "/"
    let target = files.linkTarget(current) ?? ""
    let name = target.dropFirst(prefix.count)
    guard target.hasPrefix(prefix), !name.isEmpty else { return nil }
    return name.allSatisfy { ("0"..."9").contains($0) } ? String(name) : nil
  }
}
