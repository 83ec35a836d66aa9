import InputText
import SimulationKernel

extension DrawnStorageFault {
  /// The key of a budget of storage faults, in full.
  var member: JSONTree.Member {
    var members: [JSONTree.Member] = [.init("count", .integer(count))]
    if word == .tornSectors {
      members.append(.init("content", .array(remains.map { .string($0.rawValue) })))
    }
    if word == .syncError {
      members.append(.init("page", .array(pages.map { .string($0.rawValue) })))
    }
    if word == .stall { members.append(.init("by", stall.tree)) }
    if let file { members.append(.init("file", .string(file.text))) }
    return .init(word.key, .object(members))
  }
}

extension StorageFaultRequest {
  /// The keys of a fault of a list, but for the server and the time.
  var members: [JSONTree.Member] {
    var members: [JSONTree.Member] = []
    switch fault {
    case .tornSectors(let remains): members.append(.init("content", .string(remains.rawValue)))
    case .syncError(let page): members.append(.init("page", .string(page.rawValue)))
    case .bitRot(let byte?): members.append(.init("byte", .integer(byte)))
    case .stall(let duration): members.append(.init("by", duration.tree))
    default: break
    }
    if let file { members.append(.init("file", .string(file.text))) }
    if fault.word.strikesCalls {
      members.append(.init("occurrence", .integer(passes + 1)))
      members.append(.init("calls", .integer(calls)))
    }
    return members
  }
}
