/// Clients that change names, and what then becomes of the values that they write.
///
/// An exhaustive search identifies states that differ by such a renaming, so it must be one that
/// nobody can notice: clients that change places ask for the same in the same order, and the value
/// that one of them writes becomes the value that the other writes in its place.
public struct ClientRenaming: Sendable {
  /// By node index; servers and coordinator keep their names.
  private let nodes: [NodeID]
  /// Written values with what they become, each as UTF-8 bytes; none is the beginning of another.
  private let tokens: [(old: [UInt8], new: [UInt8])]

  /// - Parameters:
  ///   - clients: by 0-based number of the client: the number of the client whose name it gets. A
  ///     permutation.
  ///   - tokens: written values with what they become: one to one, not empty, and none the
  ///     beginning of another, so that a value composed of several can be taken apart.
  public init(_ layout: ClusterLayout, clients: [Int], tokens: [(old: String, new: String)]) {
    nodes = (0..<layout.nodeCount).map { index in
      let node = NodeID(index)
      guard layout.role(of: node) == .client else { return node }
      return layout.client(clients[layout.clientIndex(of: node)])
    }
    self.tokens = tokens.map { (Array($0.old.utf8), Array($0.new.utf8)) }
  }

  public func node(_ node: NodeID) -> NodeID {
    nodes.indices.contains(node.index) ? nodes[node.index] : node
  }

  /// Clients that change places number their requests alike.
  public func request(_ request: RequestID) -> RequestID {
    RequestID(client: node(request.client), number: Int(request.number))
  }

  /// A value of a store, with every written value in it translated.
  public func text(_ text: String) -> String {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let first = rest.first {
      if let token = tokens.first(where: { rest.starts(with: $0.old) }) {
        result += token.new
        rest = rest.dropFirst(token.old.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What stands by node index, in its new place.
  public func permuted<Element>(_ elements: [Element], firstNode: Int = 0) -> [Element] {
    var result = elements
    for place in elements.indices {
      let target = node(NodeID(firstNode + place)).index - firstNode
      if result.indices.contains(target) { result[target] = elements[place] }
    }
    return result
  }

  /// A sentence for people, with each client's name as a word of its own.
  public func sentence(_ sentence: String, _ layout: ClusterLayout) -> String {
    var result = ""
    var word = ""
    func finish() {
      let client = layout.node(named: word)
      result += client.map { layout.name(of: node($0)) } ?? word
      word = ""
    }
    for character in sentence {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else {
        finish()
        result.append(character)
      }
    }
    finish()
    return result
  }
}

/// What reads otherwise when clients change names: a memory, a message, a part of one.
///
/// Renaming must fit the handlers: renaming a memory and an input and then doing the step gives the
/// renamed result of the step. A handler that breaks ties by the names of clients, or counts on
/// their order, does not allow that. The searches are tested for it; see `SymmetryCheck`.
public protocol ClientRenamable {
  func renamed(by renaming: ClientRenaming) -> Self
}

extension Array: ClientRenamable where Element: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> [Element] {
    map { $0.renamed(by: renaming) }
  }
}

extension RequestID: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> RequestID { renaming.request(self) }
}

/// How the nodes and messages of a protocol read when clients change names. A protocol declares it
/// by conforming its memories and messages to ``ClientRenamable``; timers and continuations of its
/// nodes must not name clients.
public struct NodeRenaming<Subject: ReplicationProtocol>: Sendable {
  public let server: @Sendable (Subject.Server, ClientRenaming) -> Subject.Server
  public let coordinator: @Sendable (Subject.Coordinator, ClientRenaming) -> Subject.Coordinator
  public let client: @Sendable (Subject.Client, ClientRenaming) -> Subject.Client
  public let message: @Sendable (Subject.Message, ClientRenaming) -> Subject.Message

  public init()
  where
    Subject.Server: ClientRenamable, Subject.Coordinator: ClientRenamable,
    Subject.Client: ClientRenamable, Subject.Message: ClientRenamable
  {
    server = { $0.renamed(by: $1) }
    coordinator = { $0.renamed(by: $1) }
    client = { $0.renamed(by: $1) }
    message = { $0.renamed(by: $1) }
  }
}
