import LinearizabilityChecking
import SimulationKernel

/// A client's operations without an answer, in order of invocation, and so of number. Each is sent
/// again, under the same identity, whenever its retry timer fires.
struct OpenRequests: Sendable {
  private struct Entry: Sendable {
    var number: Int32
    var operation: Operation
    var retry: RetrySchedule
    var refusals = 0
  }

  private let client: NodeID
  private let timing: RetryTiming
  private var entries: [Entry] = []

  init(of client: NodeID, _ timing: RetryTiming) {
    self.client = client
    self.timing = timing
  }

  var isEmpty: Bool { entries.isEmpty }
  /// Places, from the oldest on.
  var indices: Range<Int> { entries.indices }

  /// - Returns: the place of the new one, which is neither sent nor waited for yet.
  mutating func add(_ request: RequestID, _ operation: Operation) -> Int {
    entries.append(
      Entry(number: request.number, operation: operation, retry: RetrySchedule(timing)))
    return entries.count - 1
  }

  /// `nil` if the request has its answer.
  func place(of request: RequestID) -> Int? {
    entries.firstIndex { $0.number == request.number }
  }

  /// The one that a retry timer belongs to.
  func place(of timer: TimerID) -> Int? {
    entries.firstIndex { $0.number == timer.tag }
  }

  func operation(_ place: Int) -> Operation { entries[place].operation }

  /// What is sent to a server.
  func request(_ place: Int) -> PrimaryBackup.Request {
    PrimaryBackup.Request(
      id: identity(place), operation: entries[place].operation, lowestOpen: entries[0].number)
  }

  private func identity(_ place: Int) -> RequestID {
    RequestID(client: client, number: Int(entries[place].number))
  }

  /// Starts the wait before the next retry.
  mutating func arm<Message: NodeMessage>(_ place: Int, _ host: inout Host<Message>) {
    host.setTimer(.retry(Int(entries[place].number)), after: entries[place].retry.next())
  }

  /// Answers the operation, which is not open any more.
  mutating func finish<Message: NodeMessage>(
    _ place: Int, _ response: Message.Response, _ host: inout Host<Message>
  ) {
    let request = identity(place)
    entries.remove(at: place)
    host.cancelTimer(.retry(Int(request.number)))
    host.complete(request, response)
  }

  // MARK: Refusals

  /// How often it was refused since ``forgetRefusals(_:)``.
  func refusals(_ place: Int) -> Int { entries[place].refusals }
  mutating func noteRefusal(_ place: Int) { entries[place].refusals += 1 }
  mutating func forgetRefusals(_ place: Int) { entries[place].refusals = 0 }
}

extension OpenRequests: ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> OpenRequests {
    var renamed = OpenRequests(of: renaming.node(client), timing)
    renamed.entries = entries.map { old in
      var new = old
      new.operation = old.operation.renamed(by: renaming)
      return new
    }
    return renamed
  }
}

extension OpenRequests: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    for entry in entries {
      hasher.combine(Int(entry.number))
      hasher.combine(operation: entry.operation)
      hasher.combine(entry.retry)
      hasher.combine(entry.refusals)
    }
    hasher.combine(entries.count)
  }
}
