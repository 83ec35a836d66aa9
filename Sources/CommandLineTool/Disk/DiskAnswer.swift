import DiskSimulation
import InputText

/// What `crashproof disk` says.
struct DiskAnswer {
  let loaded: LoadedDiskProgram
  let profile: PersistenceProfile
  let found: ProgramStates
  /// Nil if nothing was expected.
  let rejections: [ProgramReview.Rejection]?

  var exitCode: Int32 { rejections?.isEmpty ?? true ? 0 : 1 }

  var json: String {
    var members: [JSONTree.Member] = [
      .init("profile", .string(profile.name)),
      .init("microOperations", .integer(found.microOperationCount)),
      .init("closedSets", found.closedSetCount.map { .integer($0) } ?? .null),
    ]
    let explained = Dictionary(
      uniqueKeysWithValues: (rejections ?? []).map { ($0.state, $0) })
    if rejections != nil { members.append(.init("rejected", .integer(explained.count))) }
    members.append(
      .init("states", .array(found.states.map { tree($0, explained[$0]) })))
    return JSONWriter(style: .json).text(of: .object(members))
  }

  private func tree(_ state: ProgramState, _ rejection: ProgramReview.Rejection?) -> JSONTree {
    var members: [JSONTree.Member] = [
      .init(
        "files", .object(state.entries.map { JSONTree.Member($0.path, .string($0.contents)) })),
      .init("printed", .boolean(state.isPrinted)),
    ]
    guard rejections != nil else { return .object(members) }
    members.append(.init("rejected", .boolean(rejection != nil)))
    if let rejection {
      members.append(.init("why", .string(sentence(rejection))))
      members.append(
        .init("lost", .array(rejection.origin.lost.map { .string(text($0)) })))
    }
    return .object(members)
  }

  var text: String {
    let sets = found.closedSetCount.map { "\($0)" } ?? "more than 2^63"
    var text = "\(profile.name): \(found.microOperationCount) micro-operations, \(sets) closed "
    text += "sets, \(found.states.count) states\n"
    let rejected = Set((rejections ?? []).map(\.state))
    for state in found.states {
      text += "\(rejected.contains(state) ? "x" : " ") \(line(state))\n"
    }
    guard let rejections else { return text }
    text += "\(rejections.count) of \(found.states.count) states are rejected\n"
    return text + explanations(rejections)
  }

  /// Each sentence once, with the state that lost the least.
  private func explanations(_ rejections: [ProgramReview.Rejection]) -> String {
    var order: [String] = []
    var groups: [String: [ProgramReview.Rejection]] = [:]
    for rejection in rejections {
      let sentence = sentence(rejection)
      if groups[sentence] == nil { order.append(sentence) }
      groups[sentence, default: []].append(rejection)
    }
    var text = ""
    for sentence in order {
      guard
        let group = groups[sentence],
        let least = group.min(by: { $0.origin.lost.count < $1.origin.lost.count })
      else { continue }
      text += "\n\(sentence)\n"
      text += "  \(group.count) state\(group.count == 1 ? "" : "s"), such as \(line(least.state))\n"
      let calls = least.origin.completedCalls
      let place = calls == 0 ? "before the first call" : "after line \(loaded.line(of: calls - 1))"
      text += "  a crash \(place) that loses\(least.origin.lost.isEmpty ? " nothing" : "")\n"
      for part in least.origin.lost { text += "    \(self.text(part))\n" }
    }
    return text
  }

  private func line(_ state: ProgramState) -> String {
    var words = state.entries.map { entry in
      entry.path.hasSuffix("/") ? entry.path : "\(entry.path)=\(entry.contents)"
    }
    if words.isEmpty { words = ["nothing"] }
    return words.joined(separator: " ") + (state.isPrinted ? ", printed" : "")
  }

  private func text(_ part: StateOrigin.Part) -> String {
    "\(part.text) (line \(loaded.line(of: part.call)))"
  }

  private func name(_ call: Int) -> String {
    "\(loaded.program.calls[call].word) (line \(loaded.line(of: call)))"
  }

  /// What went wrong and what prevents it, in the words of the program.
  func sentence(_ rejection: ProgramReview.Rejection) -> String {
    let origin = rejection.origin
    var text: String
    if let reordered = origin.reordered {
      let isPrint = loaded.program.calls[reordered.kept] == .print
      text =
        isPrint
        ? "\(name(reordered.kept)) was seen before \(name(reordered.lost)) reached the disk"
        : "\(name(reordered.kept)) reached the disk before \(name(reordered.lost))"
    } else if let last = origin.lost.last {
      text = "\(name(last.call)) reached the disk in part, or not at all"
    } else if origin.completedCalls == 0 {
      text = "this is the state before the program"
    } else {
      text = "this is the state after \(name(origin.completedCalls - 1)), with nothing lost"
    }
    guard !rejection.remedy.isEmpty else {
      return origin.lost.isEmpty ? text : text + "; no fsync prevents it"
    }
    let syncs = rejection.remedy.map { insertion -> String in
      if rejection.remedy.count == 1, let reordered = origin.reordered,
        insertion.before > reordered.lost, insertion.before <= reordered.kept
      {
        return "fsync \(insertion.path) between them"
      }
      return insertion.before < loaded.program.calls.count
        ? "fsync \(insertion.path) before line \(loaded.line(of: insertion.before))"
        : "fsync \(insertion.path) at the end"
    }
    let verb = syncs.count == 1 ? "prevents" : "prevent"
    return text + "; " + syncs.joined(separator: " and ") + " \(verb) it"
  }
}
