import Foundation
import InputText
import Reporting
import ScenarioFiles

/// A file or folder that is not there: exit code 66.
struct MissingFileError: Error {
  var path: String
  var reason = "no such file or folder"
}

/// Files that are wrong, with everything that is wrong with them: exit code 65.
struct BadInputError: Error {
  var diagnostics: [Diagnostics]
}

/// Reads the files that a command line names.
enum InputFiles {
  /// The results of an earlier run.
  /// - Throws: ``MissingFileError``, or ``BadInputError`` with everything that is wrong with them.
  static func results(_ path: String) throws -> RunReport {
    let file = try source(path)
    do throws(Diagnostics) {
      return try ResultsJSON.read(file)
    } catch {
      throw BadInputError(diagnostics: [error])
    }
  }

  /// The scenario files under some paths, sorted within each folder. Folders called `long` count
  /// only if they are named themselves.
  static func scenarioPaths(_ paths: [String]) throws -> [String] {
    var found: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      if let (file, _) = caseOfFile(path), FileManager.default.fileExists(atPath: file) {
        found.append(path)
        continue
      }
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw MissingFileError(path: path)
      }
      found += isFolder.boolValue ? try scenarioPaths(inFolder: path) : [path]
    }
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// `chain.json5#two crashes` is the case `two crashes` of a file; `nil` for any other path, and
  /// for a file that really has such a name.
  private static func caseOfFile(_ path: String) -> (file: String, name: String)? {
    guard let mark = path.range(of: ".json5#"), !FileManager.default.fileExists(atPath: path)
    else { return nil }
    return (path[..<mark.lowerBound] + ".json5", String(path[mark.upperBound...]))
  }

  /// - Parameter visited: where the folders on the way to this one really are: a link that leads
  ///   back to one of them is not followed.
  private static func scenarioPaths(
    inFolder folder: String, visited: [String] = []
  ) throws -> [String] {
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard !visited.contains(real) else { return [] }
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    var files: [String] = []
    for name in try names(in: base) where !name.hasPrefix(".") {
      let path = base + "/" + name
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        if name != "long" { files += try scenarioPaths(inFolder: path, visited: visited + [real]) }
      } else if name.hasSuffix(".json5") {
        files.append(path)
      }
    }
    return files
  }

  private static func names(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw MissingFileError(path: folder, reason: "the folder cannot be read")
    }
  }

  /// - Throws: ``MissingFileError`` if there is no such file or it cannot be read.
  static func source(_ path: String) throws -> SourceFile {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw MissingFileError(path: path)
    }
    guard !isFolder.boolValue else {
      throw MissingFileError(path: path, reason: "this is a folder; a file is needed")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw MissingFileError(path: path, reason: "the file cannot be read")
    }
    return SourceFile(path: path, bytes: [UInt8](data))
  }

  /// Reads scenario files; if any is wrong, says everything that is wrong with all of them.
  static func scenarios(_ paths: [String]) throws -> [LoadedScenario] {
    var loaded: [LoadedScenario] = []
    var wrong: [Diagnostics] = []
    for path in paths {
      let wanted = caseOfFile(path)
      let file = try source(wanted?.file ?? path)
      var cases: [ScenarioCase] = []
      do throws(Diagnostics) {
        cases = try ScenarioCase.read(file, vocabulary: ProtocolCatalog.vocabulary)
      } catch {
        wrong.append(error)
        continue
      }
      if let wanted {
        guard cases.contains(where: { $0.name == wanted.name }) else {
          throw MissingFileError(path: path, reason: reason(without: wanted.name, cases))
        }
        cases.removeAll { $0.name != wanted.name }
      }
      do throws(Diagnostics) {
        for one in cases {
          let suffix = one.name.map { "#" + $0 } ?? ""
          var scenario = try LoadedScenario(path: file.path + suffix, one.scenario, file)
          scenario.place = SourcePlace(file: file.path, line: one.line)
          loaded.append(scenario)
        }
      } catch {
        wrong.append(error)
      }
    }
    if !wrong.isEmpty { throw BadInputError(diagnostics: wrong) }
    return loaded
  }
}

extension InputFiles {
  /// Why there is no such case, and which there are.
  private static func reason(without name: String, _ cases: [ScenarioCase]) -> String {
    let names = cases.compactMap(\.name)
    guard !names.isEmpty else { return "the file has no cases" }
    var reason = "the file has no such case; it has: " + names.joined(separator: ", ")
    if let near = NearMiss.closest(to: name, among: names) { reason += "; did you mean \(near)?" }
    return reason
  }
}

/// A scenario and where it came from.
struct LoadedScenario: Sendable {
  /// The file as the user named it; of a case with `#` and its name.
  var path: String
  var scenario: Scenario
  /// Where it says how it should end; `nil` if it was not read from a file.
  var place: SourcePlace?
  /// `nil` if the scenario has none.
  var schedule: LoadedSchedule?

  init(path: String, scenario: Scenario) {
    self.path = path
    self.scenario = scenario
  }

  /// - Throws: `Diagnostics` with everything that is wrong with the scenario's schedule.
  init(path: String, _ scenario: Scenario, _ file: SourceFile) throws(Diagnostics) {
    self.init(path: path, scenario: scenario)
    guard !scenario.schedule.isEmpty,
      let entry = ProtocolCatalog.entry(named: scenario.protocolName)
    else { return }
    schedule = try LoadedSchedule(
      scenario, ScenarioConversion(scenario, entry).layout, of: file)
  }
}

extension [LoadedScenario] {
  /// - Throws: ``UsageError`` if one has a schedule, which leaves nothing to vary, or measures,
  ///   whose clients never run out of operations.
  func requireWorkload(_ command: String) throws {
    for loaded in self where loaded.scenario.run.mode == .measure {
      throw UsageError(
        "\(loaded.path) is a measurement, which crashproof run makes; its clients have no end",
        command: command)
    }
    for loaded in self where loaded.schedule != nil {
      throw UsageError(
        "\(loaded.path) has a schedule, which crashproof run follows; there is nothing to vary",
        command: command)
    }
  }
}
