import LinearizabilityChecking

/// What the formats of Jepsen understand differently.
struct JepsenProfile {
  /// What `:fail` says of a compare-and-swap whose completion repeats its two values.
  enum FailedSwap {
    /// That it found another value: an observation.
    case foundAnother
    /// That it did not happen.
    case didNotHappen
  }

  /// What `:ok` says of a read of `nil`.
  enum NilRead {
    /// That the value was `nil`.
    case value
    /// Nothing.
    case nothing
  }

  var failedSwap: FailedSwap
  var nilRead: NilRead
  /// `nil`: the operations tell it.
  var model: ObjectModel?
  /// What keys hold before the first update; `nil`: what is usual for the model.
  var initialValue: String?

  static func of(_ format: HistoryFormat, _ request: HistoryRequest) -> JepsenProfile {
    switch format {
    case .jepsenLog:
      JepsenProfile(
        failedSwap: .foundAnother, nilRead: .value, model: request.model ?? .casRegister,
        initialValue: request.initialValue ?? "nil")
    case .keyValueLog:
      JepsenProfile(
        failedSwap: .didNotHappen, nilRead: .nothing, model: request.model ?? .keyValue,
        initialValue: request.initialValue ?? "")
    default:
      JepsenProfile(
        failedSwap: .didNotHappen, nilRead: .nothing, model: request.model,
        initialValue: request.initialValue)
    }
  }

  /// What an object of the model holds at first if nobody says so.
  static func usualInitialValue(_ model: ObjectModel) -> String {
    model == .keyValue ? "" : "nil"
  }
}

/// One event as the formats of Jepsen tell it; values still as they stand in the input.
struct JepsenEvent {
  /// Where the whole of it stands.
  var range: Range<Int>
  /// The line that it starts on.
  var line: Int
  var process: EDNValue
  var type: Token
  var function: Token
  /// What belongs to the operation; absent is the same as `nil`.
  var value: EDNValue?
  var key: EDNValue?
  var count: EDNValue?
  var result: EDNValue?
  var error: EDNValue?
  /// Whether it is the only step of a transaction, where `nil` is what was read.
  var isTransaction = false
}

/// The words of `:f` and what they ask.
enum JepsenWord {
  static func kind(_ word: Token) -> RecordedOperation.Kind? {
    switch word.count {
    case 2:
      if word == ":r" { return .read }
      if word == ":w" { return .write }
    case 4:
      if word == ":cas" { return .compareAndSwap }
      if word == ":get" { return .read }
      if word == ":put" { return .write }
      if word == ":add" { return .add }
    case 5:
      if word == ":read" { return .read }
    case 6:
      if word == ":write" { return .write }
    case 7:
      if word == ":append" { return .append }
      if word == ":remove" { return .remove }
    case 8:
      if word == ":enqueue" { return .enqueue }
      if word == ":dequeue" { return .dequeue }
      if word == ":acquire" { return .acquire }
      if word == ":release" { return .release }
    case 9:
      if word == ":contains" { return .contains }
    default: break
    }
    return nil
  }

  static let known = [
    "read", "write", "cas", "get", "put", "append", "enqueue", "dequeue", "add", "remove",
    "contains", "acquire", "release", "txn",
  ]
}
