import SimulationKernel
import Testing

@Suite("Update logs")
struct UpdateLogTests {
  static func entry(_ number: Int, digest: UInt64 = 0) -> UpdateLog.Entry {
    UpdateLog.Entry(
      request: RequestID(client: NodeID(number % 3), number: number), resultDigest: digest)
  }

  static func log(_ numbers: [Int]) -> UpdateLog {
    var log = UpdateLog()
    for number in numbers { log.append(entry(number)) }
    return log
  }

  @Test("every prefix of a log is a prefix of it, and no longer log is")
  func prefixes() {
    let whole = Self.log(Array(0..<12))
    for count in 0...12 {
      let part = Self.log(Array(0..<count))
      #expect(part.isPrefix(of: whole))
      #expect(whole.isPrefix(of: part) == (count == 12))
      #expect(whole.digest(ofFirst: count) == part.digest(ofFirst: count))
    }
  }

  @Test("prefixes agree with the entries on all short logs")
  func exhaustive() {
    var logs: [[Int]] = [[]]
    for start in 0..<40 where logs[start].count < 3 {
      for number in 0..<3 { logs.append(logs[start] + [number]) }
    }
    #expect(logs.count == 1 + 3 + 9 + 27)
    for left in logs {
      for right in logs {
        #expect(
          Self.log(left).isPrefix(of: Self.log(right)) == right.starts(with: left),
          "\(left) \(right)")
      }
    }
  }

  @Test("the same request with another result is another update")
  func results() {
    var left = UpdateLog()
    var right = UpdateLog()
    left.append(Self.entry(1, digest: 5))
    right.append(Self.entry(1, digest: 6))
    #expect(!left.isPrefix(of: right))
    #expect(left.fingerprint != right.fingerprint)
  }

  @Test("fingerprints tell logs apart, and equal logs have equal ones")
  func fingerprints() {
    let logs = [[], [1], [1, 2], [2, 1], [1, 1]].map { Self.log($0).fingerprint }
    #expect(Set(logs).count == logs.count)
    #expect(Self.log([1, 2]).fingerprint == Self.log([1, 2]).fingerprint)
  }

  @Test("entries come back in the order in which they were appended")
  func entries() {
    let log = Self.log([4, 2, 9])
    #expect(log.count == 3)
    #expect(log.entries == [4, 2, 9].map { Self.entry($0) })
    #expect(log.digest(ofFirst: 0) == 0)
  }
}
