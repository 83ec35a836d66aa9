import SimulationKernel

/// What travels from one node to another.
public enum Parcel<Message: NodeMessage>: Sendable {
  case message(Message)
  /// The sender of this channel is dead, and the receiver had called it.
  case unavailable
}

/// A parcel under way, numbered in its channel so that a decision can name it.
public struct Envelope<Message: NodeMessage>: Sendable {
  public let number: UInt32
  public let parcel: Parcel<Message>

  @inlinable
  init(number: UInt32, parcel: Parcel<Message>) {
    self.number = number
    self.parcel = parcel
  }
}

/// What one node has sent to one other and is still under way, oldest first.
///
/// A queue over an array with a moving head and end: sending and taking the first are O(1)
/// amortised, taking another is linear in what is under way. Places before the head and behind the
/// end keep old envelopes until they are written over, which is cheaper than emptying the array.
public struct Channel<Message: NodeMessage>: Sendable {
  @usableFromInline var items: [Envelope<Message>] = []
  @usableFromInline var head = 0
  @usableFromInline var end = 0
  @usableFromInline var nextNumber: UInt32 = 0

  @inlinable
  init() {}

  @inlinable
  public var count: Int { end - head }

  /// What is under way, oldest first.
  public var envelopes: ArraySlice<Envelope<Message>> { items[head..<end] }

  /// The number of the oldest envelope.
  @inlinable
  public var firstNumber: UInt32? { head < end ? items[head].number : nil }

  @inlinable
  mutating func append(_ parcel: Parcel<Message>) -> UInt32 {
    let number = nextNumber
    nextNumber &+= 1
    if end < items.count {
      items[end] = Envelope(number: number, parcel: parcel)
    } else {
      items.append(Envelope(number: number, parcel: parcel))
    }
    end += 1
    return number
  }

  /// Takes the envelope of this number out; `nil` if it is not under way.
  @inlinable
  mutating func take(_ number: UInt32) -> Parcel<Message>? {
    guard head < end else { return nil }
    if items[head].number == number {
      // Taken out rather than copied; what stays in its place is nothing.
      var envelope = Envelope<Message>(number: number, parcel: .unavailable)
      swap(&envelope, &items[head])
      head += 1
      if head == end {
        head = 0
        end = 0
      } else if head >= 32, head * 2 >= end {
        compact()
      }
      return envelope.parcel
    }
    guard let index = index(of: number) else { return nil }
    end -= 1
    return items.remove(at: index).parcel
  }

  /// Drops the places before the head.
  @usableFromInline
  mutating func compact() {
    items.removeFirst(head)
    end -= head
    head = 0
  }

  @usableFromInline
  func index(of number: UInt32) -> Int? {
    items[head..<end].firstIndex { $0.number == number }
  }

  @inlinable
  func contains(_ number: UInt32) -> Bool {
    firstNumber == number || index(of: number) != nil
  }

  /// How many messages are under way; what is not one was not sent by the channel's sender.
  var messageCount: Int {
    envelopes.count { if case .message = $0.parcel { true } else { false } }
  }

  /// Loses all messages but the first `count`.
  mutating func keepMessages(first count: Int) {
    var left = count
    items = envelopes.filter { envelope in
      guard case .message = envelope.parcel else { return true }
      left -= 1
      return left >= 0
    }
    head = 0
    end = items.count
  }

  /// Loses all but the first `count` envelopes.
  @inlinable
  mutating func keep(first count: Int) {
    end = head + min(max(0, count), self.count)
    if head == end {
      head = 0
      end = 0
    }
  }
}
