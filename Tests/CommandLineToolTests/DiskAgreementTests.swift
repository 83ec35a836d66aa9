import DiskSimulation
import Testing

@testable import CommandLineTool

/// The proof that open disks lose no outcome, on programs of two calls; the command goes further.
@Suite struct DiskAgreementTests {
  @Test(arguments: PersistenceProfile.known.map(\.name))
  func openDisksGiveTheOutcomesOfAllClosedSets(_ name: String) throws {
    let profile = try #require(PersistenceProfile.named(name))
    let (recoveries, first) = try DiskAgreement(profile: profile, calls: 2).run(jobs: 2) { _, _ in }
    #expect(first == nil)
    #expect(recoveries.programs == 144 && recoveries.leftOut == 0)
    let (states, second) = try StateAgreement(profile: profile, calls: 2).run(jobs: 2) { _, _ in }
    #expect(second == nil)
    #expect(states.programs == 64)
  }

  /// A disk that decides too early, and one that forgets everything, are told apart from it.
  @Test func aWrongDiskIsRejected() throws {
    let wrong: [@Sendable (inout VirtualDisk) -> Void] = [
      { $0.losePower(choose: { _ in 0 }) },
      { disk in
        try? disk.losePower(keeping: Array(disk.pendingMicroOperations.indices))
      },
    ]
    for losePower in wrong {
      var recoveries = DiskAgreement(profile: .standard, calls: 2)
      recoveries.losePower = losePower
      #expect(try recoveries.run(jobs: 1) { _, _ in }.1 != nil)
      var states = StateAgreement(profile: .standard, calls: 2)
      states.losePower = losePower
      #expect(try states.run(jobs: 1) { _, _ in }.1 != nil)
    }
  }

  @Test func theSameFiguresWithOneJobAndTwo() throws {
    let agreement = StateAgreement(profile: .standard, calls: 2)
    let one = try agreement.run(jobs: 1) { _, _ in }.0
    #expect(one == (try agreement.run(jobs: 2) { _, _ in }.0))
  }
}
