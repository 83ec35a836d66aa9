import Foundation

/// Where the pictures of violations go: one history's into a file, those of several into a folder.
struct PictureFiles: Sendable {
  private let path: String
  /// The file names by history; `nil` if there is only one.
  private let names: [String: String]?

  /// - Parameter files: all histories of the call.
  init(_ path: String, of files: [String]) {
    self.path = path
    guard files.count > 1 else {
      names = nil
      return
    }
    var names: [String: String] = [:]
    var taken: Set<String> = []
    for file in files {
      let parts = file.split(separator: "/").filter { $0 != "." && $0 != ".." }
      let stem = file == "-" ? "stdin" : parts.joined(separator: "-")
      var name = stem
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(stem)-\(number)"
        number += 1
      }
      names[file] = name + ".svg"
    }
    self.names = names
  }

  /// Writes the picture of a history; the folder is made when it is needed.
  /// - Throws: ``MissingFileError`` if that is not possible.
  func write(_ picture: String, of file: String) throws {
    var target = path
    do {
      if let names {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true)
        target = path + "/" + (names[file] ?? "picture.svg")
      }
      try Data(picture.utf8).write(to: URL(fileURLWithPath: target))
    } catch {
      throw MissingFileError(path: target, reason: "cannot be written")
    }
  }
}
