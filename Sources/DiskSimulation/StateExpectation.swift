/// A claim about crash states: clauses that all must hold, separated by `;`.
///
///     f=oo|nn; printed -> f=nn
///
/// A clause is a list of terms, separated by `,`, that all must hold; after an arrow, only in
/// states in which all terms before the arrow hold. A term is
/// - `printed`: the outside world has seen the output;
/// - `f`: the file, or the empty directory `d/`, is there;
/// - `f=oo|nn|`: the file is there with one of these contents, a character a block; an empty
///   alternative is an empty file;
/// - any of these with `!` in front: it does not hold.
///
/// A file called `printed` is written `./printed`.
public struct StateExpectation: Hashable, Sendable {
  struct Term: Hashable, Sendable {
    enum Claim: Hashable, Sendable {
      case printed
      case exists(String)
      case contents(String, [String])
    }

    var claim: Claim
    var isNegated: Bool
  }

  struct Clause: Hashable, Sendable {
    var condition: [Term]
    var demand: [Term]
  }

  let clauses: [Clause]

  /// Why a text is no expectation.
  public struct SyntaxError: Error, Hashable, Sendable {
    public let message: String
  }

  public init(_ text: String) throws(SyntaxError) {
    var clauses: [Clause] = []
    for piece in Self.split(text, at: ";") where !piece.isEmpty {
      clauses.append(try Self.clause(piece))
    }
    guard !clauses.isEmpty else { throw SyntaxError(message: "nothing is expected") }
    self.clauses = clauses
  }

  public func holds(in state: ProgramState) -> Bool {
    clauses.allSatisfy { clause in
      !clause.condition.allSatisfy { $0.holds(in: state) }
        || clause.demand.allSatisfy { $0.holds(in: state) }
    }
  }

  private static func clause(_ text: String) throws(SyntaxError) -> Clause {
    guard let arrow = text.utf8.indices.first(where: { text.utf8[$0...].starts(with: "->".utf8) })
    else { return Clause(condition: [], demand: try terms(text)) }
    let rest = String(text[text.utf8.index(arrow, offsetBy: 2)...])
    return Clause(condition: try terms(String(text[..<arrow])), demand: try terms(rest))
  }

  private static func terms(_ text: String) throws(SyntaxError) -> [Term] {
    var terms: [Term] = []
    for piece in split(text, at: ",") { terms.append(try term(piece)) }
    return terms
  }

  private static func term(_ text: String) throws(SyntaxError) -> Term {
    let isNegated = text.hasPrefix("!")
    let positive = trimmed(String(text.dropFirst(isNegated ? 1 : 0)))
    if positive == "printed" { return Term(claim: .printed, isNegated: isNegated) }
    var path = positive
    var alternatives: [String]?
    if let sign = positive.firstIndex(of: "=") {
      path = trimmed(String(positive[..<sign]))
      alternatives = split(String(positive[positive.index(after: sign)...]), at: "|")
    }
    if path.hasPrefix("./") { path.removeFirst(2) }
    guard !path.isEmpty, !path.contains(where: { $0 == " " || $0 == ">" || $0 == "!" }) else {
      throw SyntaxError(
        message: "\"\(text)\" is no term: printed, NAME, or NAME=CONTENTS|CONTENTS")
    }
    let claim = alternatives.map { Term.Claim.contents(path, $0) } ?? .exists(path)
    return Term(claim: claim, isNegated: isNegated)
  }

  private static func split(_ text: String, at separator: Character) -> [String] {
    text.split(separator: separator, omittingEmptySubsequences: false).map { trimmed(String($0)) }
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension StateExpectation.Term {
  func holds(in state: ProgramState) -> Bool {
    switch claim {
    case .printed: state.isPrinted != isNegated
    case .exists(let path): (state.contents(of: path) != nil) != isNegated
    case .contents(let path, let alternatives):
      state.contents(of: path).map(alternatives.contains) ?? false != isNegated
    }
  }
}
