import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("What becomes of a write when a server crashes")
struct WriteFateTests {
  private func fates(
    _ deviations: [DurableRegister.Deviation], at label: String, _ kind: CrashKind,
    operations: Int = 1
  ) -> (fates: Set<WriteFate>, verdict: CrashPointVerdict?) {
    let runner = registerRunner(deviations) { plan in
      plan.workload.script = [
        (0..<operations).map { PlannedOperation(.put(key: 0, value: "<\($0)>")) }
      ]
      plan.workload.clientCount = 1
      plan.workload.readsAtEnd = true
    }
    var request = RegisterEnumeration.request()
    request.plan.labels = [label]
    request.plan.kinds = [kind]
    request.plan.thoroughness = .everyFate
    let results = runner.crashPoints(request).results
    return (results.first?.tally.fates ?? [], results.first?.tally.verdict)
  }

  @Test("before the answer, a retry brings the write back whatever was lost")
  func beforeTheAnswer() {
    for kind in CrashKind.allCases {
      for label in ["written", "synced", "renamed"] {
        let found = fates([], at: label, kind)
        #expect(found.fates == [WriteFate(.kept, .givenToRetry)], "\(label) \(kind)")
        #expect(found.verdict == .pass)
      }
    }
  }

  @Test("every outcome is tried and told, also after one that failed")
  func everyFate() {
    // The answer may be on its way when the server dies after the rename that is not forced.
    let runner = registerRunner([.noDirectorySync]) { plan in
      plan.workload.script = [[PlannedOperation(.put(key: 0, value: "<1>"))]]
      plan.workload.clientCount = 1
    }
    var request = RegisterEnumeration.request()
    request.plan.kinds = [.powerLoss]
    let some = runner.crashPoints(request)
    request.plan.thoroughness = .everyFate
    let all = runner.crashPoints(request)
    #expect(some.failures.map(\.point) == all.failures.map(\.point))
    #expect(all.outcomes > some.outcomes)
  }

  @Test("a write that a later one may have replaced says nothing")
  func replaced() {
    let found = fates([], at: "written", .process, operations: 2)
    #expect(found.fates == [WriteFate(.unknown, .givenToRetry)])
  }

  @Test("fates have an order of their own")
  func order() {
    let sorted = [WriteFate(.lost, .given), WriteFate(.kept, .missing), WriteFate(.kept, .given)]
      .sorted()
    #expect(sorted.map(\.value) == [.kept, .kept, .lost])
    #expect(sorted.map(\.answer) == [.given, .missing, .given])
  }
}
