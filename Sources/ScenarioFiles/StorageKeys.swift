import InputText
import SimulationKernel

/// The keys of storage faults: in a list of faults, and in a budget.
extension ScenarioKeys {
  /// A fault of a list for each kind, by its key.
  var scriptedStorageFaults: [ObjectShape] {
    StorageWord.allCases.map { word in
      ObjectShape(
        word.key, word.help, tag: word.key,
        [Key(word.key, .node, .required, "The server whose disk it is: \(word.help)")]
          + scriptedDetails(of: word)
          + [
            Key("after", .duration, .text("0s"), "It strikes from this time on")
          ] + (word == .tornSectors ? [] : [file]) + (word.strikesCalls ? calls : []))
    }
  }

  /// The object of a budget: a number for each kind, or an object.
  var storageBudget: ObjectShape {
    ObjectShape(
      "storage", "A budget of storage faults from which each seed draws",
      StorageWord.allCases.map { word in
        Key(word.key, .either([.integer(Self.counts), .object(budget(of: word))]), word.help)
      })
  }

  func budget(of word: StorageWord) -> ObjectShape {
    ObjectShape(
      word.key, word.help,
      [Key("count", .integer(Self.counts), .integer(1), "How many there are at most")]
        + drawnDetails(of: word) + (word == .tornSectors ? [] : [file]))
  }

  private static let counts = 0...10_000

  private var file: Key {
    Key("file", .text, "The files that may be hit, with * for any text; all if left out")
  }

  private var calls: [Key] {
    [
      Key(
        "occurrence", .integer(1...1_000_000_000), .integer(1),
        "Which of the calls that it could strike is the first it does, from 1"),
      Key(
        "calls", .integer(1...1_000_000_000), .integer(1), "How many calls in a row it strikes"),
    ]
  }

  private func scriptedDetails(of word: StorageWord) -> [Key] {
    switch word {
    case .tornSectors:
      [
        Key(
          "content", .word(Self.remains), .text("old"), "What a sector holds that was not written")
      ]
    case .syncError:
      [Key("page", .word(Self.pages), .text("clean"), "What the cache then holds of the page")]
    case .bitRot: [Key("byte", .integer(0...Int(Int32.max)), "Which byte of the file, from 0")]
    case .stall: [Key("by", .duration, .text("1s"), "How much longer the call takes")]
    case .readError, .writeError, .noSpace, .lostWrite, .misdirectedWrite, .staleRead: []
    }
  }

  private func drawnDetails(of word: StorageWord) -> [Key] {
    switch word {
    case .tornSectors:
      [
        Key(
          "content", .words(Self.remains), Self.all(Self.remains),
          "What sectors may hold that were not written")
      ]
    case .syncError:
      [
        Key(
          "page", .words(Self.pages), Self.all(Self.pages),
          "What the cache may then hold of the page"
        )
      ]
    case .stall: [Key("by", .span, .span("100ms", "2s"), "How much longer a call takes")]
    case .readError, .writeError, .noSpace, .lostWrite, .misdirectedWrite, .bitRot, .staleRead: []
    }
  }

  static let pages = WordList(
    noun: "state of a page", words: PageAfterError.allCases.map(\.rawValue))
  static let remains = WordList(
    noun: "content of a sector", words: SectorRemains.allCases.map(\.rawValue))

  private static func all(_ list: WordList) -> Key.Presence {
    .fallback(.array(list.words.map(JSONTree.string)))
  }
}

extension StorageWord {
  /// The key of a list of faults, and of a budget, that stands for it.
  var key: String {
    switch self {
    case .tornSectors: "tornSectors"
    case .syncError: "fsyncError"
    case .readError: "readError"
    case .writeError: "writeError"
    case .noSpace: "noSpace"
    case .lostWrite: "lostWrite"
    case .misdirectedWrite: "misdirectedWrite"
    case .bitRot: "bitRot"
    case .staleRead: "staleRead"
    case .stall: "stall"
    }
  }

  init?(key: String) {
    guard let word = Self.allCases.first(where: { $0.key == key }) else { return nil }
    self = word
  }

  /// Whether it waits for a call, rather than for a power loss or for nothing.
  var strikesCalls: Bool { self != .tornSectors && self != .bitRot }
}

extension ScenarioVocabulary {
  /// What a list of faults may name, and for storage faults the word that assumes it.
  public static var faults: [NamedHelp] {
    let keys = ScenarioKeys(
      vocabulary: ScenarioVocabulary(protocols: [], checks: [], diskProfiles: []), words: nil)
    return keys.scriptedFaults.compactMap { shape in
      guard let tag = shape.tag, let key = shape.key(tag) else { return nil }
      guard let word = StorageWord(key: tag) else { return NamedHelp(tag, key.help) }
      return NamedHelp(tag, "\(word.help) (\(word.rawValue))")
    }
  }
}
