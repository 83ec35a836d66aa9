import LinearizabilityChecking
import SimulationKernel

/// The linearizability monitor as a component of a search: its content, word by word.
extension StoreMonitor: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    let content = ContentWords(of: self)
    for word in content.words { hasher.combine(word) }
    hasher.combine(content.words.count)
  }
}
