/// An exhaustive search over a ``ComponentSystem``: breadth first by levels, so that the first
/// violation is one of the shortest.
///
/// Components and signals become numbers when they are first met, and every answer of the system is
/// remembered by numbers, so the search itself only shuffles integers. When a violation is met the
/// level is finished, and of all violating states of that depth the one with the least contents is
/// reported, with the trace that goes back from it over the least predecessors: contents decide,
/// never numbers, so any number of threads reports the same.
public struct ModelSearch<System: ComponentSystem>: Sendable {
  public let system: System
  public var options: SearchOptions

  public init(_ system: System, options: SearchOptions = SearchOptions()) {
    self.system = system
    self.options = options
  }

  /// Searches until everything is visited, an invariant is broken or the budget is spent.
  /// - Parameter progress: called every few milliseconds' worth of states; false ends the search
  ///   undecided.
  public func run(
    progress: (SearchProgress) -> Bool = { _ in true }
  ) -> SearchResult<System> {
    fatalError()
  }
}
