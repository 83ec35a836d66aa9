/// Per value, which operation of the current part wrote it: an array over all values of the
/// history, in which a new part makes the entries of older ones invalid.
struct ValueWriters: Sendable {
  private struct Entry: Sendable {
    var part: Int32 = -1
    var writer: Int32 = 0
  }

  /// Who wrote a value.
  enum Origin: Equatable, Sendable {
    case nobody
    case only(Int32)
    case several
  }

  private var entries: [Entry] = []
  private var part: Int32 = -1

  /// Starts on a history with that many values.
  mutating func begin(valueCount: Int) {
    entries.refill(Entry(), count: valueCount)
    part = -1
  }

  /// Starts on the next part: nobody wrote anything.
  mutating func beginPart() {
    part += 1
  }

  /// Notes that `writer` writes `value`.
  mutating func note(_ value: Int32, by writer: Int32) {
    let isFirst = entries[Int(value)].part != part
    entries[Int(value)] = Entry(part: part, writer: isFirst ? writer : -1)
  }

  /// Who writes `value`, as far as noted.
  @inline(__always)
  func origin(of value: Int32) -> Origin {
    let entry = entries[Int(value)]
    guard entry.part == part else { return .nobody }
    return entry.writer < 0 ? .several : .only(entry.writer)
  }
}
