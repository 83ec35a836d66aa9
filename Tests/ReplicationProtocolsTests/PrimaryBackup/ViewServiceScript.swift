import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Drives a view service by hand, in the shorthand of the labs' tests: `s1.4` is a ping of number 4
/// from server s1, `tick` a tick of the service.
///
/// The labs' servers have no incarnations. Here a ping of number 0 that follows another number
/// comes from a new process, as the labs mean it.
struct ViewServiceScript {
  var service: PrimaryBackup.ViewService
  private var incarnations: [Int]
  private var lastNumbers: [Int]

  init(_ rules: PrimaryBackup.ViewServiceRules, servers: Int = 3) {
    service = PrimaryBackup.ViewService(serverCount: servers, rules)
    incarnations = Array(repeating: 1, count: servers)
    lastNumbers = Array(repeating: 0, count: servers)
  }

  /// For example `3: s1 s2`; `-` stands for nobody.
  var view: String { service.view.description }

  /// Plays the steps and expects the same view after each of them.
  mutating func play(
    _ steps: String, times: Int = 1, _ expected: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for round in 1...times {
      for step in steps.split(separator: " ") {
        take(step)
        #expect(
          view == expected, "after \(step), round \(round)", sourceLocation: sourceLocation)
      }
    }
  }

  /// Plays the steps whatever comes of them.
  mutating func play(_ steps: String) {
    for step in steps.split(separator: " ") { take(step) }
  }

  private mutating func take(_ step: Substring) {
    guard step != "tick" else {
      service.tick()
      return
    }
    let parts = step.dropFirst().split(separator: ".")
    guard parts.count == 2, let server = Int(parts[0]).map({ $0 - 1 }), let number = Int(parts[1])
    else {
      Issue.record("no such step: \(step)")
      return
    }
    if number == 0, lastNumbers[server] != 0 { incarnations[server] += 1 }
    lastNumbers[server] = number
    ping(server, number)
  }

  /// A ping that names the same view as acknowledged and as adopted, as all pings of the labs do.
  /// - Parameter incarnation: `nil` for the server's current one.
  @discardableResult
  mutating func ping(
    _ server: Int, _ number: Int, incarnation: Int? = nil, adopted: Int? = nil,
    carriesOnFrom: Int = 0
  ) -> Bool {
    service.ping(
      PrimaryBackup.Ping(
        incarnation: incarnation ?? incarnations[server], acknowledged: number,
        adopted: adopted ?? number, carriesOnFrom: carriesOnFrom),
      from: server)
  }

  /// Twice: each of the servers pings the current number, then a tick.
  mutating func pass(_ servers: Int...) {
    let number = service.view.number
    for _ in 1...2 {
      for server in servers { ping(server - 1, number) }
      service.tick()
    }
  }
}
