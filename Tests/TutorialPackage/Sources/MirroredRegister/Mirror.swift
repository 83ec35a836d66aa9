import SimulationKernel

extension MirroredRegister {
  /// A server: a file for each register, replaced by way of a temporary one.
  public struct Mirror: ServerNode {
    let deviations: DeviationSet<Deviation>
    var held: [Int: Stamped] = [:]

    public let role = ServerRole.single
    public let epoch = 1
    public let isReplica = true

    init(deviations: DeviationSet<Deviation>) {
      self.deviations = deviations
    }

    public var contents: [KeyedValue] {
      held.keys.sorted().map { KeyedValue(key: $0, value: held[$0]?.value ?? "") }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      for key in held.keys.sorted() {
        hasher.combine(key)
        if let value = held[key] { hasher.combine(value) }
      }
    }

    // The process starts, or starts again: everything it ever confirmed is in the files.
    public mutating func start(_ host: inout Host<Message>) {
      do throws(FileError) {
        for name in try host.list(".") where name.hasPrefix("register.") {
          guard let key = Int(name.dropFirst("register.".count)),
            let value = Stamped(bytes: try host.read(name))
          else { return host.abort("a register cannot be read") }
          held[key] = value
        }
      } catch {
        host.abort("file error")
      }
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .ask(let request, let key):
        host.send(.held(request, held[key] ?? Stamped()), to: sender)
      case .store(let request, let key, let new):
        if new > held[key] ?? Stamped() || deviations.contains(.lastToArriveWins) {
          keep(new, as: key, request, &host)
        }
        host.send(.stored(request), to: sender)
      case .held, .stored: break
      }
    }

    private mutating func keep(
      _ new: Stamped, as key: Int, _ request: RequestID, _ host: inout Host<Message>
    ) {
      held[key] = new
      do throws(FileError) {
        try host.perform(.create("new"))
        try host.perform(.truncate("new", size: 0))
        try host.perform(.write("new", offset: 0, bytes: new.bytes))
        host.crashPoint("written", request: request)
        try host.perform(.syncFile("new"))
        host.crashPoint("forced", request: request)
        try host.perform(.rename("new", to: "register.\(key)"))
        host.crashPoint("renamed", request: request)
        if !deviations.contains(.directoryNotForced) { try host.perform(.syncDirectory(".")) }
        host.crashPoint("durable", request: request)
      } catch {
        host.abort("file error")
      }
    }
  }
}

extension MirroredRegister.Stamped {
  /// As the file has it: `3 1 value`.
  var bytes: [UInt8] { Array("\(number) \(client) \(value)".utf8) }

  init?(bytes: [UInt8]) {
    let parts = String(decoding: bytes, as: UTF8.self)
      .split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let number = Int(parts[0]), let client = Int(parts[1]) else {
      return nil
    }
    self.init(number: number, client: client, value: String(parts[2]))
  }
}
