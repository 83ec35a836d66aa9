import InputText
import SimulationKernel

extension OperationKind {
  /// The kinds that a mix may name, in the order in which it is written.
  static let mixed: [OperationKind] = [.write, .read, .append, .draw, .swap]
}

/// The keys of `clients` and of the entries of `script`.
extension ScenarioKeys {
  /// The keys of `clients` that say what is drawn; a script takes their place.
  static let drawnWorkloadKeys = ["operations", "mix", "pattern", "unaligned", "think"]

  var clients: ObjectShape {
    ObjectShape(
      "clients", "The clients and the operations they draw",
      [
        Key("count", .integer(1...100), .integer(2), "Number of clients"),
        Key("operations", .integer(0...1_000_000), .integer(6), "Operations of each client"),
        Key("open", .integer(1...100), .integer(1), "Operations of one client open at once"),
        Key("mix", .object(mix), "How often each kind of operation is drawn"),
        Key("keys", .integer(1...10_000), "Number of keys"),
        Key("blocks", .integer(1...10_000), "Number of blocks, for a block device"),
        Key(
          "pattern", word("pattern", DrawnWorkload.Pattern.allCases.map(\.rawValue)),
          .text("uniform"), "Which keys are drawn"),
        Key(
          "unaligned", .number(0...1), .integer(0),
          "The part of block operations that touch two neighbours"),
        Key(
          "think", .span,
          "Pause between an answer and the next operation; if left out, drawn so that the "
            + "operations spread over the window of drawn faults, else none"),
        Key("retry", .object(retry), "When a request is sent again"),
        Key(
          "finalRead", .flag, .fallback(.boolean(true)), "Whether a run ends by reading all keys"),
      ] + Self.measureClientKeys)
  }

  private var mix: ObjectShape {
    ObjectShape(
      "mix", "Weights of the kinds of operation",
      OperationKind.mixed.map {
        Key(
          $0.rawValue, .number(0...1_000_000), .integer(0),
          "Weight of \($0.rawValue)"
            + ($0 == .read ? "; in mode measure, what write alone leaves of 1 if left out" : ""))
      })
  }

  private var retry: ObjectShape {
    ObjectShape(
      "retry", "When a request is sent again",
      [
        Key("after", .duration, .text("100ms"), "Wait before the first retry"),
        Key("factor", .integer(1...100), .integer(2), "Each further wait is so many times as long"),
        Key("limit", .duration, .text("1s"), "The longest wait"),
      ])
  }

  var scriptEntries: [ObjectShape] {
    let value = Key("value", .text, .required, "what is written")
    let count = Key("count", .integer(1...2), .integer(1), "Neighbouring blocks")
    return [
      operation("put", .text, "The key to write", [value]),
      operation("get", .text, "The key to read"),
      operation("append", .text, "The key to append to", [value]),
      operation("draw", .text, "The key to update with a drawn value"),
      operation(
        "swap", .text, "The key to write if it has the expected value",
        [Key("expect", .text, .required, "the value that it must have"), value]),
      operation("read", .integer(0...9_999), "The first block to read", [count]),
      operation("write", .integer(0...9_999), "The first block to write", [count, value]),
      ObjectShape(
        "delay", "A one-way link that is slow for a while", tag: "delay",
        [
          Key("delay", .nodes(count: 2...2), .required, "The sender and the receiver"),
          Key("by", .duration, .required, "what is added to the delay"),
          Key("from", .duration, .text("0s"), "When it begins"),
          Key("to", .duration, "When it ends; never if left out"),
        ]),
    ]
  }

  private func operation(
    _ tag: String, _ shape: Shape, _ help: String, _ more: [Key] = []
  ) -> ObjectShape {
    let wait = word("wait", ScriptedOperation.Wait.allCases.map(\.rawValue))
    return ObjectShape(
      tag, help, tag: tag,
      [
        Key("client", .integer(1...100), .required, "the number of the client, from 1"),
        Key(tag, shape, .required, help),
      ] + more + [
        Key("at", .duration, .text("0s"), "Not before this time"),
        Key("wait", wait, .text("prior"), "What to wait for"),
      ])
  }
}
