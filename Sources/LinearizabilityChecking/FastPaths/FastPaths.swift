/// The theories by object: decides a part without a search where one of them covers it.
struct FastPaths: Sendable {
  private var groups = ContiguousGroups()
  private var registers = RegisterGroups()
  private var lists = ListGroups()
  private var texts = TextGroups()
  private var queues = QueueOrder()
  private var isQueue = false

  /// Starts on a history.
  mutating func begin(_ history: RecordedHistory) {
    isQueue = history.model == .fifoQueue
    switch history.model {
    case .register, .casRegister: registers.begin(history)
    case .keyValue:
      registers.begin(history)
      texts.begin(history)
    case .listAppend: lists.begin(history)
    case .block, .fifoQueue, .set, .mutex: break
    }
  }

  /// Decides the part that consists of `members`, operation indices by call. Where it is
  /// linearizable its order is appended to `order`.
  mutating func decide(
    _ members: ArraySlice<Int32>, _ history: RecordedHistory, order: inout [Int32]
  ) -> FastPathAnswer {
    if isQueue { return queues.decide(members, history, order: &order) }
    groups.begin(members, history)
    let problem: FastPathAnswer?
    switch history.model {
    case .register, .casRegister: problem = registers.fill(&groups, members, history)
    case .keyValue:
      let appends = members.contains { history.operations[Int($0)].kind == .append }
      problem =
        appends
        ? texts.fill(&groups, members, history) : registers.fill(&groups, members, history)
    case .listAppend: problem = lists.fill(&groups, members, history)
    case .block, .fifoQueue, .set, .mutex: problem = .notCovered
    }
    let answer = problem ?? groups.arrange()
    if answer == .ordered { groups.appendOrder(of: members, to: &order) }
    return answer
  }

  /// Operations that a violation needs beside those that it names. An update of unknown outcome
  /// counts only if somebody saw that it took effect, and the place of an append is known from an
  /// answer that shows it.
  func support(of reason: ViolationCertificate.Reason) -> [Int32] {
    if isQueue { return queues.support }
    var needed: [Int32] = []
    var pending = reason.operations
    if case .chainAgainstTime(_, let later, _) = reason, groups.roles[Int(later)] == .read {
      pending = []
    }
    while let update = pending.popLast() {
      var viewer = groups.viewers[Int(update)]
      if viewer < 0, groups.returns[Int(update)] == .max {
        viewer = groups.source.firstIndex(of: update).map { Int32($0) } ?? -1
      }
      if viewer >= 0, !needed.contains(viewer) {
        needed.append(viewer)
        pending.append(viewer)
      }
    }
    return needed
  }
}
