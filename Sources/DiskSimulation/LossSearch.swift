/// How a program came to a crash state: a crash after some of its calls, and what was lost then.
public struct StateOrigin: Hashable, Sendable {
  /// A micro-operation and the index of the call that it is part of.
  public struct Part: Hashable, Sendable {
    public let call: Int
    public let text: String
  }

  /// How many calls had returned.
  public let completedCalls: Int
  /// The micro-operations of these calls that were lost: no crash that leaves this state loses
  /// fewer.
  public let lost: [Part]
  /// The call of a lost micro-operation, and a later call that reached the disk, or the outside
  /// world, nevertheless; nil if what was lost came last, as in a torn write.
  public let reordered: Reordering?

  public struct Reordering: Hashable, Sendable {
    public let lost: Int
    public let kept: Int

    public init(lost: Int, kept: Int) {
      self.lost = lost
      self.kept = kept
    }
  }
}

/// Finds the crash that loses the fewest micro-operations.
struct LossSearch {
  private struct Losses {
    var count: Int
    var places: [Int]

    func isBetter(than other: Losses) -> Bool {
      count != other.count
        ? count < other.count : places.lexicographicallyPrecedes(other.places)
    }
  }

  private let graph: ProgramGraph
  /// For each state the best crash.
  private var best: [ProgramState: (calls: Int, losses: Losses)] = [:]

  /// - Returns: nil if there are more than `limit` cases.
  init?(_ graph: ProgramGraph, callCount: Int, limit: Int) {
    self.graph = graph
    let sweep = StateSweep(graph)
    var layer = [sweep.start: Losses(count: 0, places: [])]
    var place = 0
    for calls in 0...callCount {
      for (last, losses) in layer {
        let state = sweep.state(last)
        if let known = best[state] {
          // An earlier crash that loses as much is the shorter story.
          guard
            losses.count < known.losses.count
              || (calls == known.calls && losses.isBetter(than: known.losses))
          else { continue }
        }
        best[state] = (calls, losses)
      }
      while place < graph.nodes.count, graph.nodes[place].call == calls {
        layer = Self.step(layer, place, sweep)
        if layer.count > limit { return nil }
        place += 1
      }
    }
  }

  private static func step(
    _ layer: [StateSweep.Case: Losses], _ place: Int, _ sweep: StateSweep
  ) -> [StateSweep.Case: Losses] {
    var next: [StateSweep.Case: Losses] = [:]
    func offer(_ new: StateSweep.Case, _ losses: Losses) {
      if let known = next[new], !losses.isBetter(than: known) { return }
      next[new] = losses
    }
    for (old, losses) in layer {
      if !old.blocked.contains(place) { offer(sweep.kept(place, old), losses) }
      // A sync or a print that was reached cannot be lost.
      guard case .change = sweep.graph.nodes[place].event else { continue }
      offer(
        sweep.lost(place, old),
        Losses(count: losses.count + 1, places: losses.places + [place]))
    }
    return next
  }

  func origin(of state: ProgramState) -> StateOrigin? {
    guard let (calls, losses) = best[state] else { return nil }
    let lost = losses.places.map { place in
      guard case .change(let operation) = graph.nodes[place].event else {
        return StateOrigin.Part(call: graph.nodes[place].call, text: "")
      }
      return StateOrigin.Part(call: graph.nodes[place].call, text: operation.description)
    }
    return StateOrigin(
      completedCalls: calls, lost: lost, reordered: reordering(calls, Set(losses.places)))
  }

  /// The last call that lost something before a later call that did not, and that later call: one
  /// that changes files, or else a print.
  private func reordering(_ calls: Int, _ lost: Set<Int>) -> StateOrigin.Reordering? {
    for place in lost.sorted(by: >) {
      let call = graph.nodes[place].call
      let later = graph.nodes.indices.filter {
        graph.nodes[$0].call > call && graph.nodes[$0].call < calls && !lost.contains($0)
      }
      let change = later.first {
        if case .change = graph.nodes[$0].event { true } else { false }
      }
      let print = later.first {
        if case .print = graph.nodes[$0].event { true } else { false }
      }
      if let kept = change ?? print {
        return StateOrigin.Reordering(lost: call, kept: graph.nodes[kept].call)
      }
    }
    return nil
  }
}
