import SimulationKernel
import Testing

@Suite("Stable hashes")
struct StableHasherTests {
  static func hash(_ fill: (inout StableHasher) -> Void) -> UInt64 {
    var hasher = StableHasher()
    fill(&hasher)
    return hasher.finalize()
  }

  @Test("hashes of words are pinned")
  func pinnedWords() {
    #expect(Self.hash { _ in } == 14_614_340_987_246_698_572)
    #expect(StableHasher(seed: 1).finalize() == 3_073_352_468_958_822_544)
    #expect(Self.hash { $0.combine(0) } == 3_865_869_832_538_205_582)
    #expect(Self.hash { $0.combine(1) } == 3_877_878_144_824_123_603)
    #expect(Self.hash { $0.combine(-1) } == 17_325_123_454_029_301_977)
    #expect(Self.hash { $0.combine(UInt64.max) } == 17_325_123_454_029_301_977)
    #expect(Self.hash { $0.combine(true) } == 3_877_878_144_824_123_603)
    #expect(Self.hash { $0.combine(false) } == 7_929_042_981_372_426_815)
  }

  @Test(
    "hashes of strings are pinned",
    arguments: [
      ("", 3_337_763_018_466_563_797), ("a", 8_012_080_901_536_033_455),
      ("crash", 878_501_907_324_121_543), ("12345678", 1_802_121_208_413_706_645),
      ("123456789", 2_278_091_826_909_855_207), ("é", 2_485_647_228_292_220_703),
    ] as [(String, UInt64)])
  func pinnedStrings(text: String, expected: UInt64) {
    #expect(Self.hash { $0.combine(text) } == expected)
  }

  @Test("neighbouring strings cannot be confused, however they are cut")
  func stringBoundaries() {
    let text = "abcdefghijklmnopqrstuvwxyz"
    var hashes: [UInt64] = []
    for cut in 0...text.count {
      hashes.append(
        Self.hash {
          $0.combine(String(text.prefix(cut)))
          $0.combine(String(text.dropFirst(cut)))
        })
    }
    #expect(Set(hashes).count == text.count + 1)
  }

  @Test("strings of zero bytes of different lengths differ")
  func zeroBytes() {
    let hashes = (0..<20).map { count in
      Self.hash { $0.combine(String(repeating: "\0", count: count)) }
    }
    #expect(Set(hashes).count == 20)
  }

  @Test("order counts")
  func order() {
    let forth = Self.hash {
      $0.combine(1)
      $0.combine(2)
    }
    let back = Self.hash {
      $0.combine(2)
      $0.combine(1)
    }
    #expect(forth != back)
  }

  @Test("neighbouring sequences cannot be confused, and empty ones count")
  func sequences() {
    let nodes = (0..<4).map { NodeID($0) }
    var hashes = (0...4).map { cut in
      Self.hash {
        $0.combine(contentsOf: nodes[..<cut])
        $0.combine(contentsOf: nodes[cut...])
      }
    }
    hashes.append(Self.hash { $0.combine(contentsOf: nodes) })
    hashes.append(Self.hash { $0.combine(contentsOf: [NodeID]()) })
    hashes.append(Self.hash { _ in })
    #expect(Set(hashes).count == hashes.count)
  }

  @Test("asking for the hash does not end the hashing")
  func finalizeIsNoEnd() {
    var hasher = StableHasher()
    hasher.combine(1)
    let first = hasher.finalize()
    #expect(hasher.finalize() == first)
    hasher.combine(2)
    #expect(hasher.finalize() != first)
  }

  @Test("no two of a hundred thousand small inputs collide")
  func fewCollisions() {
    var seen: Set<UInt64> = []
    for left in 0..<320 {
      for right in 0..<320 {
        seen.insert(
          Self.hash {
            $0.combine(left)
            $0.combine(right)
          })
      }
    }
    #expect(seen.count == 320 * 320)
  }

  @Test("changing one input bit changes about half of the hash")
  func avalanche() {
    var flipped = 0
    for bit in 0..<64 {
      let plain = Self.hash { $0.combine(0x1234_5678_9ABC_DEF0) }
      let other = Self.hash { $0.combine(0x1234_5678_9ABC_DEF0 ^ (UInt64(1) << UInt64(bit))) }
      let count = (plain ^ other).nonzeroBitCount
      #expect(count > 8, "bit \(bit)")
      flipped += count
    }
    #expect(abs(flipped - 64 * 32) < 64 * 6)
  }
}
