import Foundation

/// The files of the project, as text.
struct SourceTree {
  struct File: Sendable {
    /// From the top of the project, for example `Sources/InputText/NearMiss.swift`.
    var path: String
    var lines: [String]

    var module: String {
      let parts = path.split(separator: "/")
      return parts.count > 1 ? String(parts[1]) : ""
    }

    /// Lines without comments and without the contents of strings, roughly.
    var code: [String] { lines.map(Self.code) }

    static func code(_ line: String) -> String {
      var kept = ""
      var isInString = false
      var previous: Character = " "
      for character in line {
        if character == "\"", previous != "\\" { isInString.toggle() }
        if !isInString {
          if character == "/", previous == "/" { return String(kept.dropLast()) }
          kept.append(character)
        }
        previous = character == "\\" && previous == "\\" ? " " : character
      }
      return kept
    }
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static let sources = swiftFiles("Sources")
  static let tests = swiftFiles("Tests")

  static func swiftFiles(_ folder: String) -> [File] {
    paths(folder).filter { $0.hasSuffix(".swift") }.map { path in
      File(path: path, lines: text(path).components(separatedBy: "\n"))
    }
  }

  /// All files below a folder, sorted; hidden ones left out.
  static func paths(_ folder: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: root + "/" + folder)
    return (all?.compactMap { $0 as? String } ?? [])
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
      .map { folder + "/" + $0 }.filter { !isFolder($0) }.sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  static func text(_ path: String) -> String {
    let data = FileManager.default.contents(atPath: root + "/" + path) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []).sorted()
  }
}
