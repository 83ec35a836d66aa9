import ClusterSimulation
import InputText
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// A failure file, read and understood.
struct FailureInput {
  let file: SourceFile
  var failure: FailureFile
  let entry: CatalogEntry
  let runner: ClusterRunner
  let steps: [RecordedStep]
  /// By step: what it was said to take when it was written down; may be empty.
  let remarks: [String]
  /// Whether the world is left alone behind the steps, and judged then.
  let settles: Bool

  /// - Throws: ``MissingFileError``, or `Diagnostics` with everything that is wrong with the file.
  init(_ path: String) throws {
    try self.init(try InputFiles.source(path))
  }

  init(_ file: SourceFile) throws {
    self.file = file
    failure = try FailureFile.read(file, vocabulary: ProtocolCatalog.vocabulary)
    guard let entry = ProtocolCatalog.entry(named: failure.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    self.entry = entry
    runner = entry.runner(of: failure.scenario)
    settles = failure.decisions.last == FailureFile.settlingWord
    let decisions = settles ? failure.decisions.dropLast() : failure.decisions[...]
    let decoded = try Self.decode(Array(decisions), of: file, runner.layout)
    steps = decoded.map(\.step)
    remarks = decoded.map(\.remark)
  }

  var check: CheckName? { CheckName(rawValue: failure.check) }

  func replayRequest(limit: Int = .max, detail: LineDetail = .none) -> ReplayRequest {
    var request = ReplayRequest(
      steps: steps, limit: limit, expectsProgress: failure.check == CheckName.progress.rawValue,
      settles: settles, detail: detail)
    request.remarks = remarks
    request.recovery = RecoveryLimit(
      faultsEnd: failure.faultsEnd, recoverWithin: failure.scenario.run.recoverWithin)
    return request
  }

  /// The same steps to be followed where the code is not what it was.
  var plannedSteps: [PlannedStep] {
    zip(steps, remarks).enumerated().map { tag, line in
      var step = PlannedStep(line.0, tag: tag)
      step.remark = line.1
      return step
    }
  }

  /// - Throws: `Diagnostics` with every decision that is no step.
  private static func decode(
    _ decisions: [String], of file: SourceFile, _ layout: ClusterLayout
  ) throws -> [(step: RecordedStep, remark: String)] {
    let text = StepText(layout)
    var steps: [(step: RecordedStep, remark: String)] = []
    var diagnostics = Diagnostics(file: file)
    let positions = file.ranges(ofElementsOf: ["decisions"])
    for (index, decision) in decisions.enumerated() {
      do throws(StepTextError) {
        steps.append(try text.decodeWithRemark(decision))
      } catch {
        diagnostics.error(
          "decision \(index + 1): \(error.message)",
          at: positions.indices.contains(index) ? positions[index] : .startOfFile)
      }
    }
    if diagnostics.hasErrors { throw diagnostics }
    return steps
  }
}

extension CatalogEntry {
  /// The drivers of a scenario of this protocol.
  func runner(of scenario: Scenario) -> ClusterRunner {
    let conversion = ScenarioConversion(scenario, self)
    guard let runner = makeRunner(conversion.setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
    }
    return runner
  }
}

extension SourceFile {
  /// The places of the elements of an array, which a way of keys leads to; none if there is none.
  func ranges(ofElementsOf way: [String]) -> [SourceRange] {
    var value = try? JSONReader.read(self)
    for key in way { value = value?.member(key)?.value }
    guard case .array(let elements)? = value?.content else { return [] }
    return elements.map(\.range)
  }
}
