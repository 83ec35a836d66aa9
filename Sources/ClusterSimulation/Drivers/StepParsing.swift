import LinearizabilityChecking
import SimulationKernel

extension StepText {
  /// - Throws: ``StepTextError`` if the line is not a step of this cluster.
  public func decode(_ line: String) throws(StepTextError) -> RecordedStep {
    try decodeWithRemark(line).step
  }

  /// The same with the remark; empty if there is none.
  public func decodeWithRemark(
    _ line: String
  ) throws(StepTextError) -> (step: RecordedStep, remark: String) {
    var words = LineWords(line)
    let time = try words.number("a time in nanoseconds", 0...Int.max)
    var step = RecordedStep(
      time: VirtualTime(nanoseconds: Int64(time)), action: try action(&words))
    let remark = try details(&words, of: &step)
    return (step, remark)
  }

  /// Reads a line of a schedule, which may leave out the time and the number of a parcel.
  /// - Parameters:
  ///   - line: the words of one step.
  ///   - time: reads a word that is a time; `nil` for any other word.
  ///   - tag: the place of the step in the schedule.
  /// - Throws: ``StepTextError`` if the line is not a step of this cluster.
  public func decode(
    scheduled line: String, tag: Int, time: (String) -> VirtualDuration?
  ) throws(StepTextError) -> PlannedStep {
    var words = LineWords(line)
    var start: VirtualTime?
    if let word = words.peek, let duration = time(word) {
      start = .start + duration
      _ = try words.word("a time")
    }
    let (action, takesFirst) = try action(&words, mayLeaveOutNumber: true)
    var step = RecordedStep(time: start ?? .start, action: action)
    let remark = try details(&words, of: &step)
    var planned = PlannedStep(step, tag: tag)
    planned.time = start
    planned.takesFirst = takesFirst
    planned.remark = remark
    return planned
  }

  /// What stands behind the action.
  /// - Returns: the remark; empty if there is none.
  private func details(
    _ words: inout LineWords, of step: inout RecordedStep
  ) throws(StepTextError) -> String {
    if words.peek == "crash" {
      _ = try words.word("crash")
      let kind = try crashKind(&words)
      step.crash = CrashWithinStep(
        effectCount: try words.number("a number of effects", 0...1_000_000), kind: kind)
    }
    if words.peek == "choose" {
      _ = try words.word("choose")
      step.choices = try choices(try words.word("a list of outcomes"))
    }
    if words.peek == "disk" {
      _ = try words.word("disk")
      step.decisions = try choices(try words.word("a list of outcomes"))
    }
    if let rest = words.peek, rest != "#" { throw StepTextError(message: "unexpected \"\(rest)\"") }
    return words.remark
  }

  /// - Returns: the action, and whether it names no parcel, but takes the first.
  private func action(
    _ words: inout LineWords, mayLeaveOutNumber: Bool
  ) throws(StepTextError) -> (action: ClusterAction, takesFirst: Bool) {
    guard mayLeaveOutNumber, let verb = words.peek, Self.parcelVerbs.contains(verb) else {
      return (try action(&words), false)
    }
    var ahead = words
    _ = try ahead.word("an action")
    _ = try node(&ahead)
    _ = try node(&ahead)
    if let next = ahead.peek, Int(next) != nil { return (try action(&words), false) }
    words.insert("0", at: 3)
    return (try action(&words), true)
  }

  private static let parcelVerbs = ["deliver", "lose", "duplicate"]

  private func action(_ words: inout LineWords) throws(StepTextError) -> ClusterAction {
    let verb = try words.word("an action")
    switch verb {
    case "start": return .start(try node(&words))
    case "deliver", "lose", "duplicate":
      let from = try node(&words)
      let to = try node(&words)
      let number = UInt32(try words.number("a parcel number", 0...Int(UInt32.max)))
      if verb == "deliver" { return .deliver(from: from, to: to, number: number) }
      return verb == "lose"
        ? .lose(from: from, to: to, number: number)
        : .duplicate(from: from, to: to, number: number)
    case "fire": return .fire(try node(&words), try timer(&words))
    case "resume": return .resume(try node(&words), try words.number("a number", .anyInt32))
    case "invoke": return .invoke(try client(&words), try operation(&words))
    case "die": return .crash(try server(&words), try crashKind(&words))
    case "blackout": return .clusterPowerLoss
    case "report": return .reportFailure(try server(&words))
    case "cut": return .cut(from: try node(&words), to: try node(&words))
    case "heal": return .heal(from: try node(&words), to: try node(&words))
    case "writeback": return .writeBack(try server(&words))
    case "fault": return .faultDisk(try server(&words), try storageFault(&words))
    case "calm": return .calmDisk(try server(&words))
    default: throw StepTextError(message: "\"\(verb)\" is no action")
    }
  }

  private func operation(_ words: inout LineWords) throws(StepTextError) -> Operation {
    let verb = try words.word("an operation")
    let key = try words.number("a key", 0...1_000_000)
    switch verb {
    case "get": return .get(key: key)
    case "put": return .put(key: key, value: try words.text())
    case "append": return .append(key: key, value: try words.text())
    case "draw":
      let value = try words.text()
      return .putDrawn(
        key: key, value: value, outcomes: try words.number("a count", 1...1_000_000))
    case "swap":
      let expected = try words.text()
      return .compareAndSet(key: key, expected: expected, new: try words.text())
    case "read":
      return .readBlocks(first: key, count: try words.number("1 or 2", 1...2))
    case "write":
      let count = try words.number("1 or 2", 1...2)
      return .writeBlocks(first: key, count: count, value: try words.text())
    default: throw StepTextError(message: "\"\(verb)\" is no operation")
    }
  }

  private func timer(_ words: inout LineWords) throws(StepTextError) -> TimerID {
    let word = try words.word("a kind of timer")
    guard let kind = TimerKind.allCases.first(where: { "\($0)" == word }) else {
      throw StepTextError(message: "\"\(word)\" is no kind of timer")
    }
    return TimerID(kind, tag: try words.number("a timer's number", .anyInt32))
  }

  private func crashKind(_ words: inout LineWords) throws(StepTextError) -> CrashKind {
    try words.oneOf(CrashKind.self, "kind of crash")
  }

  private func choices(_ text: String) throws(StepTextError) -> [UInt32] {
    var outcomes: [UInt32] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let outcome = UInt32(part) else {
        throw StepTextError(message: "\"\(part)\" is no outcome of a choice")
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func node(_ words: inout LineWords) throws(StepTextError) -> NodeID {
    let name = try words.word("a node")
    guard let node = layout.node(named: name) else {
      throw StepTextError(message: "there is no node \"\(name)\" in this cluster")
    }
    return node
  }

  private func server(_ words: inout LineWords) throws(StepTextError) -> NodeID {
    try node(&words, with: .server, "server")
  }

  private func client(_ words: inout LineWords) throws(StepTextError) -> NodeID {
    try node(&words, with: .client, "client")
  }

  private func node(
    _ words: inout LineWords, with role: NodeRole, _ roleName: String
  ) throws(StepTextError) -> NodeID {
    let node = try node(&words)
    guard layout.role(of: node) == role else {
      throw StepTextError(message: "\"\(layout.name(of: node))\" is no \(roleName)")
    }
    return node
  }
}

extension ClosedRange<Int> {
  fileprivate static let anyInt32 = Int(Int32.min)...Int(Int32.max)
}
