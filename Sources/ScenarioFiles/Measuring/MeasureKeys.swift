import InputText
import SimulationKernel

/// The keys that only mode `measure` has.
extension ScenarioKeys {
  /// Keys of the scenario; those that only the whole sweep has stand apart.
  var measureKeys: [Key] {
    [
      Key("hosts", .object(hosts), "In mode measure: the machines that servers run on"),
      Key(
        "volumes", .integer(1...65_535), .integer(1),
        "In mode measure: copies of the replicated system; clients pick one per operation"),
    ]
  }

  /// Keys that a point of the sweep does not have; what a sweep may replace is in `changes`.
  func sweepKeys(changes: ObjectShape) -> [Key] {
    let values = Shape.either([
      .list(.any), .map(noun: "alternative", .changes(changes)),
    ])
    return [
      Key(
        "sweep", .map(noun: "axis", values),
        "In mode measure: by path of a key (\"clients.mix.write\") a list of values, or by a name "
          + "of your own alternatives and the keys they change; all combinations are run"),
      Key("charts", .list(.object(chart)), "In mode measure: line charts of the report"),
      Key(
        "expectMeasure", .list(.object(measureExpectation)),
        "In mode measure: what the measurement should come to"),
    ]
  }

  static let measureClientKeys = [
    Key(
      "dispatch", .duration, .text("0s"),
      "In mode measure: added on the way of every request to a server"),
    Key(
      "giveUpAfter", .duration,
      "In mode measure: a client that waited so long leaves its operation open and goes on"),
    Key(
      "updaters", .integer(0...1_000),
      "In mode measure: the last so many clients only write, all others only read"),
  ]

  static let messageCostKey = Key(
    "messages", .map(noun: "kind of message", .duration),
    "In mode measure: what a kind of message costs on top of the handler, for every server "
      + "(\"Forward\") or for one role (\"head/Update\")")

  static let transferKeys = [
    Key(
      "bandwidth", .size(.bytesPerSecond),
      "In mode measure: into a host and out of it; unlimited if left out; 1 MB is 1,000,000 bytes"),
    Key(
      "sizes", .map(noun: "kind of message", .size(.bytes)),
      "In mode measure: sizes of kinds of message between servers; 1 MB is 1,000,000 bytes"),
  ]

  static let measureRunKeys = [
    Key("warmUp", .duration, .text("1s"), "In mode measure: time before anything is measured"),
    Key("duration", .duration, .text("10s"), "In mode measure: time that is measured"),
    Key(
      "timeline", .duration, "In mode measure: length of a bucket of the throughput over time"),
    Key(
      "windows",
      .map(
        noun: "window",
        .object(
          ObjectShape(
            "the window", "A stretch of the run",
            [
              Key("from", .duration, .text("0s"), "When it begins, from the start of the run"),
              Key("to", .duration, .required, "when it ends"),
            ]))),
      "In mode measure: stretches of the run of which throughput is told apart"),
  ]

  var hosts: ObjectShape {
    ObjectShape(
      "hosts", "The machines that servers run on",
      [
        Key("count", .integer(0...10_000), .integer(0), "How many; 0: each server has its own"),
        Key(
          "placement", word("placement", HostSettings.Placement.allCases.map(\.rawValue)),
          .text("ring"), "How servers are put on hosts"),
        Key(
          "servers", .list(.list(.integer(1...1000))),
          "For one volume: by host, the numbers of its servers, in place of a placement"),
        Key(
          "cores", .integer(1...1000), .integer(1),
          "Steps that a host runs at the same time, each of another server"),
        Key(
          "switching", .number(0...1000), .integer(0),
          "What a step takes longer, as a part of itself, for each server beyond the cores"),
        Key(
          "rebootAfter", .duration,
          "From a host's failure to when servers may be placed on it again; never if left out"),
      ])
  }

  private static let selection = Key(
    "at", .map(noun: "axis", .any), "By axis of the sweep, a value or a list of values")

  private var chart: ObjectShape {
    let across = word("scale", [ChartSettings.Scale.linear, .log].map(\.rawValue))
    let upwards = word("scale", ChartSettings.Scale.allCases.map(\.rawValue))
    return ObjectShape(
      "the chart", "A line chart",
      [
        Key("title", .text, .required, "what it shows"),
        Key("x", .text, .required, "an axis of the sweep, or \"time\" for the timeline"),
        Key("y", .either([.text, .list(.text)]), .required, "measured quantities: one or a list"),
        Key("xScale", across, .text("linear"), "Scale of the axis across"),
        Key(
          "yScale", upwards, .text("linear"),
          "Scale of the axis upwards; fitted does not begin at zero"),
        Self.selection,
      ])
  }
}

extension ScenarioKeys {
  /// Any figure that a measurement could come to.
  private static let figure = Shape.number(-1_000_000_000_000_000...1_000_000_000_000_000)
  static let tolerance = Shape.fraction(0...1000)

  var measureExpectation: ObjectShape {
    func words<Word: CaseIterable & RawRepresentable<String>>(_ all: Word.Type, _ noun: String)
      -> Shape
    {
      word(noun, all.allCases.map(\.rawValue))
    }
    return ObjectShape(
      "the expectation", "What a measurement should come to",
      [
        Key("claim", .text, .required, "what is claimed"),
        Key("source", .text, .text(""), "Where it is claimed"),
        Key(
          "standing", words(MeasureExpectation.Standing.self, "standing"), .required,
          "how the simulation stands to the claim"),
        Key(
          "basis", words(MeasureExpectation.Basis.self, "basis"), .required,
          "whether a figure of the source went into the scenario's costs"),
        Key("because", .text, .text(""), "Why it is not reproduced, or anything worth knowing"),
        Key("measure", .text, .required, "the measured quantity"),
        Self.selection,
        Key("per", .object(denominator), "Divides by another quantity, or by other points"),
        Key("about", Self.figure, "The value, within a part"),
        Key("between", .list(Self.figure), "The least and the most, both included"),
        Key("curve", .object(curve), "A value for each value of an axis"),
        Key(
          "shape", words(MeasureExpectation.Shape.self, "shape"),
          "What the values along an axis look like"),
        Key("along", .text, "With shape: the axis"),
        Key("within", Self.tolerance, "With about and shape: the tolerance, a part of the value"),
      ])
  }

  var denominator: ObjectShape {
    ObjectShape(
      "per", "What the quantity is divided by",
      [
        Key("measure", .text, "The quantity; the same if left out"),
        Self.selection,
      ])
  }

  var curve: ObjectShape {
    ObjectShape(
      "curve", "A value for each value of an axis",
      [
        Key("along", .text, .required, "the axis"),
        Key(
          "values", .list(.list(.any)), .required,
          "lists of a value of the axis, the figure, and its tolerance if it has its own"),
        Key("within", Self.tolerance, "Tolerance of figures without their own"),
        Key("meanWithin", Self.tolerance, "Most that the deviations may come to in the mean"),
      ])
  }
}
