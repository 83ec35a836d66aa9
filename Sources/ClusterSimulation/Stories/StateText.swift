import SimulationKernel

/// Any value as lines that people can read and compare: a path and a text each.
///
/// It looks at stored properties, so a protocol need not describe itself. What has a description of
/// its own is described by it; sets and dictionaries are sorted by text, so that equal values have
/// equal lines.
struct StateText {
  let layout: ClusterLayout
  private(set) var lines: [(path: String, text: String)] = []

  /// Characters of a value that stands on one line, at most.
  private static let inlineLimit = 64
  private static let depthLimit = 8
  private static let lineLimit = 400

  static func lines(of value: Any, _ layout: ClusterLayout) -> [(path: String, text: String)] {
    var text = StateText(layout: layout)
    text.add(value, path: "", depth: 0)
    return text.lines
  }

  private init(layout: ClusterLayout) { self.layout = layout }

  private mutating func add(_ value: Any, path: String, depth: Int) {
    guard lines.count < Self.lineLimit else { return }
    if let text = inline(value, depth: depth), text.count <= Self.inlineLimit || depth > 6,
      !path.isEmpty
    {
      return lines.append((path, String(text.prefix(400))))
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .collection:
      if mirror.children.isEmpty { return lines.append((path, "[]")) }
      for (index, child) in mirror.children.enumerated() {
        add(child.value, path: "\(path)[\(index)]", depth: depth + 1)
      }
    case .dictionary:
      for (key, element) in sortedPairs(mirror) {
        add(element, path: "\(path)[\(key)]", depth: depth + 1)
      }
    case .optional:
      if let inner = mirror.children.first { add(inner.value, path: path, depth: depth) }
    case .enum:
      guard let child = mirror.children.first else { return }
      add(child.value, path: "\(path).\(child.label ?? "value")", depth: depth + 1)
    default:
      let children = members(mirror)
      guard !children.isEmpty, depth < Self.depthLimit else {
        return lines.append((path, inline(value, depth: depth) ?? "…"))
      }
      for (label, child) in children {
        add(child, path: path.isEmpty ? label : "\(path).\(label)", depth: depth + 1)
      }
    }
  }

  /// Stored properties, those of super-classes first; settings do not change and are left out.
  private func members(_ mirror: Mirror) -> [(String, Any)] {
    var all: [(String, Any)] = []
    if let parent = mirror.superclassMirror { all += members(parent) }
    for (index, child) in mirror.children.enumerated() where !isSetting(child.value) {
      all.append((child.label ?? ".\(index)", child.value))
    }
    return all
  }

  private func isSetting(_ value: Any) -> Bool {
    let type = String(describing: Swift.type(of: value))
    return ["ProtocolSetting<", "DeviationSet<"].contains(where: type.hasPrefix)
      || ["ClusterLayout", "CostTable", "ProtocolOptions", "RetryTiming"].contains(type)
      || type.hasSuffix("Settings") || type.hasSuffix("Setting")
  }

  private func sortedPairs(_ mirror: Mirror) -> [(key: String, value: Any)] {
    mirror.children.compactMap { child -> (key: String, value: Any)? in
      let pair = Array(Mirror(reflecting: child.value).children)
      guard pair.count == 2 else { return nil }
      return (inline(pair[0].value, depth: 0) ?? "…", pair[1].value)
    }.sorted { Self.precedes($0.key, $1.key) }
  }

  /// Numbers by value, texts by bytes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    if let left = Int(left), let right = Int(right) { return left < right }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// The value in one piece; `nil` if it has no such form.
  private func inline(_ value: Any, depth: Int) -> String? {
    guard depth < 12 else { return "…" }
    if let text = known(value) { return text }
    let mirror = Mirror(reflecting: value)
    let children = mirror.children
    switch mirror.displayStyle {
    case .optional: return children.first.map { inline($0.value, depth: depth + 1) } ?? "none"
    case .collection: return list(children.map(\.value), "[", "]", depth)
    case .set:
      let texts = children.compactMap { inline($0.value, depth: depth + 1) }
      return "{" + texts.sorted(by: Self.precedes).joined(separator: ", ") + "}"
    case .dictionary:
      let texts = sortedPairs(mirror).compactMap { key, element in
        inline(element, depth: depth + 1).map { "\(key): \($0)" }
      }
      return "[" + texts.joined(separator: ", ") + "]"
    case .tuple: return list(children.map(\.value), "(", ")", depth)
    case .enum:
      guard let child = children.first, let name = child.label else { return "\(value)" }
      let payload = Mirror(reflecting: child.value)
      if payload.displayStyle == .tuple, let text = inline(child.value, depth: depth + 1) {
        return name + text
      }
      return inline(child.value, depth: depth + 1).map { "\(name)(\($0))" }
    case .struct, .class:
      let members = members(mirror)
      if members.isEmpty { return "" }
      // A number or name that has a type of its own.
      if members.count == 1 { return inline(members[0].1, depth: depth + 1) }
      let texts = members.compactMap { label, child in
        inline(child, depth: depth + 1).map { "\(label): \($0)" }
      }
      return texts.count == members.count ? "(" + texts.joined(separator: ", ") + ")" : nil
    default: return "\(value)"
    }
  }

  private func list(_ values: [Any], _ open: String, _ close: String, _ depth: Int) -> String? {
    var texts: [String] = []
    var length = 0
    for value in values {
      guard let text = inline(value, depth: depth + 1) else { return nil }
      length += text.count + 2
      // Longer than any line: nobody reads the rest.
      if length > 400 { return open + texts.joined(separator: ", ") + ", …" + close }
      texts.append(text)
    }
    return open + texts.joined(separator: ", ") + close
  }

  /// Values with a form of their own.
  private func known(_ value: Any) -> String? {
    switch value {
    case let node as NodeID:
      return node.index < layout.nodeCount ? layout.name(of: node) : "node \(node.index)"
    case let request as RequestID:
      let client = known(request.client) ?? ""
      return "\(client)/\(request.number)"
    case let text as String: return "\"\(text)\""
    case let label as StaticLabel: return label.text
    case let flag as Bool: return flag ? "true" : "false"
    case is any BinaryInteger, is any BinaryFloatingPoint: return "\(value)"
    case let described as any CustomStringConvertible:
      let style = Mirror(reflecting: value).displayStyle
      let isContainer = style == .collection || style == .dictionary || style == .set
      return isContainer || style == .optional ? nil : described.description
    default: return nil
    }
  }
}
