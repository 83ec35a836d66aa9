import SimulationKernel

/// A system that the search can exhaust: a world is a short vector of *components*, one in each
/// *slot* (a node's memory, a channel's contents, a client, a budget, a monitor), and a step begins
/// in one slot and spreads to others by *signals*.
///
/// ## What a step is
///
/// 1. A slot offers *actions*: what its component may do of its own accord
///    (``actions(of:in:)-swift.requirement``). A channel with contents offers "hand the first
///    message over", a node offers its armed timers, a budget of crashes offers "crash server 2".
/// 2. An action says what becomes of its own slot and lists consequences, in order: signals to
///    slots, and guards that must hold.
/// 3. A slot that gets a signal reacts (``reactions(of:in:to:)``): again what becomes of it, and
///    consequences of its own. These come before the rest of the list that held the signal, as if
///    the signal were a call.
/// 4. Where there are several actions or reactions, each makes a step of its own; a signal without
///    a reaction, or a guard that does not hold, means that the step does not exist. That is how a
///    budget of 0 refuses to be spent.
///
/// One combination is one *transition*. A delivery, for example:
///
/// ```
/// channel s1->s2   action: becomes its rest;  signal .deliver(message) to s2
/// s2               reaction: becomes its new memory;  signals .push(...) to channels s2->s3 and
///                  s2->s1, .observe(...) to the monitor
/// channel s2->s3   reaction: becomes itself and one more message; a closed one stays closed
/// monitor          reaction: becomes the set of explanations that remain
/// ```
///
/// A crash after effect k, an outcome of `choose`, a decision about an open disk are further
/// reactions to the same signal. Put what is likely to fail first: a reaction "crash in this step"
/// whose first consequence is a signal to the budget costs one look-up once the budget is spent,
/// while its many variants are reactions to a signal that the slot then sends to itself.
///
/// ## What a conforming type promises
///
/// - Equal arguments give equal results, in the same order, in every process: all answers are
///   asked for once and remembered. Nothing else is consulted; a component sees only itself.
/// - Equal components have the same future. What only tells the past (a counter that nobody reads)
///   does not belong in a component, for it multiplies states.
/// - ``Fingerprintable`` agrees with `==`: equal components combine equal words, and different ones
///   different words up to collisions of 64 bits. Fingerprints order traces and make the digest;
///   exactness of an exact search rests on `==` alone.
/// - A step ends: signals do not chase each other for ever.
///
/// Methods are called on misses only, one call at a time, from any thread.
public protocol ComponentSystem: Sendable {
  /// What a slot may hold; an enumeration with a case for each kind of slot.
  associatedtype Component: Hashable & Fingerprintable & Sendable
  /// What a slot may be told.
  associatedtype Signal: Hashable & Sendable

  /// The slots, at most ``SlotLayout/largestSlotCount``, in order.
  var layout: SlotLayout { get }

  /// The worlds in which a run may begin, at least one; each has a component for every slot.
  var initialWorlds: [[Component]] { get }

  /// What `component` may do of its own accord.
  func actions(of component: Component, in slot: Int) -> [Reaction<Component, Signal>]

  /// What may become of `component` when it gets `signal`; none if the step cannot be.
  func reactions(
    of component: Component, in slot: Int, to signal: Signal
  ) -> [Reaction<Component, Signal>]

  /// What must hold in every reachable world, at most ``SlotLayout/largestPredicateCount``; the
  /// first that does not is reported.
  var invariants: [StatePredicate<Component>] { get }

  /// Conditions that ``Consequence/require(guard:)`` names by position, looked at in the world as
  /// it is at that point of the step.
  var guards: [StatePredicate<Component>] { get }

  /// What some continuation of allowed steps must reach from every reachable world, each by itself;
  /// looked at only if ``SearchOptions/progress`` asks.
  var goals: [StatePredicate<Component>] { get }

  /// For each goal what a world must meet to owe it; empty: every world owes every goal.
  var obligations: [StatePredicate<Component>] { get }

  /// Worlds in which one of these holds need not reach the goals: their continuations lack what the
  /// bounds of the search have used up. Continuations through them count all the same.
  var exemptions: [StatePredicate<Component>] { get }

  /// The system in which a world that reaches a goal by no step within the bounds is looked at
  /// again, begun with ``continued(_:in:)`` of its components; `nil` if the bounds leave out
  /// nothing that a continuation may need. Its slots and goals are those of this system; its
  /// invariants and exemptions are not looked at.
  var continuation: Self? { get }

  /// What a component is at the beginning of such a continuation.
  func continued(_ component: Component, in slot: Int) -> Component

  /// Which slots may change places without anybody noticing, beside the identity. Together with it
  /// they must be a group.
  var permutations: [SlotPermutation] { get }

  /// The component in the words of a permuted world: `component` stood in `slot`, the result stands
  /// where the permutation puts it, and every mention of what moved is translated. The results of
  /// doing a step and permuting, and of permuting and doing the step, must be the same; invariants,
  /// guards and goals must hold in both or in neither.
  func permuted(_ component: Component, in slot: Int, by permutation: Int) -> Component
}

extension ComponentSystem {
  public var invariants: [StatePredicate<Component>] { [] }
  public var guards: [StatePredicate<Component>] { [] }
  public var goals: [StatePredicate<Component>] { [] }
  public var obligations: [StatePredicate<Component>] { [] }
  public var exemptions: [StatePredicate<Component>] { [] }
  public var continuation: Self? { nil }
  public var permutations: [SlotPermutation] { [] }

  public func continued(_ component: Component, in slot: Int) -> Component { component }

  public func permuted(_ component: Component, in slot: Int, by permutation: Int) -> Component {
    component
  }

  public func actions(of component: Component, in slot: Int) -> [Reaction<Component, Signal>] { [] }
}
