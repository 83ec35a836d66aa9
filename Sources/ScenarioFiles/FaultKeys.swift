import InputText
import SimulationKernel

/// The keys of `faults`.
extension ScenarioKeys {
  var faults: Shape {
    .either([.object(drawnFaults), .list(.tagged(noun: "fault", scriptedFaults))])
  }

  var drawnFaults: ObjectShape {
    func budget(_ name: String, _ help: String) -> Key {
      Key(name, .integer(0...10_000), .integer(0), help)
    }
    return ObjectShape(
      "faults", "A budget of faults from which each seed draws",
      [
        budget("crashes", "Processes that die; their page cache survives"),
        budget("restarts", "Restarts of what is down"),
        budget("powerLosses", "Servers that lose power"),
        budget("clusterPowerLosses", "Losses of power of all servers at once"),
        budget("partitions", "Cuts of one part of the cluster from the other"),
        budget("oneWayCuts", "Cuts of one direction of a link"),
        budget("slowLinks", "Links that are slow for a while"),
        Key(
          "nodes", .nodes(count: 0...Int.max), .fallback(.array([])),
          "The servers and roles that may be hit; all if left out"),
        Key("window", .duration, defaultWindow, "Faults begin within this time"),
        Key("restartAfter", .span, .span("10ms", "200ms"), "How long a server is down"),
        Key("partitionFor", .span, .span("50ms", "1500ms"), "How long a cut lasts"),
        Key("slowBy", .span, .span("5ms", "200ms"), "What a slow link adds to the delay"),
        Key("storage", .object(storageBudget), "Faults of the servers' disks"),
        Key("detectAfter", .span, "Short for assume.detectAfter"),
        Key(
          "swarm", .flag, .fallback(.boolean(false)),
          "Whether each seed draws its own subset of the kinds"),
      ])
  }

  /// Twice as long as a failover takes, so that a fault can meet what the one before set going.
  private var defaultWindow: Key.Presence {
    words.map { .protocolFallback(.string(($0.summary.typicalFailover * 2).description)) }
      ?? .optional
  }

  /// The keys of which a failure has exactly one, to say when it happens.
  static let triggerKeys = ["after", "at", "request", "step"]

  var scriptedFaults: [ObjectShape] {
    let after = Key("after", .duration, .required, "the time at which it happens")
    let ends = [
      Key("from", .duration, .text("0s"), "When it begins"),
      Key("to", .duration, "When it ends; at a heal if left out"),
    ]
    let oneWay = Key(
      "oneWay", .flag, .fallback(.boolean(false)), "Only from the first to the second")
    return [
      fault("crash", .node, "The server whose process dies", triggers),
      fault("powerLoss", .node, "The server that loses power, or all", triggers),
      fault("restart", .node, "The server that starts again", [after]),
      fault("cut", .nodes(count: 2...2), "The two ends of a link to cut", ends + [oneWay]),
      fault("isolate", .node, "The node to cut from all others", ends),
      fault("heal", .nodes(count: 2...2), "The two ends of a link to heal", [after]),
    ] + scriptedStorageFaults
  }

  private func fault(
    _ tag: String, _ shape: Shape, _ help: String, _ more: [Key]
  ) -> ObjectShape {
    ObjectShape(tag, help, tag: tag, [Key(tag, shape, .required, help)] + more)
  }

  private var triggers: [Key] {
    let whole = Shape.integer(1...1_000_000_000)
    return [
      Key("after", .duration, "At this time"),
      Key("at", .text, "When the server passes this crash point"),
      Key("request", whole, "When this request, from 1, reaches the label"),
      Key("label", .text, "The crash point that the request reaches"),
      Key("occurrence", whole, .integer(1), "Which passing of the crash point counts"),
      Key("step", whole, "In this step of the server, from 1"),
      Key("effect", .integer(0...1_000_000), "After this many effects of the step"),
      Key("node", .node, "The server that fails, once more"),
    ]
  }
}
