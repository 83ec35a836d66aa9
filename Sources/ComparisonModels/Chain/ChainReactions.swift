import ModelChecking
import SimulationKernel

/// What slots of the chain model tell each other within a step.
public enum ChainSignal: Hashable, Sendable {
  /// To a channel: one more message.
  case push(ChainMessage)
  /// To a channel: its receiver is dead.
  case end
  /// To a receiver: the first message of a channel.
  case requested(ChainMessage, client: Int)
  case linked(ChainMessage, server: Int)
  case told(ChainMessage)
  /// To the server that sent a report: it reaches the master only if the server lives.
  case passOn(ChainMessage)
  case reported(ChainMessage, server: Int)
  case crash
  /// To the monitor.
  case began(client: Int)
  case ended(client: Int, isWrite: Bool, version: Int)
}

extension ChainModel {
  public typealias Step = Reaction<ChainComponent, ChainSignal>
  typealias Consequences = [Consequence<ChainSignal>]

  public func actions(of component: ChainComponent, in slot: Int) -> [Step] {
    switch component {
    case .channel(let channel): handOver(channel, slots.role(of: slot))
    case .client(let client):
      if case .client(let number) = slots.role(of: slot) { begin(client, number) } else { [] }
    case .crashes(let count) where count < crashes:
      (0..<3).map { server in
        Reaction(
          becoming: .crashes(count + 1), [.signal(.crash, to: slots.slot(.server(server)))],
          tags: Self.fault)
      }
    default: []
    }
  }

  /// The tag of crashes.
  public static let fault = StepTags(rawValue: 1)
  /// The tag of beginning an operation.
  public static let invocation = StepTags(rawValue: 2)

  /// A channel gives its first message to its receiver.
  private func handOver(_ channel: ChainChannel, _ role: ChainRole) -> [Step] {
    guard channel.state == .open, let message = channel.messages.first else { return [] }
    var rest = channel
    rest.messages.removeFirst()
    let signal: Consequence<ChainSignal>
    switch role {
    case .link(let sender, let receiver):
      signal = .signal(.linked(message, server: sender), to: slots.slot(.server(receiver)))
    case .configuration(let server):
      signal = .signal(.told(message), to: slots.slot(.server(server)))
    case .report(let server): signal = .signal(.passOn(message), to: slots.slot(.server(server)))
    case .failures: signal = .signal(.told(message), to: slots.slot(.master))
    case .request(let client, let server):
      signal = .signal(.requested(message, client: client), to: slots.slot(.server(server)))
    case .reply(_, let client), .notice(let client):
      signal = .signal(.told(message), to: slots.slot(.client(client)))
    default: return []
    }
    return [Reaction(becoming: .channel(rest), [signal])]
  }

  /// A client without an open operation begins its next write or its next read.
  private func begin(_ client: ChainClient, _ number: Int) -> [Step] {
    guard client.operation == 0 else { return [] }
    var steps: [Step] = []
    let write = number + 1 + client.writes * 2
    if write <= writes {
      var next = client
      next.operation = write
      next.writes += 1
      steps.append(invoke(next, number, .update(write), at: client.head))
    }
    let read = writes + number + 1 + client.reads * 2
    if read <= writes + reads {
      var next = client
      next.operation = read
      next.reads += 1
      steps.append(invoke(next, number, .query(read), at: client.tail))
    }
    return steps
  }

  private func invoke(
    _ client: ChainClient, _ number: Int, _ message: ChainMessage, at server: Int
  ) -> Step {
    Reaction(
      becoming: .client(client),
      [
        .signal(.began(client: number), to: slots.slot(.monitor)),
        .signal(.push(message), to: slots.slot(.request(from: number, to: server))),
      ], tags: Self.invocation)
  }

  // MARK: Reactions

  public func reactions(
    of component: ChainComponent, in slot: Int, to signal: ChainSignal
  ) -> [Step] {
    switch (component, slots.role(of: slot)) {
    case (.channel(let channel), let role): [accept(signal, channel, role)]
    case (.server(let server), .server(let number)): react(server, number, signal)
    case (.master(let master), _): react(master, signal)
    case (.client(let client), .client(let number)): react(client, number, signal)
    case (.monitor(let monitor), _): [watch(monitor, signal)]
    default: []
    }
  }

  private func accept(_ signal: ChainSignal, _ channel: ChainChannel, _ role: ChainRole) -> Step {
    var next = channel
    switch signal {
    case .push(let message) where channel.state != .closed: next.messages.append(message)
    case .end:
      next.messages = []
      next.state = .shut
      // Clients know from the master that a server is dead; servers' links and the master's
      // channels take what is sent and never deliver it.
      if case .request = role { next.state = .closed }
    default: break
    }
    return Reaction(becoming: .channel(next))
  }

  private func react(_ server: ChainServer, _ number: Int, _ signal: ChainSignal) -> [Step] {
    var next = server
    switch signal {
    case .passOn(let report):
      // A report of a server that has died since is lost.
      let passed: Consequences = [
        .signal(.reported(report, server: number), to: slots.slot(.master))
      ]
      return [Reaction(becoming: .server(server), server.isDead ? [] : passed)]
    case _ where server.isDead: return []
    case .crash:
      var ends: Consequences = []
      for other in 0..<3 where other != number {
        ends.append(.signal(.end, to: slots.slot(.link(from: other, to: number))))
      }
      for client in 0..<2 {
        ends.append(.signal(.end, to: slots.slot(.request(from: client, to: number))))
      }
      ends.append(.signal(.end, to: slots.slot(.configuration(to: number))))
      ends.append(.signal(.push(.failed(number)), to: slots.slot(.failures)))
      return [Reaction(becoming: .server(.dead), ends)]
    case .requested(let message, let client):
      guard let sendings = next.receive(message, fromClient: client, deviation) else { return [] }
      return [Reaction(becoming: .server(next), consequences(sendings, of: number))]
    case .linked(let message, let sender):
      let sendings = next.receive(message, fromServer: sender)
      return [Reaction(becoming: .server(next), consequences(sendings, of: number))]
    case .told(let message):
      let sendings = next.configure(message, deviation)
      return [Reaction(becoming: .server(next), consequences(sendings, of: number))]
    default: return []
    }
  }

  private func consequences(_ sendings: [ChainServer.Sending], of server: Int) -> Consequences {
    sendings.map { sending in
      switch sending {
      case .toServer(let other, let message):
        .signal(.push(message), to: slots.slot(.link(from: server, to: other)))
      case .toOwner(let message, let update):
        .signal(.push(message), to: slots.slot(.reply(from: server, to: owner(ofUpdate: update))))
      case .toClient(let client, let message):
        .signal(.push(message), to: slots.slot(.reply(from: server, to: client)))
      case .toMaster(let message): .signal(.push(message), to: slots.slot(.report(from: server)))
      }
    }
  }

  private func react(_ master: ChainMaster, _ signal: ChainSignal) -> [Step] {
    var next = master
    switch signal {
    case .told(.failed(let server)):
      let news = next.failed(server)
      var consequences: Consequences = []
      if let (receiver, message) = news.toServer {
        consequences.append(.signal(.push(message), to: slots.slot(.configuration(to: receiver))))
      }
      if let message = news.toClients {
        for client in 0..<2 {
          consequences.append(.signal(.push(message), to: slots.slot(.notice(to: client))))
        }
      }
      return [Reaction(becoming: .master(next), consequences)]
    case .reported(.report(let applied, let stable), let server):
      guard let predecessor = master.predecessors[server] else {
        return [Reaction(becoming: .master(master))]
      }
      let message = ChainMessage.newSuccessor(server, applied: applied, stable: stable)
      return [
        Reaction(
          becoming: .master(master),
          [.signal(.push(message), to: slots.slot(.configuration(to: predecessor)))])
      ]
    default: return []
    }
  }

  private func react(_ client: ChainClient, _ number: Int, _ signal: ChainSignal) -> [Step] {
    var next = client
    var consequences: Consequences = []
    switch signal {
    case .told(.headIs(let server)):
      next.head = server
      if client.operation != 0, client.operation <= writes {
        consequences.append(
          .signal(
            .push(.update(client.operation)), to: slots.slot(.request(from: number, to: server))))
      }
    case .told(.tailIs(let server)):
      next.tail = server
      if client.operation > writes {
        consequences.append(
          .signal(
            .push(.query(client.operation)), to: slots.slot(.request(from: number, to: server))))
      }
    case .told(.reply(let operation, let version)):
      guard client.operation != 0, operation == client.operation else { break }
      next.operation = 0
      consequences.append(
        .signal(
          .ended(client: number, isWrite: operation <= writes, version: version),
          to: slots.slot(.monitor)))
    default: return []
    }
    return [Reaction(becoming: .client(next), consequences)]
  }

  private func watch(_ monitor: ChainMonitor, _ signal: ChainSignal) -> Step {
    var next = monitor
    switch signal {
    case .began(let client): next.versionsAtStart[client] = monitor.version
    case .ended(let client, let isWrite, let version):
      let atStart = monitor.versionsAtStart[client]
      if isWrite ? version <= atStart : version < atStart { next.isBroken = true }
      next.versionsAtStart[client] = 0
      next.version = max(monitor.version, version)
    default: break
    }
    return Reaction(becoming: .monitor(next))
  }
}
