import SimulationKernel

extension RankedKv {
  /// A server: of the correct variant, or of one of the document's designs.
  public struct Server: ServerNode {
    public typealias Message = RankedKv.Message

    // One of the two is there.
    var versioned: VersionedServer?
    var document: DocumentServer?

    init(_ node: NodeID, _ settings: Settings) {
      switch settings.design {
      case .withMembership: versioned = VersionedServer(node.index, settings)
      case .asInTheDocument: document = DocumentServer(node.index, settings)
      }
    }

    public mutating func start(_ host: inout Host<RankedKv.Message>) {
      versioned?.start(&host)
      document?.start(&host)
    }

    public mutating func receive(
      _ message: RankedKv.Message, from sender: NodeID, _ host: inout Host<RankedKv.Message>
    ) {
      versioned?.receive(message, from: sender, &host)
      document?.receive(message, from: sender, &host)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<RankedKv.Message>) {
      versioned?.timerFired(timer, &host)
      document?.timerFired(timer, &host)
    }

    public mutating func peerUnavailable(
      _ peer: NodeID, _ host: inout Host<RankedKv.Message>
    ) {
      versioned?.peerUnavailable(peer, &host)
      document?.peerUnavailable(peer, &host)
    }

    public mutating func resume(_ continuation: Int, _ host: inout Host<RankedKv.Message>) {
      versioned?.resume(continuation, &host)
      document?.resume(continuation, &host)
    }

    // MARK: Projections

    public var role: ServerRole { versioned?.role ?? document?.role ?? .idle }
    public var epoch: Int { versioned?.membership.epoch ?? document?.leader.stamp ?? 0 }
    public var isReplica: Bool {
      if let versioned { return versioned.isMember }
      return document.map { !$0.isReviving } ?? false
    }
    public var contents: [KeyedValue] {
      versioned?.table.contents ?? document?.table.contents ?? []
    }

    public func fingerprint(into hasher: inout StableHasher) {
      if let versioned { hasher.combine(versioned) }
      if let document { hasher.combine(document) }
    }
  }
}

extension RankedKv.VersionedServer {
  var role: ServerRole {
    if !isMember { return .joining }
    return membership.primary == me ? .primary : .backup
  }
}
