import Foundation
import HistoryFiles

/// Which files a call of `crashproof check` names.
enum HistoryPaths {
  /// The files under some paths: a file itself, of a folder every file in it and in its folders,
  /// sorted. `-` is the standard input.
  ///
  /// A report's failure folder has a failure file and a picture beside each history; where there is
  /// a `NAME.history.jsonl`, neither `NAME.json` nor `NAME.svg` counts.
  /// - Throws: ``MissingFileError`` for a path that is not there, and if there is no file at all.
  static func files(_ paths: [String]) throws -> [String] {
    var found: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard path == "-" || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      else { throw MissingFileError(path: path) }
      found += isFolder.boolValue && path != "-" ? try files(inFolder: path, visited: []) : [path]
    }
    guard !found.isEmpty else {
      throw MissingFileError(
        path: paths.joined(separator: ", "), reason: "there is no history here")
    }
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// - Parameter visited: where the folders on the way to this one really are: a link that leads
  ///   back to one of them is not followed.
  private static func files(inFolder folder: String, visited: [String]) throws -> [String] {
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard !visited.contains(real) else { return [] }
    guard let all = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw MissingFileError(path: folder, reason: "the folder cannot be read")
    }
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let names = all.filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let companions = companions(of: names)
    var files: [String] = []
    for name in names where !companions.contains(name) {
      let path = base + "/" + name
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      files +=
        isFolder.boolValue
        ? try self.files(inFolder: path, visited: visited + [real]) : [path]
    }
    return files
  }

  /// The names of files that stand beside a history of a report.
  private static func companions(of names: [String]) -> Set<String> {
    let suffix = ".history.jsonl"
    let stems = names.filter { $0.hasSuffix(suffix) }.map { $0.dropLast(suffix.count) }
    return Set(stems.flatMap { ["\($0).json", "\($0).svg"] })
  }
}

/// A history file that is being read.
final class HistoryInput {
  let path: String
  private let descriptor: Int32
  /// Told how many bytes have been read since the last time.
  private let progress: (Int) -> Void

  /// Opens a file, or takes the standard input for `-`.
  /// - Throws: ``MissingFileError`` if it cannot be opened.
  init(_ path: String, progress: @escaping (Int) -> Void = { _ in }) throws {
    self.path = path
    self.progress = progress
    guard path != "-" else {
      descriptor = 0
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw MissingFileError(path: path, reason: String(cString: strerror(errno)))
    }
  }

  deinit {
    if descriptor > 0 { close(descriptor) }
  }

  /// The next bytes of the file.
  /// - Throws: ``MissingFileError`` if it cannot be read, which is so of a folder.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        progress(count)
        return count
      }
      guard errno == EINTR else {
        throw MissingFileError(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// The size of a file in bytes; 0 if it has none that is known.
  static func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
