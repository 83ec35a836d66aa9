import SimulationKernel
import Testing

@testable import ClusterSimulation

/// Calls of a made-up step, by line.
struct StepOfCalls {
  var calls: [FileCall] = []

  static func site(_ line: UInt32, from caller: UInt32? = nil) -> CallSite {
    CallSite("S/Node.swift", line, from: caller.map { CallSite("S/Node.swift", $0) })
  }

  mutating func add(_ operation: FileOperation, at line: UInt32, from caller: UInt32? = nil) {
    calls.append(FileCall(site: Self.site(line, from: caller), kind: .perform(operation)))
  }

  mutating func read(
    _ path: String, at line: UInt32, answer: FileCall.Answer = .bytes([]), decides: Bool = false
  ) {
    calls.append(
      FileCall(
        site: Self.site(line), kind: .read(path, offset: 0, count: .max), answer: answer,
        isDecision: decides))
  }

  var mutations: [String] {
    FileMutation.all(in: calls).map { mutation, first, second in
      let word =
        switch mutation {
        case .drop: "drop"
        case .swap: "swap"
        case .swapLines(let left, let right):
          "lines \(left.map(\.line)) \(right.map(\.line))"
        case .delay: "delay"
        }
      return "\(word) \(first)" + (second.map { ", \($0)" } ?? "")
    }
  }
}

@Suite("Mutations of file calls")
struct FileMutationTests {
  @Test("every fsync can be dropped, every two neighbours can change places")
  func neighbours() {
    var step = StepOfCalls()
    step.add(.create("a"), at: 1)
    step.add(.write("a", offset: 0, bytes: [1]), at: 2)
    step.add(.syncFile("a"), at: 3)
    #expect(
      step.mutations == [
        "swap creat a, write a", "swap write a, fsync a", "drop fsync a",
      ])
  }

  @Test("an operation has as neighbours the read after it and the next operation, reads have none")
  func reads() {
    var step = StepOfCalls()
    step.add(.create("a"), at: 1)
    step.read("b", at: 2)
    step.read("c", at: 3)
    step.add(.unlink("d"), at: 4)
    #expect(
      step.mutations == ["swap creat a, read b", "swap creat a, unlink d", "swap read c, unlink d"])
  }

  @Test("two equal calls are no pair")
  func equalCalls() {
    var step = StepOfCalls()
    step.add(.syncFile("a"), at: 1)
    step.add(.syncFile("a"), at: 2)
    #expect(step.mutations == ["drop fsync a", "drop fsync a"])
  }

  @Test("a helper with several calls changes places as a whole, too")
  func groups() {
    var step = StepOfCalls()
    step.add(.makeDirectory("d"), at: 1, from: 10)
    step.add(.syncDirectory("."), at: 2, from: 10)
    step.add(.create("a"), at: 11)
    #expect(step.mutations.contains("lines [10] [11] fsync ., creat a"))
    let orders = FileMutation.swapLines(
      StepOfCalls.site(10).places, StepOfCalls.site(11).places
    ).orders(for: step.calls)
    #expect(performed(orders, 3) == ["creat a", "mkdir d", "fsync ."])
  }

  @Test("a loop changes places as a whole, and its rounds with each other")
  func loops() {
    var step = StepOfCalls()
    step.add(.rename("x", to: "a"), at: 5)
    step.add(.rename("y", to: "b"), at: 5)
    step.add(.syncDirectory("."), at: 6)
    let rounds = FileMutation.swap(StepOfCalls.site(5), StepOfCalls.site(5))
    #expect(performed(rounds.orders(for: step.calls), 2) == ["rename y b", "rename x a"])
    let loop = FileMutation.swapLines(StepOfCalls.site(5).places, StepOfCalls.site(6).places)
    #expect(performed(loop.orders(for: step.calls), 3) == ["fsync .", "rename x a", "rename y b"])
  }

  @Test("a swap around a read that decides something about an open disk is left alone")
  func decisions() {
    var step = StepOfCalls()
    step.add(.create("a"), at: 1)
    step.read("b", at: 2, decides: true)
    step.add(.unlink("d"), at: 3)
    let swap = FileMutation.swap(StepOfCalls.site(1), StepOfCalls.site(3))
    #expect(swap.orders(for: step.calls).isEmpty)
    step.calls[1].isDecision = false
    #expect(swap.orders(for: step.calls).count == 3)
  }

  /// What is performed in the place of each call.
  private func performed(_ orders: CallOrders, _ count: Int) -> [String] {
    (0..<count).map { position in
      if case .performing(let operation)? = orders[position] { operation.callText } else { "-" }
    }
  }
}
