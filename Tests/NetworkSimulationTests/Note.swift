import NetworkSimulation
import SimulationKernel

/// A message that says nothing but its number.
struct Note: NodeMessage, Hashable {
  typealias Operation = Int
  typealias Response = Int
  var number: Int

  init(_ number: Int) { self.number = number }
  var summary: String { "Note(\(number))" }
  func fingerprint(into hasher: inout StableHasher) { hasher.combine(number) }
}

extension Network<Note> {
  /// What is under way on a link, oldest first; an `unavailable` is -1.
  func contents(_ sender: Int, _ receiver: Int) -> [Int] {
    channel(from: NodeID(sender), to: NodeID(receiver)).envelopes.map { envelope in
      switch envelope.parcel {
      case .message(let note): note.number
      case .unavailable: -1
      }
    }
  }

  mutating func send(_ numbers: [Int], _ sender: Int, _ receiver: Int) -> [UInt32] {
    numbers.map { send(.message(Note($0)), from: NodeID(sender), to: NodeID(receiver)) }
  }
}

extension Parcel<Note> {
  var number: Int? {
    if case .message(let note) = self { note.number } else { nil }
  }
}
