import LinearizabilityChecking
import SimulationKernel

/// Watches that an update takes effect at most once.
///
/// Reads: `applied` observations, by process: a process applies a request at most once. At the end
/// ``duplicatedToken(in:among:)`` looks into the values that clients were given and replicas hold:
/// the token that an update wrote stands in them at most once.
///
/// Rejects: a client's append is forwarded, the answer is lost, the retry is appended again.
struct AtMostOnceMonitor: Sendable {
  private let layout: ClusterLayout
  /// By server, then client: bit sets of the requests that the server's process has applied.
  private var appliedBits: [[[UInt64]]]

  init(layout: ClusterLayout) {
    self.layout = layout
    appliedBits = Array(
      repeating: Array(repeating: [], count: layout.clientCount), count: layout.serverCount)
  }

  mutating func forget(_ server: NodeID) {
    for client in appliedBits[server.index].indices {
      appliedBits[server.index][client].removeAll()
    }
  }

  mutating func applied(_ request: RequestID, by server: NodeID) -> Violation? {
    let client = layout.clientIndex(of: request.client)
    let word = Int(request.number) / 64
    let bit = UInt64(1) << UInt64(Int(request.number) % 64)
    while appliedBits[server.index][client].count <= word {
      appliedBits[server.index][client].append(0)
    }
    let isRepeated = appliedBits[server.index][client][word] & bit != 0
    appliedBits[server.index][client][word] |= bit
    guard isRepeated else { return nil }
    return Violation(
      .atMostOnce,
      "\(layout.name(of: server)) applied request \(request.number) of "
        + "\(layout.name(of: request.client)) twice")
  }

  /// A token that stands twice in a value. Tokens of generated workloads delimit themselves
  /// (`<c1.3>`) and are counted in one pass; others are searched for one by one, so scripted tokens
  /// should not be parts of each other.
  static func duplicatedToken(in value: String, among tokens: [String]) -> String? {
    guard value.utf8.count > 1 else { return nil }
    if let parts = delimitedTokens(of: value) {
      let sorted = parts.sorted()
      for (first, second) in zip(sorted, sorted.dropFirst()) where first == second {
        if tokens.contains(first) { return first }
      }
      return nil
    }
    return tokens.first { token in occurrences(of: token, in: value) > 1 }
  }

  /// The tokens of a value that is a sequence of `<...>`, a draw's `#k` left away; `nil` for any
  /// other value.
  private static func delimitedTokens(of value: String) -> [String]? {
    var tokens: [String] = []
    var token: [UInt8] = []
    var isInside = false
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "<"):
        guard !isInside else { return nil }
        isInside = true
        token = [byte]
      case UInt8(ascii: ">"):
        guard isInside else { return nil }
        isInside = false
        tokens.append(String(decoding: token + [byte], as: UTF8.self))
      default:
        let isOfDraw = byte == UInt8(ascii: "#") || (48...57).contains(byte)
        guard isInside || (isOfDraw && !tokens.isEmpty) else { return nil }
        if isInside { token.append(byte) }
      }
    }
    return isInside ? nil : tokens
  }

  private static func occurrences(of token: String, in value: String) -> Int {
    let token = Array(token.utf8)
    let value = Array(value.utf8)
    guard !token.isEmpty, value.count >= 2 * token.count else { return 0 }
    var count = 0
    var position = 0
    while position + token.count <= value.count {
      if value[position..<(position + token.count)].elementsEqual(token) {
        count += 1
        position += token.count
      } else {
        position += 1
      }
    }
    return count
  }
}

extension AtMostOnceMonitor: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> AtMostOnceMonitor {
    var monitor = self
    monitor.appliedBits = appliedBits.map {
      renaming.permuted($0, firstNode: layout.client(0).index)
    }
    return monitor
  }
}

extension AtMostOnceMonitor: Fingerprintable {
  /// The trailing zeros of a bit set say nothing.
  func fingerprint(into hasher: inout StableHasher) {
    for clients in appliedBits {
      for words in clients {
        let used = words.count - words.reversed().prefix { $0 == 0 }.count
        for word in words[..<used] { hasher.combine(word) }
        hasher.combine(used)
      }
    }
  }
}
