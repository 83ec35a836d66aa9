import SimulationKernel

extension Chain {
  /// The known bugs of chain replication that can be switched on, by their public ids.
  public enum Deviation: String, ProtocolDeviation {
    case sentForgottenWhenForwarded = "CR-01"
    case headAnswersUpdates = "CR-05"
    case anyServerAnswersQueries = "CR-06"
    case newTailKeepsSilent = "CR-07"
    case joinerAnswersTooEarly = "CR-08"
    case oldTailAnswersUpdates = "CR-09"
    case oldTailAnswersQueries = "CR-11"
    case updatesAppliedAsTheyArrive = "CR-12"
    case duplicatesApplied = "CR-14"
    case retriesUnderNewIdentity = "CR-16"
    case newHeadCountsAnew = "CR-22"

    public var change: String {
      switch self {
      case .sentForgottenWhenForwarded:
        "an update leaves Sent when it is forwarded, not when it is acknowledged"
      case .headAnswersUpdates: "the head answers an update as soon as it has applied it"
      case .anyServerAnswersQueries: "clients ask any server of the chain, and it answers"
      case .newTailKeepsSilent:
        "a server that becomes tail neither answers nor acknowledges what it holds in Sent"
      case .joinerAnswersTooEarly:
        "clients are told of the new tail when the copy begins, and it answers them at once"
      case .oldTailAnswersUpdates: "a tail that was replaced goes on answering updates"
      case .oldTailAnswersQueries: "a tail that was replaced goes on answering queries"
      case .updatesAppliedAsTheyArrive:
        "updates are applied in order of arrival, whatever their sequence numbers"
      case .duplicatesApplied: "an update that arrives a second time is applied a second time"
      case .retriesUnderNewIdentity: "a client's retry is a request of its own"
      case .newHeadCountsAnew:
        "a head numbers updates by those that it sequenced, not by those that it has applied"
      }
    }
  }

  /// The deviations in force, one stored Boolean each, because handlers ask on every step.
  struct Flaws: Sendable {
    let sentForgottenWhenForwarded: Bool
    let headAnswersUpdates: Bool
    let anyServerAnswersQueries: Bool
    let newTailKeepsSilent: Bool
    let joinerAnswersTooEarly: Bool
    let oldTailAnswersUpdates: Bool
    let oldTailAnswersQueries: Bool
    let updatesAppliedAsTheyArrive: Bool
    let duplicatesApplied: Bool
    let retriesUnderNewIdentity: Bool
    let newHeadCountsAnew: Bool

    init(_ deviations: DeviationSet<Deviation>) {
      sentForgottenWhenForwarded = deviations.contains(.sentForgottenWhenForwarded)
      headAnswersUpdates = deviations.contains(.headAnswersUpdates)
      anyServerAnswersQueries = deviations.contains(.anyServerAnswersQueries)
      newTailKeepsSilent = deviations.contains(.newTailKeepsSilent)
      joinerAnswersTooEarly = deviations.contains(.joinerAnswersTooEarly)
      oldTailAnswersUpdates = deviations.contains(.oldTailAnswersUpdates)
      oldTailAnswersQueries = deviations.contains(.oldTailAnswersQueries)
      updatesAppliedAsTheyArrive = deviations.contains(.updatesAppliedAsTheyArrive)
      duplicatesApplied = deviations.contains(.duplicatesApplied)
      retriesUnderNewIdentity = deviations.contains(.retriesUnderNewIdentity)
      newHeadCountsAnew = deviations.contains(.newHeadCountsAnew)
    }
  }
}
