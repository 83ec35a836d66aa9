import InputText
import SimulationKernel

/// What may stand at a place of a file. The validator and the JSON Schema are both made from the
/// same shapes, so that they cannot differ.
indirect enum Shape: Sendable {
  case text
  case flag
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case duration
  /// A number of bytes with a unit, or of bytes per second.
  case size(SizeKind)
  /// A part of a whole: a percentage in a string, or a number.
  case fraction(ClosedRange<Double>)
  /// One duration, or `{ min, max }`.
  case span
  case word(WordList)
  /// One word or a list of them, each once.
  case words(WordList)
  /// The name of a node; whether there is such a node is a rule between keys.
  case node
  case nodes(count: ClosedRange<Int>)
  case list(Shape)
  case object(ObjectShape)
  /// An object that has exactly one of the tags of these shapes, which says which shape it has.
  case tagged(noun: String, [ObjectShape])
  /// The first of the shapes that has this kind of value.
  case either([Shape])
  /// An object whose keys are names that the author chooses; what a name is, for messages.
  case map(noun: String, Shape)
  /// Keys of a scenario that replace others: an object, which is judged once it is put in.
  case changes(ObjectShape)
  /// Any value; what it must be is a rule between keys.
  case any
}

enum SizeKind: Sendable {
  case bytes
  case bytesPerSecond

  /// What stands behind the unit.
  var suffix: String { self == .bytes ? "" : "/s" }
}

/// The words that may stand at a place.
struct WordList: Sendable {
  /// What one of the words is: "disk profile".
  let noun: String
  let words: [String]
  /// Whether a list may name none of them.
  var mayBeEmpty = false
}

/// The keys of an object.
struct ObjectShape: Sendable {
  /// What the object is, for messages about unknown keys: "run".
  let name: String
  let help: String
  /// The key that tells this object from others, where several may stand.
  let tag: String?
  let keys: [Key]

  init(_ name: String, _ help: String, tag: String? = nil, _ keys: [Key]) {
    self.name = name
    self.help = help
    self.tag = tag
    self.keys = keys
  }

  func key(_ name: String) -> Key? {
    keys.first { $0.name == name }
  }
}

/// One key of an object.
struct Key: Sendable {
  enum Presence: Sendable {
    case required
    /// May be left out; there is no one default.
    case optional
    /// What holds when it is left out.
    case fallback(JSONTree)
    /// As `fallback`, for this protocol; other protocols have other defaults.
    case protocolFallback(JSONTree)
  }

  let name: String
  let shape: Shape
  let presence: Presence
  /// One sentence without a full stop.
  let help: String

  init(_ name: String, _ shape: Shape, _ help: String) {
    self.init(name, shape, .optional, help)
  }

  init(_ name: String, _ shape: Shape, _ presence: Presence, _ help: String) {
    self.name = name
    self.shape = shape
    self.presence = presence
    self.help = help
  }

  /// The value that holds when the key is left out.
  var fallback: JSONTree? {
    switch presence {
    case .required, .optional: nil
    case .fallback(let tree), .protocolFallback(let tree): tree
    }
  }
}

extension Key.Presence {
  static func text(_ text: String) -> Key.Presence { .fallback(.string(text)) }

  static func span(_ min: String, _ max: String) -> Key.Presence {
    .fallback(.object([.init("min", .string(min)), .init("max", .string(max))]))
  }

  static func integer(_ value: Int) -> Key.Presence { .fallback(.integer(value)) }
}

extension ObjectShape {
  /// `{ min, max }`.
  static let span = ObjectShape(
    "a range of durations", "Both ends included",
    [
      Key("min", .duration, .required, "the shortest"),
      Key("max", .duration, .required, "the longest"),
    ])
}
