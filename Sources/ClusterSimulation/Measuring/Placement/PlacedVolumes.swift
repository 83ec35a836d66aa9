import SimulationKernel

/// Where the replicas of all volumes are. A replica has a number: that of its volume times the
/// number of replicas of each, plus its place in the chain.
struct PlacedVolumes: Sendable {
  private let plan: PlacementPlan
  private let replicas: Int
  /// By replica: its server; ``lost``; or, while it is copied, `copying - server`.
  private var places: [Int32]
  /// By volume.
  private var liveCounts: [Int32]
  /// By server: the replicas that it holds.
  private var held: [[Int32]]
  /// By server: volumes of which it holds the only replica.
  private var soleCounts: [Int32]
  /// Servers whose failure would make a volume unavailable.
  private(set) var criticalServers = 0

  private static let lost: Int32 = -1
  private static let copying: Int32 = -2

  init(_ plan: PlacementPlan, _ stream: inout SeededStream) {
    self.plan = plan
    replicas = plan.replicas
    places = [Int32](repeating: Self.lost, count: plan.volumes * plan.replicas)
    liveCounts = [Int32](repeating: 0, count: plan.volumes)
    held = [[Int32]](repeating: [], count: plan.servers)
    soleCounts = [Int32](repeating: 0, count: plan.servers)
    for replica in places.indices { put(replica, on: destination(of: replica, &stream)) }
  }

  /// A server that may hold the replica: its place in the ring, or a random one without another
  /// replica of the volume.
  func destination(of replica: Int, _ stream: inout SeededStream) -> Int {
    let volume = replica / replicas
    if plan.placement == .ring { return (volume + replica % replicas) % plan.servers }
    while true {
      let server = stream.below(plan.servers)
      let others = places[volume * replicas..<(volume + 1) * replicas]
      if !others.contains(Int32(server)), !others.contains(Self.copying - Int32(server)) {
        return server
      }
    }
  }

  /// The first server that holds a replica of the same volume; there is one unless the volume is
  /// unavailable.
  func source(of replica: Int) -> Int {
    let first = replica / replicas * replicas
    for place in places[first..<first + replicas] where place >= 0 { return Int(place) }
    programmingError("a copy of a volume that is lost")
  }

  /// `nil` while it is lost.
  func server(of replica: Int) -> Int? {
    places[replica] >= 0 ? Int(places[replica]) : nil
  }

  mutating func beginCopy(of replica: Int, to server: Int) {
    places[replica] = Self.copying - Int32(server)
  }

  mutating func abandonCopy(of replica: Int) {
    places[replica] = Self.lost
  }

  mutating func put(_ replica: Int, on server: Int) {
    let volume = replica / replicas
    if liveCounts[volume] == 1 { removeSole(source(of: replica)) }
    places[replica] = Int32(server)
    liveCounts[volume] += 1
    if liveCounts[volume] == 1 { addSole(server) }
    held[server].append(Int32(replica))
  }

  /// All that the server holds is lost.
  /// - Returns: the replicas, in the order in which they are to be copied; `nil` if a volume has
  ///   become unavailable, after which nothing may be asked any more.
  mutating func fail(_ server: Int) -> [Int32]? {
    if soleCounts[server] > 0 { return nil }
    var lost: [Int32] = []
    swap(&lost, &held[server])
    for replica in lost {
      let volume = Int(replica) / replicas
      places[Int(replica)] = Self.lost
      liveCounts[volume] -= 1
      if liveCounts[volume] == 1 { addSole(source(of: Int(replica))) }
    }
    // The chains that a server of a ring belongs to take turns.
    if plan.placement == .ring { lost.sort() }
    return lost
  }

  private mutating func addSole(_ server: Int) {
    soleCounts[server] += 1
    if soleCounts[server] == 1 { criticalServers += 1 }
  }

  private mutating func removeSole(_ server: Int) {
    soleCounts[server] -= 1
    if soleCounts[server] == 0 { criticalServers -= 1 }
  }
}
