import SimulationKernel

/// What is wrong with a disk, and what is going to be.
///
/// The page cache and the medium can differ: a page can be clean in the cache although the medium
/// holds something else. Reads are answered from the cache until a power loss empties it. The next
/// write to such a page makes all of it dirty, so that the next fsync writes all of it.
struct DiskFaults: Sendable {
  /// A fault that waits for what it strikes.
  struct Armed: Equatable, Sendable {
    var request: StorageFaultRequest
    /// For a stale read: what was durable when the fault was armed.
    var earlier: DiskImage?
  }

  /// In the order in which they were armed.
  var armed: [Armed] = []
  /// Blocks that are clean in the cache, while the medium holds something else.
  var phantoms: [MicroOperation.Block] = []
  /// What struck since the step began.
  var struck: [StruckFault] = []

  /// Whether the disk is like one without faults.
  var isIdle: Bool { armed.isEmpty && phantoms.isEmpty && struck.isEmpty }

  /// Counts a call for the armed faults that could strike it, and takes the first whose turn it is.
  mutating func take(_ path: String, where fits: (Armed) -> Bool) -> Armed? {
    for index in armed.indices
    where armed[index].request.file?.matches(path) ?? true && fits(armed[index]) {
      guard armed[index].request.passes == 0 else {
        armed[index].request.passes -= 1
        continue
      }
      let taken = armed[index]
      armed[index].request.calls -= 1
      if armed[index].request.calls == 0 { armed.remove(at: index) }
      return taken
    }
    return nil
  }

  /// As ``take(_:where:)``, for the faults of one word.
  mutating func take(_ word: StorageWord, _ path: String) -> Armed? {
    take(path) { $0.request.fault.word == word }
  }

  /// Whether a fault of that word waits, whatever it waits for.
  func hasArmed(_ word: StorageWord) -> Bool {
    armed.contains { $0.request.fault.word == word }
  }

  mutating func addPhantom(_ block: MicroOperation.Block) {
    if !phantoms.contains(block) { phantoms.append(block) }
  }
}

extension VirtualDisk {
  /// Lets a storage fault strike: bit rot at once, torn sectors with the next power loss, anything
  /// else with the next call that it is for. A disk with faults leaves nothing open: what a power
  /// loss left undecided is decided before a fault has to do with it.
  public mutating func arm(_ request: StorageFaultRequest) {
    state.arm(request)
  }

  /// What has not struck by now will not. Damage that is done stays.
  public mutating func disarm() {
    guard state.faults != nil else { return }
    state.faults?.armed = []
    state.forgetIdleFaults()
  }

  /// The faults that wait, in the order in which they were armed.
  public var armedFaults: [StorageFaultRequest] { state.faults?.armed.map(\.request) ?? [] }

  /// The faults that struck since ``beginDecisions(given:drawing:)``, in order.
  public var struckFaults: [StruckFault] { state.faults?.struck ?? [] }

  /// A disk can be slow for long without being dead: Gunawi et al., "Fail-Slow at Scale" (FAST
  /// 2018).
  public mutating func takeStall(of path: String) -> VirtualDuration {
    guard state.faults != nil, let armed = state.faults?.take(.stall, path),
      case .stall(let duration) = armed.request.fault
    else { return .zero }
    state.note(.stall, "\(path) stalls for \(duration)")
    return duration
  }
}

extension DiskState {
  mutating func arm(_ request: StorageFaultRequest) {
    if faults == nil { faults = DiskFaults() }
    switch request.fault {
    case .bitRot(let byte):
      decideEverything()
      for _ in 0..<request.calls { rot(request.file, byte: byte) }
    case .staleRead:
      decideEverything()
      faults?.armed.append(DiskFaults.Armed(request: request, earlier: durable.recovered()))
    default: faults?.armed.append(DiskFaults.Armed(request: request))
    }
    forgetIdleFaults()
  }

  mutating func note(_ word: StorageWord, _ text: String) {
    faults?.struck.append(StruckFault(word, text))
  }

  /// A disk that is like one without faults is one.
  mutating func forgetIdleFaults() {
    guard faults != nil else { return }
    faults?.phantoms.removeAll { !visible.files.contains($0.file) }
    if faults?.isIdle == true { faults = nil }
  }

  /// A decision about a fault: an outcome in `0..<count`, recorded unless there is only one.
  mutating func pick(_ count: Int) -> Int {
    count > 1 ? decisions.choose(count) : 0
  }
}
