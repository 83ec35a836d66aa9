import Testing

@testable import HistoryFiles

@Suite("Names of operations")
struct OperationNamesTests {
  private func withToken<Result>(_ text: String, _ body: (Token) -> Result) -> Result {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer {
      body(Token($0.baseAddress ?? UnsafePointer(bitPattern: 8)!, 0, $0.count))
    }
  }

  @Test("numbers and words are names, each of one operation")
  func names() {
    var names = OperationNames()
    let words = [
      "0", "7", "007", "a", "65535", "9999999999", "-1", "70000", "1", "99999999999999999999",
    ]
    for (index, word) in words.enumerated() {
      #expect(withToken(word) { names.add($0, Int32(index)) }, "\(word)")
    }
    for (index, word) in words.enumerated() {
      #expect(withToken(word) { names.operation($0) } == Int32(index), "\(word)")
      #expect(!withToken(word) { names.add($0, 99) }, "\(word)")
    }
    #expect(withToken("2") { names.operation($0) } == nil)
    #expect(withToken("b") { names.operation($0) } == nil)
  }

  @Test("a number that came too early to be kept by its value stays what it is")
  func farNumbers() {
    var names = OperationNames()
    #expect(withToken("70000") { names.add($0, 0) })
    for number in 0..<5000 { _ = withToken("\(number)") { names.add($0, Int32(number + 1)) } }
    #expect(!withToken("70000") { names.add($0, 9) })
    #expect(withToken("70000") { names.operation($0) } == 0)
    #expect(withToken("70001") { names.add($0, 5002) })
    #expect(withToken("4999") { names.operation($0) } == 5000)
  }
}
