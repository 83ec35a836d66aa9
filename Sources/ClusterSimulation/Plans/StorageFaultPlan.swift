import SimulationKernel

/// Storage faults of one word that a run draws: how many, and what each is drawn from.
public struct DrawnStorageFaults: Hashable, Sendable {
  public var word: StorageWord
  /// How many are armed at most. An armed fault strikes once, if it meets what it is for before the
  /// fault phase ends.
  public var count: Int
  /// The files that may be hit; `nil` for any.
  public var file: FilePattern?
  /// For failed fsyncs: what may become of the page; not empty.
  public var pages = PageAfterError.allCases
  /// For torn sectors: what they may hold; not empty.
  public var remains = SectorRemains.allCases
  /// For stalls: how long they may be.
  public var stall = DurationRange(.milliseconds(100), .milliseconds(2000))

  public init(_ word: StorageWord, count: Int) {
    self.word = word
    self.count = count
  }

  /// One of them.
  func draw(_ stream: inout SeededStream) -> StorageFaultRequest {
    let fault: StorageFault =
      switch word {
      case .tornSectors: .tornSectors(Self.oneOf(remains, &stream) ?? .old)
      case .syncError: .syncError(Self.oneOf(pages, &stream) ?? .clean)
      case .readError: .readError
      case .writeError: .writeError
      case .noSpace: .noSpace
      case .lostWrite: .lostWrite
      case .misdirectedWrite: .misdirectedWrite
      case .bitRot: .bitRot(byte: nil)
      case .staleRead: .staleRead
      case .stall: .stall(stall.draw(&stream))
      }
    return StorageFaultRequest(fault, file: file)
  }

  private static func oneOf<Word>(_ words: [Word], _ stream: inout SeededStream) -> Word? {
    words.isEmpty ? nil : words[stream.below(words.count)]
  }
}

extension FaultPlan {
  /// Whether a run may have storage faults at all.
  var hasStorageFaults: Bool {
    switch self {
    case .drawn(let drawn): drawn.storage.contains { $0.count > 0 }
    case .scripted(let faults):
      faults.contains { if case .storage = $0 { true } else { false } }
    }
  }
}
