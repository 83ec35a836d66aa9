import InputText
import SimulationKernel

/// The keys of mode `measure`, with every default filled in.
extension MeasureSettings {
  var clientMembers: [JSONTree.Member] {
    [.init("dispatch", dispatch.tree)]
      + (giveUpAfter.map { [.init("giveUpAfter", $0.tree)] } ?? [])
      + (updaters.map { [.init("updaters", .integer($0))] } ?? [])
  }

  /// None if no kind of message costs anything of its own.
  var costMembers: [JSONTree.Member] {
    if messageCosts.isEmpty { return [] }
    let members = messageCosts.map { cost in
      JSONTree.Member((cost.role.map { $0 + "/" } ?? "") + cost.kind, cost.duration.tree)
    }
    return [.init("messages", .object(members))]
  }

  var networkMembers: [JSONTree.Member] {
    var members: [JSONTree.Member] = []
    if let bandwidth = transfer.bandwidth {
      members.append(.init("bandwidth", .string(SizeText.text(of: bandwidth) + "/s")))
    }
    if !transfer.sizes.isEmpty {
      let sizes = transfer.sizes.map { size in
        JSONTree.Member(size.kind, .string(SizeText.text(of: size.bytes)))
      }
      members.append(.init("sizes", .object(sizes)))
    }
    return members
  }

  var runMembers: [JSONTree.Member] {
    var members: [JSONTree.Member] = [
      .init("warmUp", warmUp.tree), .init("duration", duration.tree),
    ]
    if let timeline { members.append(.init("timeline", timeline.tree)) }
    if !windows.isEmpty {
      let trees = windows.map { window in
        JSONTree.Member(
          window.name,
          .object([.init("from", window.from.tree), .init("to", window.to.tree)]))
      }
      members.append(.init("windows", .object(trees)))
    }
    return members
  }

  var members: [JSONTree.Member] {
    [.init("hosts", hosts.tree), .init("volumes", .integer(volumes))]
  }

  /// The keys that only the whole sweep has.
  var sweepMembers: [JSONTree.Member] {
    var members: [JSONTree.Member] = []
    if !axes.isEmpty { members.append(.init("sweep", .object(axes.map(\.member)))) }
    if !charts.isEmpty {
      members.append(.init("charts", .array(charts.map { $0.tree(axes) })))
    }
    if !expectations.isEmpty {
      members.append(.init("expectMeasure", .array(expectations.map { $0.tree(axes) })))
    }
    return members
  }
}

extension HostSettings {
  fileprivate var tree: JSONTree {
    var members: [JSONTree.Member] = [.init("count", .integer(count))]
    if !servers.isEmpty {
      let lists = servers.map { JSONTree.array($0.map(JSONTree.integer)) }
      members.append(.init("servers", .array(lists)))
    } else if count > 0 {
      members.append(.init("placement", .string(placement.rawValue)))
    }
    members += [.init("cores", .integer(cores)), .init("switching", .number(switching))]
    if let rebootAfter { members.append(.init("rebootAfter", rebootAfter.tree)) }
    return .object(members)
  }
}

extension SweepAxis {
  fileprivate var member: JSONTree.Member {
    guard hasAlternatives else { return .init(name, .array(values.map(\.content))) }
    return .init(name, .object(values.map { .init($0.label, $0.content) }))
  }

  /// The value at a position, as files refer to it.
  fileprivate func reference(_ index: Int) -> JSONTree {
    hasAlternatives ? .string(values[index].label) : values[index].content
  }
}

extension [AxisSelection] {
  /// The key `at`; none if everything is selected.
  fileprivate func members(_ axes: [SweepAxis]) -> [JSONTree.Member] {
    let members = compactMap { selection -> JSONTree.Member? in
      guard let axis = axes.first(where: { $0.name == selection.axis }) else { return nil }
      return .init(selection.axis, .array(selection.indices.map(axis.reference)))
    }
    return members.isEmpty ? [] : [.init("at", .object(members))]
  }
}

extension ChartSettings {
  fileprivate func tree(_ axes: [SweepAxis]) -> JSONTree {
    .object(
      [
        .init("title", .string(title)), .init("x", .string(x)),
        .init("y", .array(y.map(JSONTree.string))), .init("xScale", .string(xScale.rawValue)),
        .init("yScale", .string(yScale.rawValue)),
      ] + at.members(axes))
  }
}

extension MeasureExpectation {
  fileprivate func tree(_ axes: [SweepAxis]) -> JSONTree {
    var members: [JSONTree.Member] = [
      .init("claim", .string(claim)), .init("source", .string(source)),
      .init("standing", .string(standing.rawValue)), .init("basis", .string(basis.rawValue)),
      .init("because", .string(because)), .init("measure", .string(measure)),
    ]
    members += at.members(axes)
    if let per {
      members.append(
        .init(
          "per", .object([.init("measure", .string(per.measure))] + per.at.members(axes))))
    }
    return .object(members + condition.members(axes))
  }
}

extension MeasureExpectation.Condition {
  fileprivate func members(_ axes: [SweepAxis]) -> [JSONTree.Member] {
    switch self {
    case .about(let value, let within):
      return [.init("about", .number(value)), .init("within", .number(within))]
    case .between(let least, let most):
      return [.init("between", .array([.number(least), .number(most)]))]
    case .shape(let shape, let axis, let within):
      return [
        .init("shape", .string(shape.rawValue)), .init("along", .string(axis)),
        .init("within", .number(within)),
      ]
    case .curve(let name, let points, let mean):
      guard let axis = axes.first(where: { $0.name == name }) else { return [] }
      let values = points.map { point in
        JSONTree.array([axis.reference(point.index), .number(point.value), .number(point.within)])
      }
      var members: [JSONTree.Member] = [
        .init("along", .string(name)), .init("values", .array(values)),
      ]
      if let mean { members.append(.init("meanWithin", .number(mean))) }
      return [.init("curve", .object(members))]
    }
  }
}
