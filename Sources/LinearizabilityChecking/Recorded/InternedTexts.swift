/// Distinct texts, numbered from 0 in the order in which they were first met.
public struct InternedTexts: Sendable {
  private var numbers: [String: Int32] = [:]
  private var texts: [String] = []

  /// No texts.
  public init() {}

  /// How many there are.
  public var count: Int { texts.count }

  /// The number of `text`, a new one if it is new. Expected O(length).
  public mutating func id(of text: String) -> Int32 {
    if let known = numbers[text] { return known }
    let id = Int32(texts.count)
    numbers[text] = id
    texts.append(text)
    return id
  }

  /// The number of `text` if it has one.
  public func knownID(of text: String) -> Int32? { numbers[text] }

  /// The text with this number. Traps on a number that was never given.
  public subscript(_ id: Int32) -> String { texts[Int(id)] }
}
