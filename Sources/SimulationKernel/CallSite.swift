/// Where in its source a protocol calls its files, and who called the helper that does it: what a
/// study of these calls tells apart. A protocol passes it through and otherwise ignores it:
///
///     mutating func forceLog(
///       _ host: inout Host<Message>, file: StaticString = #fileID, line: UInt32 = #line
///     ) throws(FileError) {
///       try host.perform(.syncFile("log"), from: CallSite(file, line))
///     }
///
/// Two callers are kept, the nearest. Calls on one line are one site. Making one allocates nothing.
public struct CallSite: Sendable {
  /// A line of a source file.
  public struct Place: Sendable {
    /// Module and name of the file, as `#fileID` says them.
    public let file: StaticString
    /// From 1.
    public let line: UInt32
  }

  /// Where the host is called.
  public let place: Place
  /// Where the helper is called that calls the host.
  public let caller: Place?
  /// Where that helper's caller is called.
  public let outerCaller: Place?

  public init(_ file: StaticString, _ line: UInt32, from caller: CallSite? = nil) {
    place = Place(file: file, line: line)
    self.caller = caller?.place
    outerCaller = caller?.caller
  }

  /// Outermost first; one to three.
  public var places: [Place] { [outerCaller, caller, place].compactMap { $0 } }
}

extension CallSite.Place: Hashable, Comparable, CustomStringConvertible {
  public static func == (left: Self, right: Self) -> Bool {
    left.line == right.line && left.text == right.text
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(line)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.text, left.line) < (right.text, right.line)
  }

  private var text: String { "\(file)" }

  /// The file's name without its module, and the line: `Server+Files.swift:33`.
  public var description: String {
    "\(text.split(separator: "/").last ?? "?"):\(line)"
  }
}

extension CallSite: Hashable, CustomStringConvertible {
  /// The place, and its callers, nearest first.
  public var description: String {
    places.reversed().map(\.description).joined(separator: " < ")
  }
}
