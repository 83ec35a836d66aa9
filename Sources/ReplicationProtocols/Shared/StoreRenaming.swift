import LinearizabilityChecking
import SimulationKernel

/// What a store is asked, answers and holds, when clients change names.
extension Operation: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Operation { renamed(renaming.text) }
}

extension Response: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> Response { renamed(renaming.text) }
}

extension KeyedValue: ClientRenamable {
  public func renamed(by renaming: ClientRenaming) -> KeyedValue {
    KeyedValue(key: key, value: renaming.text(value))
  }
}
