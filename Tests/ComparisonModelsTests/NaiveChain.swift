/// The chain model once more, as one world with all its variables, written down from the published
/// rules action by action and searched with whole worlds in a set. It shares nothing with the model
/// under test or with the search.
struct NaiveChain: Hashable {
  typealias Message = [Int]

  static let none = 7
  static let serverCount = 3

  // Servers.
  var dead = [false, false, false]
  var hist: [[Int]] = [[], [], []]
  var sent: [[Int]] = [[], [], []]
  var pred = [none, 0, 1]
  var succ = [1, 2, none]
  // Clients.
  var op = [0, 0]
  var nw = [0, 0]
  var nr = [0, 0]
  var inv = [0, 0]
  var head = [0, 0]
  var tail = [2, 2]
  var cver = 0
  // Master.
  var mp = [none, 0, 1]
  var ms = [1, 2, none]
  var crashes = 0
  // Channels: by sender and receiver, 3 * sender + receiver among servers.
  var req: [[Message]] = Array(repeating: [], count: 6)
  var rep: [[Message]] = Array(repeating: [], count: 6)
  var lnk: [[Message]] = Array(repeating: [], count: 9)
  var m2s: [[Message]] = [[], [], []]
  var s2m: [[Message]] = [[], [], []]
  var fd: [Int] = []
  var m2c: [[Message]] = [[], []]
  var bad = false

  struct Bounds {
    var crashes: Int
    var writes = 2
    var reads = 2
    var forgetsToBringUpToDate = false
    var headAnswers = false
  }

  // Kinds of messages.
  static let upd = 1
  static let qry = 2
  static let fwd = 3
  static let ack = 4
  static let newHead = 5
  static let newTail = 6
  static let newPred = 7
  static let newSucc = 8

  func own(_ update: Int) -> Int { (update - 1) % 2 }
  func pos(_ list: [Int], _ update: Int) -> Int { (list.firstIndex(of: update) ?? -1) + 1 }

  // MARK: Actions; each gives the worlds after it

  func apply(_ i: Int, _ u: Int, _ next: inout NaiveChain) {
    next.hist[i].append(u)
    if succ[i] == Self.none {
      next.rep[2 * i + own(u)].append([u, hist[i].count + 1])
      if pred[i] != Self.none { next.lnk[3 * i + pred[i]].append([Self.ack, u]) }
    } else {
      next.sent[i].append(u)
      next.lnk[3 * i + succ[i]].append([Self.fwd, u])
    }
  }

  func request(_ c: Int, _ i: Int, _ bounds: Bounds) -> NaiveChain? {
    guard !dead[i], let message = req[3 * c + i].first else { return nil }
    let u = message[1]
    var next = self
    next.req[3 * c + i].removeFirst()
    if message[0] == Self.upd {
      guard pred[i] == Self.none else { return nil }
      let a = pos(hist[i], u)
      if a == 0 {
        if bounds.headAnswers { next.rep[2 * i + own(u)].append([u, hist[i].count + 1]) }
        apply(i, u, &next)
      } else if pos(sent[i], u) == 0 {
        next.rep[2 * i + own(u)].append([u, a])
      }
    } else {
      guard succ[i] == Self.none else { return nil }
      next.rep[2 * i + c].append([u, hist[i].count])
    }
    return next
  }

  func link(_ j: Int, _ i: Int) -> NaiveChain? {
    guard i != j, !dead[i], let message = lnk[3 * j + i].first else { return nil }
    let u = message[1]
    var next = self
    next.lnk[3 * j + i].removeFirst()
    if message[0] == Self.fwd, pred[i] == j, pos(hist[i], u) == 0 {
      apply(i, u, &next)
    } else if message[0] == Self.ack, succ[i] == j, pos(sent[i], u) > 0 {
      next.sent[i] = Array(sent[i][pos(sent[i], u)...])
      if pred[i] != Self.none { next.lnk[3 * i + pred[i]].append([Self.ack, u]) }
    }
    return next
  }

  func configure(_ i: Int, _ bounds: Bounds) -> NaiveChain? {
    guard !dead[i], let m = m2s[i].first else { return nil }
    var next = self
    next.m2s[i].removeFirst()
    switch m[0] {
    case Self.newHead: next.pred[i] = Self.none
    case Self.newTail:
      next.succ[i] = Self.none
      next.sent[i] = []
      for u in sent[i] {
        next.rep[2 * i + own(u)].append([u, pos(hist[i], u)])
        if pred[i] != Self.none { next.lnk[3 * i + pred[i]].append([Self.ack, u]) }
      }
    case Self.newPred:
      next.pred[i] = m[1]
      next.s2m[i].append([hist[i].count, hist[i].count - sent[i].count])
    default:
      let gone = sent[i].filter { pos(hist[i], $0) <= m[3] }
      let keep = sent[i].filter { pos(hist[i], $0) > m[3] }
      next.succ[i] = m[1]
      next.sent[i] = keep
      if pred[i] != Self.none {
        for u in gone { next.lnk[3 * i + pred[i]].append([Self.ack, u]) }
      }
      if !bounds.forgetsToBringUpToDate {
        for u in keep where pos(hist[i], u) > m[2] {
          next.lnk[3 * i + m[1]].append([Self.fwd, u])
        }
      }
    }
    return next
  }

  func detect() -> NaiveChain? {
    guard let x = fd.first else { return nil }
    var next = self
    next.fd.removeFirst()
    let p = mp[x]
    let q = ms[x]
    if p != Self.none { next.ms[p] = q }
    if q != Self.none { next.mp[q] = p }
    if p == Self.none, q != Self.none {
      next.m2s[q].append([Self.newHead])
      for c in 0..<2 { next.m2c[c].append([1, q]) }
    } else if q == Self.none, p != Self.none {
      next.m2s[p].append([Self.newTail])
      for c in 0..<2 { next.m2c[c].append([0, p]) }
    } else if p != Self.none, q != Self.none {
      next.m2s[q].append([Self.newPred, p])
    }
    return next
  }

  func last(_ i: Int) -> NaiveChain? {
    guard let report = s2m[i].first else { return nil }
    var next = self
    next.s2m[i].removeFirst()
    if mp[i] != Self.none, !dead[i] {
      next.m2s[mp[i]].append([Self.newSucc, i, report[0], report[1]])
    }
    return next
  }

  func crash(_ i: Int, _ bounds: Bounds) -> NaiveChain? {
    guard crashes < bounds.crashes, crashes < 2, !dead[i] else { return nil }
    var next = self
    next.crashes += 1
    next.dead[i] = true
    next.hist[i] = []
    next.sent[i] = []
    next.pred[i] = 0
    next.succ[i] = 0
    for j in 0..<3 { next.lnk[3 * j + i] = [] }
    for c in 0..<2 { next.req[3 * c + i] = [] }
    next.m2s[i] = []
    next.fd.append(i)
    return next
  }

  func send(_ c: Int, _ i: Int, _ message: Message, _ next: inout NaiveChain) {
    if !dead[i] { next.req[3 * c + i].append(message) }
  }

  func write(_ c: Int, _ bounds: Bounds) -> NaiveChain? {
    let u = c + 1 + nw[c] * 2
    guard op[c] == 0, u <= bounds.writes else { return nil }
    var next = self
    next.op[c] = u
    next.nw[c] += 1
    next.inv[c] = cver
    send(c, head[c], [Self.upd, u], &next)
    return next
  }

  func read(_ c: Int, _ bounds: Bounds) -> NaiveChain? {
    let u = bounds.writes + c + 1 + nr[c] * 2
    guard op[c] == 0, u <= bounds.writes + bounds.reads else { return nil }
    var next = self
    next.op[c] = u
    next.nr[c] += 1
    next.inv[c] = cver
    send(c, tail[c], [Self.qry, u], &next)
    return next
  }

  func told(_ c: Int, _ bounds: Bounds) -> NaiveChain? {
    guard let m = m2c[c].first else { return nil }
    var next = self
    next.m2c[c].removeFirst()
    if m[0] == 1 {
      next.head[c] = m[1]
      if op[c] != 0, op[c] <= bounds.writes { send(c, m[1], [Self.upd, op[c]], &next) }
    } else {
      next.tail[c] = m[1]
      if op[c] > bounds.writes { send(c, m[1], [Self.qry, op[c]], &next) }
    }
    return next
  }

  func got(_ i: Int, _ c: Int, _ bounds: Bounds) -> NaiveChain? {
    guard let m = rep[2 * i + c].first else { return nil }
    let (o, v) = (m[0], m[1])
    var next = self
    next.rep[2 * i + c].removeFirst()
    if op[c] != 0, o == op[c] {
      next.bad = bad || !(o <= bounds.writes ? v > inv[c] : v >= inv[c])
      next.op[c] = 0
      next.inv[c] = 0
      next.cver = max(v, cver)
    }
    return next
  }

  func successors(_ bounds: Bounds) -> [NaiveChain] {
    var worlds: [NaiveChain?] = [detect()]
    for i in 0..<3 {
      worlds += [configure(i, bounds), last(i), crash(i, bounds)]
      for j in 0..<3 { worlds.append(link(j, i)) }
      for c in 0..<2 { worlds += [request(c, i, bounds), got(i, c, bounds)] }
    }
    for c in 0..<2 { worlds += [write(c, bounds), read(c, bounds), told(c, bounds)] }
    return worlds.compactMap { $0 }
  }

  // MARK: What must hold

  var holds: Bool {
    for i in 0..<3 {
      for j in (i + 1)..<max(i + 1, 3) where !dead[i] && !dead[j] {
        guard hist[i].starts(with: hist[j]) else { return false }
      }
    }
    return !bad
  }
}

extension NaiveChain {
  struct Outcome: Equatable {
    var states = 0
    var transitions = 0
    var levels: [Int] = []
    /// Steps to the first world in which something does not hold.
    var violation: Int?
  }

  /// Breadth first; it ends with the first level that holds a violation.
  static func search(_ bounds: Bounds) -> Outcome {
    var outcome = Outcome()
    var seen: Set<NaiveChain> = [NaiveChain()]
    var level = [NaiveChain()]
    while !level.isEmpty {
      outcome.states += level.count
      outcome.levels.append(level.count)
      if level.contains(where: { !$0.holds }) {
        outcome.violation = outcome.levels.count - 1
        return outcome
      }
      var next: [NaiveChain] = []
      for world in level {
        for successor in world.successors(bounds) {
          outcome.transitions += 1
          if seen.insert(successor).inserted { next.append(successor) }
        }
      }
      level = next
    }
    return outcome
  }
}
