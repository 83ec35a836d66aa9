import Foundation
import Testing

@Suite("Mutated files through the program")
struct MutationTests {
  private static let pieces = [
    "{", "}", "[", "]", ":", ",", "\"", "'", "\\u", "/*", "0x", "1e999", "-1", "null", "\"s9\"",
    "99999999999999999999", "\"all\"", "\"1h\"", "9223372036854775807", " choose 1,2", "0",
  ].map { Array($0.utf8) }

  /// SplitMix64: a failing mutation is found again by its number.
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

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
    for _ in 0...generator.below(2) {
      let place = generator.below(bytes.count)
      switch generator.below(4) {
      case 0: bytes[place] = UInt8(generator.below(256))
      // A digit for a digit keeps the file readable more often.
      case 1: bytes[place] = UInt8(ascii: "0") + UInt8(generator.below(10))
      case 2: bytes.insert(contentsOf: pieces[generator.below(pieces.count)], at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.below(8)))
      }
    }
  }

  @Test("150 of them end with 0, 1, 2 or 65, and say something")
  func mutants() throws {
    let folder = try TestFolder()
    try folder.write("failing.json5", Example.failing)
    _ = try Tool.run("run", "failing.json5", in: folder)
    let failure = Array(try folder.read("Reports/failures/failing-1.json").utf8)
    let scenario = Array(
      """
      { title: "M", protocol: "chain", servers: 3, clients: { count: 2, operations: 3 },
        network: { latency: { min: "1ms", max: "3ms" }, loss: 0.1 },
        assume: { network: "lossy" }, run: { seeds: 2, steps: 900 },
        faults: [{ after: "9ms", crash: "s1" }, { cut: ["s2", "c1"], from: "5ms", to: "80ms" }] }
      """.utf8)
    var codes: [Int32: Int] = [:]
    for number in 0..<150 {
      var generator = Generator(state: UInt64(number))
      let isFailure = number % 2 == 0
      var bytes = isFailure ? failure : scenario
      Self.mutate(&bytes, &generator)
      try folder.write("m", bytes)
      let arguments =
        isFailure ? ["replay", "m"] : ["run", "m", "--seeds", "1", "--report", "M"]
      let outcome = try Tool.run(arguments, in: folder, timeout: 60)
      codes[outcome.code, default: 0] += 1
      #expect(
        [0, 1, 2, 65].contains(outcome.code) && !outcome.timedOut,
        "mutation \(number): \(outcome.code)\n\(String(decoding: bytes, as: UTF8.self))")
      #expect(!(outcome.out + outcome.err).isEmpty)
    }
    #expect(codes[65, default: 0] > 50)
    #expect(codes[0, default: 0] > 0)
  }
}
