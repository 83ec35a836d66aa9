import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What the schema of Jenkins' xUnit plugin (`junit-10.xsd`) says about the elements that reports
/// may have, as a table, and what Maven Surefire's adds about the order of a test case's children.
/// Attributes of reruns and nested suites, which we never write, are not in it.
struct JUnitSchema {
  struct Element {
    var required: Set<String> = []
    var optional: Set<String> = []
    /// Children in the order in which they may come; each as often as it likes, unless `single`.
    var children: [String] = []
    var single: Set<String> = []
    var mayHaveText = false
  }

  static let elements: [String: Element] = [
    "testsuites": Element(
      optional: ["name", "time", "tests", "failures", "errors"], children: ["testsuite"]),
    "testsuite": Element(
      required: ["name", "tests", "failures", "errors"],
      optional: [
        "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url",
      ], children: ["properties", "testcase", "system-out", "system-err"]),
    "properties": Element(children: ["property"]),
    "property": Element(required: ["name", "value"]),
    "testcase": Element(
      required: ["name"], optional: ["classname", "time", "group"],
      children: ["failure", "skipped", "error", "system-out", "system-err"],
      single: ["skipped", "error", "system-out", "system-err"]),
    "failure": Element(required: ["type"], optional: ["message"], mayHaveText: true),
    "error": Element(required: ["type"], optional: ["message"], mayHaveText: true),
    "skipped": Element(optional: ["message", "type"], mayHaveText: true),
    "system-out": Element(mayHaveText: true),
    "system-err": Element(mayHaveText: true),
  ]

  /// Everything about a document that the schema refuses; empty if nothing.
  static func objections(to text: String) -> [String] {
    let parser = XMLParser(data: Data(text.utf8))
    let reader = Reader()
    parser.delegate = reader
    // The end of the text does not stop the parser.
    if !parser.parse() || !reader.isClosed {
      reader.objections.append("not well-formed at line \(parser.lineNumber)")
    }
    return reader.objections
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var objections: [String] = []
    /// Open elements with the children that they have had, and what their counts should be.
    private var open: [(name: String, children: [String])] = []
    var isClosed: Bool { open.isEmpty }
    private var announced: [String: Int] = [:]
    private var counted: [String: Int] = [:]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      check(name, attributes)
      if let parent = open.last {
        checkPlace(of: name, in: parent)
        open[open.count - 1].children.append(name)
      } else if name != "testsuites" && name != "testsuite" {
        objections.append("\(name) is no root")
      }
      open.append((name, []))
      if name == "testsuite" {
        announced = [:]
        counted = [:]
        for key in ["tests", "failures", "errors", "skipped"] {
          announced[key] = attributes[key].flatMap { Int($0) }
        }
      }
      let plural = ["testcase": "tests", "failure": "failures", "error": "errors"]
      counted[plural[name] ?? name, default: 0] += 1
    }

    private func check(_ name: String, _ attributes: [String: String]) {
      guard let element = elements[name] else {
        objections.append("unknown element \(name)")
        return
      }
      let given = Set(attributes.keys)
      for missing in element.required.subtracting(given).sorted() {
        objections.append("\(name) lacks \(missing)")
      }
      for extra in given.subtracting(element.required).subtracting(element.optional).sorted() {
        objections.append("\(name) may not have \(extra)")
      }
      if let time = attributes["time"], Double(time) == nil {
        objections.append("\(name) has a time that is no number")
      }
    }

    private func checkPlace(of name: String, in parent: (name: String, children: [String])) {
      guard let element = elements[parent.name] else { return }
      guard let place = element.children.firstIndex(of: name) else {
        objections.append("\(parent.name) may not hold \(name)")
        return
      }
      if let last = parent.children.last, let before = element.children.firstIndex(of: last),
        before > place
      {
        objections.append("\(name) comes after \(last) in \(parent.name)")
      }
      if element.single.contains(name), parent.children.contains(name) {
        objections.append("\(parent.name) holds \(name) twice")
      }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      guard let name = open.last?.name, elements[name]?.mayHaveText != true,
        !text.allSatisfy(\.isWhitespace)
      else { return }
      objections.append("\(name) may not hold text")
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
      guard name == "testsuite" else { return }
      for (key, count) in announced.sorted(by: { $0.key < $1.key })
      where count != counted[key, default: 0] {
        objections.append("testsuite says \(count) \(key), there are \(counted[key, default: 0])")
      }
    }
  }
}
