import SimulationKernel

/// Which requests are open and where they stand in the history.
@usableFromInline
struct OpenOperations: Sendable {
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var request: RequestID
    @usableFromInline var historyIndex: Int

    @inlinable
    init(request: RequestID, historyIndex: Int) {
      self.request = request
      self.historyIndex = historyIndex
    }
  }

  /// By client index; a client has few open requests.
  @usableFromInline var byClient: [[Entry]]
  @usableFromInline var invoked: [Int]
  @usableFromInline var count = 0

  init(clientCount: Int) {
    byClient = Array(repeating: [], count: clientCount)
    invoked = Array(repeating: 0, count: clientCount)
  }

  /// The number that the client's next request gets; the first is 1.
  @inlinable
  mutating func nextNumber(client: Int) -> Int {
    invoked[client] += 1
    return invoked[client]
  }

  @inlinable
  mutating func open(_ request: RequestID, client: Int, historyIndex: Int) {
    byClient[client].append(Entry(request: request, historyIndex: historyIndex))
    count += 1
  }

  /// Removes the request and gives its place in the history; `nil` if it is not open.
  @inlinable
  mutating func close(_ request: RequestID, client: Int) -> Int? {
    for index in byClient[client].indices where byClient[client][index].request == request {
      let historyIndex = byClient[client][index].historyIndex
      byClient[client].remove(at: index)
      count -= 1
      return historyIndex
    }
    return nil
  }

  /// The number of a request among all clients' requests in order of invocation, from 1; 0 if it
  /// is not open.
  func ordinal(of request: RequestID) -> Int {
    for entries in byClient {
      for entry in entries where entry.request == request { return entry.historyIndex + 1 }
    }
    return 0
  }

  /// The open requests, by client and then by age.
  var requests: [RequestID] { byClient.flatMap { $0.map(\.request) } }
}
