import Foundation
import Testing

@Suite("benchmark check")
struct CheckBenchmarkTests {
  private func lines(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("a case is measured in a process of its own, or here")
  func figures() throws {
    let folder = try TestFolder()
    let name = "register, 1000 operations, 5 clients"
    for more in [[], ["--here"]] {
      let outcome = try Tool.run(
        ["benchmark", "check", "--case", name, "--json"] + more, in: folder)
      #expect(outcome.code == 0)
      let figure = try #require(try lines(outcome.out).first)
      #expect(figure["benchmark"] as? String == "check" && figure["case"] as? String == name)
      #expect(figure["operations"] as? Int == 1_000)
      for key in ["cpuSeconds", "wallSeconds", "peakMegabytes"] {
        #expect((figure[key] as? Double ?? 0) > 0, "\(key)")
      }
    }
    #expect(try Tool.run("benchmark", "check", "--case", "nothing", in: folder).code == 64)
  }

  @Test("theories, search and monitors are compared with brute force")
  func verification() throws {
    let folder = try TestFolder()
    let all = try Tool.run("benchmark", "check", "--verify", "60", "--json", in: folder)
    #expect(all.code == 0)
    let figures = try lines(all.out)
    #expect(figures.count == 8)
    #expect(figures.allSatisfy { $0["histories"] as? Int == 60 })
    let one = try Tool.run(
      "benchmark", "check", "--verify=300", "--model", "mutex", "--jobs", "1", "--seed", "9",
      in: folder)
    #expect(one.code == 0)
    #expect(one.out.hasPrefix("verify mutex: 300 histories, "))
  }

  @Test("numbers that are none, and none where one is needed")
  func wrongNumbers() throws {
    let folder = try TestFolder()
    for words in [
      ["benchmark", "check", "--verify", "0"], ["benchmark", "check", "--verify=x"],
      ["benchmark", "check", "--verify", "5", "--model", "nothing"],
      ["benchmark", "disk", "--verify"], ["benchmark", "check", "--verify", "--seed", "-1"],
    ] {
      #expect(try Tool.run(words, in: folder).code == 64, "\(words)")
    }
  }
}
