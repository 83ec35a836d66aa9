import InputText
import SimulationKernel

extension Script {
  /// The operations, then the delays: their order against each other says nothing.
  var entries: [JSONTree] {
    operations.map { .object(members(of: $0)) } + delays.map(\.tree)
  }

  private func members(of operation: ScriptedOperation) -> [JSONTree.Member] {
    [.init("client", .integer(operation.client))] + members(of: operation.kind) + [
      .init("at", operation.notBefore.tree), .init("wait", .string(operation.wait.rawValue)),
    ]
  }

  private func members(of kind: ScriptedOperation.Kind) -> [JSONTree.Member] {
    func key(_ tag: String, _ index: Int) -> JSONTree.Member {
      .init(tag, .string(keyNames[index]))
    }
    func value(_ value: String) -> JSONTree.Member { .init("value", .string(value)) }
    func blocks(_ tag: String, _ first: Int, _ count: Int) -> [JSONTree.Member] {
      [.init(tag, .integer(first)), .init("count", .integer(count))]
    }
    switch kind {
    case .put(let index, let text): return [key("put", index), value(text)]
    case .get(let index): return [key("get", index)]
    case .append(let index, let text): return [key("append", index), value(text)]
    case .draw(let index): return [key("draw", index)]
    case .swap(let index, let expected, let text):
      return [key("swap", index), .init("expect", .string(expected)), value(text)]
    case .readBlocks(let first, let count): return blocks("read", first, count)
    case .writeBlocks(let first, let count, let text):
      return blocks("write", first, count) + [value(text)]
    }
  }
}

extension ScriptedDelay {
  var tree: JSONTree {
    var members: [JSONTree.Member] = [
      .init("delay", .array([.string(sender.name), .string(receiver.name)])),
      .init("by", by.tree), .init("from", from.tree),
    ]
    if let to { members.append(.init("to", to.tree)) }
    return .object(members)
  }
}
