import InputText
import Testing

@testable import ScenarioFiles

/// A generator of its own (SplitMix64), so that a failing mutation can be found again by its
/// number.
private struct Generator {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}

@Suite struct MutationTests {
  /// Pieces that take a reader to its corners more often than single bytes do.
  private static let pieces = [
    "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\\u", "/*", "//", "0x", "1e999", "-1", "null",
    "99999999999999999999", "NaN", "\"s9\"", "\"all\"", "\"1h\"", "9223372036854775807", "\u{2028}",
  ].map { Array($0.utf8) }

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    for _ in 0...generator.below(3) {
      let place = generator.below(bytes.count)
      switch generator.below(5) {
      case 0: bytes[place] = UInt8(generator.below(256))
      case 1: bytes[place] ^= 1 << generator.below(8)
      case 2:
        let end = min(bytes.count, place + 1 + generator.below(12))
        if end - place < bytes.count { bytes.removeSubrange(place..<end) }
      case 3: bytes.insert(contentsOf: pieces[generator.below(pieces.count)], at: place)
      default:
        let end = min(bytes.count, place + 1 + generator.below(30))
        bytes.insert(contentsOf: bytes[place..<end], at: generator.below(bytes.count))
      }
    }
  }

  /// Reads a file and says how it ended; a trap ends the test process.
  private static func outcome(_ bytes: [UInt8], isFailure: Bool) -> String? {
    let file = SourceFile(path: "m", bytes: bytes)
    do {
      if isFailure {
        _ = try FailureFile.read(file, vocabulary: vocabulary)
      } else {
        let scenario = try Scenario.read(file, vocabulary: vocabulary)
        // What is accepted must survive being printed.
        let printed = SourceFile(path: "p", text: scenario.text(.json))
        guard try Scenario.read(printed, vocabulary: vocabulary) == scenario else {
          return "reads back differently"
        }
      }
      return nil
    } catch {
      if !error.hasErrors || error.file.path == "p" { return error.rendered }
      return error.rendered.isEmpty ? "says nothing" : nil
    }
  }

  /// A measurement keeps the lines of its expectations, and printing moves them.
  private static func measuredOutcome(_ bytes: [UInt8]) -> String? {
    let file = SourceFile(path: "m", bytes: bytes)
    do {
      let text = try Scenario.read(file, vocabulary: measuring).text(.json)
      let printed = SourceFile(path: "p", text: text)
      let again = try Scenario.read(printed, vocabulary: measuring).text(.json)
      return again == text ? nil : "prints differently"
    } catch {
      if !error.hasErrors || error.file.path == "p" { return error.rendered }
      return error.rendered.isEmpty ? "says nothing" : nil
    }
  }

  @Test func mutatedMeasurementsGiveAValueOrADiagnostic() {
    let originals = [measuredText, sweptText].map { Array($0.utf8) }
    for number in 0..<120 {
      var generator = Generator(state: UInt64(number))
      var bytes = originals[generator.below(originals.count)]
      Self.mutate(&bytes, &generator)
      let complaint = Self.measuredOutcome(bytes)
      #expect(complaint == nil, "mutation \(number): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func mutatedFilesGiveAValueOrADiagnostic() throws {
    let small =
      #"{protocol:"chain",run:{seeds:3},faults:[{after:"1ms",crash:"s1"}],check:"progress"}"#
    var originals: [(bytes: [UInt8], isFailure: Bool)] = [
      (Array(small.utf8), false), (Array(drawnText.utf8), false),
      (Array(scriptedText.utf8), false), (Array(blockText.utf8), false),
      (Array(storageText.utf8), false), (Array(drawnStorageText.utf8), false),
    ]
    let failure = failure(of: try readScenario(blockText))
    originals.append((Array(failure.text.utf8), true))
    for number in 0..<5_000 {
      var generator = Generator(state: UInt64(number))
      // The smallest file most often: its mutations reach as far and cost less.
      let pick = generator.below(2) == 0 ? 0 : generator.below(originals.count)
      var bytes = originals[pick].bytes
      Self.mutate(&bytes, &generator)
      let complaint = Self.outcome(bytes, isFailure: originals[pick].isFailure)
      #expect(complaint == nil, "mutation \(number): \(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
