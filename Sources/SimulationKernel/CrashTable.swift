/// What a document promises for a crash at each named crash point of its protocol: the recovery
/// that it prescribes, in words, to be set beside what happens.
public struct CrashTable: Sendable {
  /// Where the promises stand.
  public var source: String
  /// The variants worth comparing, by their ids, the best first.
  public var variants: [String]
  public var rows: [Row]

  public init(source: String, variants: [String], rows: [Row]) {
    self.source = source
    self.variants = variants
    self.rows = rows
  }

  /// One crash point.
  public struct Row: Sendable {
    /// The name of the crash point.
    public var label: String
    /// Who crashes, and what it has done by then.
    public var place: String
    /// In the order of the document.
    public var promises: [Promise]

    public init(_ label: String, _ place: String, _ promises: [Promise]) {
      self.label = label
      self.place = place
      self.promises = promises
    }
  }

  /// What somebody does about a crash.
  public struct Promise: Hashable, Sendable {
    public var who: String
    /// Without a subject and a full stop, for example `asks for the outcome on reboot`.
    public var what: String

    public init(_ who: String, _ what: String) {
      self.who = who
      self.what = what
    }
  }
}
