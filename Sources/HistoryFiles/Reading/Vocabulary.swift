import InputText
import LinearizabilityChecking

extension RecordedOperation.Kind {
  /// What messages and our own format call it.
  var word: StaticString {
    switch self {
    case .read, .readList, .readTwo: "read"
    case .write, .writeTwo: "write"
    case .compareAndSwap: "cas"
    case .append: "append"
    case .enqueue: "enqueue"
    case .dequeue: "dequeue"
    case .add: "add"
    case .remove: "remove"
    case .contains: "contains"
    case .acquire: "acquire"
    case .release: "release"
    }
  }

  /// Whether a call names a value.
  var takesValue: Bool {
    switch self {
    case .write, .writeTwo, .compareAndSwap, .append, .enqueue, .add, .remove, .contains: true
    case .read, .readList, .readTwo, .dequeue, .acquire, .release: false
    }
  }
}

extension ObjectModel {
  /// Whether this can be asked of the object.
  func has(_ kind: RecordedOperation.Kind) -> Bool {
    switch (self, kind) {
    case (.register, .read), (.register, .write): true
    case (.casRegister, .read), (.casRegister, .write), (.casRegister, .compareAndSwap): true
    case (.keyValue, .read), (.keyValue, .write), (.keyValue, .append): true
    case (.keyValue, .compareAndSwap): true
    case (.listAppend, .append), (.listAppend, .readList): true
    case (.block, .read), (.block, .write), (.block, .readTwo), (.block, .writeTwo): true
    case (.fifoQueue, .enqueue), (.fifoQueue, .dequeue): true
    case (.set, .add), (.set, .remove), (.set, .contains): true
    case (.mutex, .acquire), (.mutex, .release): true
    default: false
    }
  }

  /// The words for what can be asked.
  var kindWords: [String] {
    var words: [String] = []
    for kind in RecordedOperation.Kind.all where has(kind) {
      let word = "\(kind.word)"
      if !words.contains(word) { words.append(word) }
    }
    return words
  }

  /// Says that the object does not know a word, and which ones it knows.
  func unknown(_ word: Token, at range: Range<Int>) -> PlaceError {
    PlaceError(
      range,
      "a \(rawValue) has no operation \(quoted(word)); known: "
        + kindWords.joined(separator: ", "),
      help: NearMiss.help(for: word.text, among: kindWords))
  }
}

extension RecordedOperation.Kind {
  static let all: [RecordedOperation.Kind] = [
    .read, .write, .compareAndSwap, .append, .readList, .readTwo, .writeTwo, .enqueue, .dequeue,
    .add, .remove, .contains, .acquire, .release,
  ]

  /// The kind with this word, of those with several the narrowest.
  static func named(_ token: Token) -> RecordedOperation.Kind? {
    let kind: RecordedOperation.Kind
    switch (token.first, token.count) {
    case (UInt8(ascii: "r"), 4): kind = .read
    case (UInt8(ascii: "w"), _): kind = .write
    case (UInt8(ascii: "c"), 3): kind = .compareAndSwap
    case (UInt8(ascii: "a"), 6): kind = .append
    case (UInt8(ascii: "e"), _): kind = .enqueue
    case (UInt8(ascii: "d"), _): kind = .dequeue
    case (UInt8(ascii: "a"), 3): kind = .add
    case (UInt8(ascii: "r"), 6): kind = .remove
    case (UInt8(ascii: "c"), _): kind = .contains
    case (UInt8(ascii: "a"), _): kind = .acquire
    case (UInt8(ascii: "r"), _): kind = .release
    default: return nil
    }
    return token == kind.word ? kind : nil
  }
}
