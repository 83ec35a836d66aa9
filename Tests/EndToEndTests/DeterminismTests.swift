import Foundation
import Testing

@Suite("Same inputs, same bytes")
struct DeterminismTests {
  /// A folder with scenarios of every ending.
  private func scenarios() throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("S/a.json5", Example.passing)
    try folder.write("S/b.json5", Example.failing)
    try folder.write("S/c.json5", Example.caught)
    try folder.write("S/d.json5", Example.undecided)
    try folder.write(
      "S/e.json5",
      """
      { title: "Pairs", protocol: "primary-backup", run: { seeds: 70, swarm: true },
        assume: { network: ["lossy", "partitions"] }, network: { loss: 0.1 },
        faults: { crashes: 2, restarts: 2, partitions: 1 } }
      """)
    return folder
  }

  /// Every file of the report by name, wall times left out.
  private func report(_ folder: TestFolder) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in ["results.json", "report.txt", "report.md", "junit.xml"] {
      files[name] = try folder.read("Reports/" + name)
    }
    for name in try folder.names("Reports/failures") {
      files[name] = try folder.read("Reports/failures/" + name)
    }
    let results = files["results.json"] ?? ""
    let cut = try #require(results.range(of: ",\n  \"wallSeconds\""))
    files["results.json"] = String(results[..<cut.lowerBound])
    return files
  }

  @Test("one job, two jobs, sixteen jobs, and another process")
  func jobs() throws {
    let folder = try scenarios()
    var first: [String: String] = [:]
    var firstOut = ""
    for jobs in ["1", "2", "16", "1"] {
      let outcome = try Tool.run("run", "S", "--jobs", jobs, in: folder)
      #expect(outcome.code == 1)
      let files = try report(folder)
      if first.isEmpty {
        first = files
        firstOut = outcome.out
        #expect(files.count == 10)
      }
      #expect(files == first, "--jobs \(jobs)")
      #expect(outcome.out == firstOut, "--jobs \(jobs)")
    }
  }

  @Test("the parts of a run, merged, are the whole run")
  func shards() throws {
    let folder = try scenarios()
    for (shard, name) in [("1/2", "one"), ("2/2", "two"), ("1/1", "whole")] {
      _ = try Tool.run("run", "S", "--shard", shard, "--report", name, in: folder)
    }
    let merged = try Tool.run(
      "report", "merge", "one", "two", "--report", "both", "--json", in: folder)
    let whole = try Tool.run("report", "merge", "whole", "--report", "both2", "--json", in: folder)
    #expect(merged.code == whole.code)
    #expect(
      try comparable(merged.out)
        == comparable(whole.out.replacingOccurrences(of: "both2/", with: "both/")))
    #expect(
      try folder.names("both/failures") == folder.names("whole/failures"))
    for name in try folder.names("both/failures") where name.hasSuffix(".json") {
      let outcome = try Tool.run("replay", "both/failures/" + name, in: folder)
      #expect(outcome.code == 0, "\(name): \(outcome.out)")
    }
  }

  /// A scenario that fails unexpectedly ends with its first failing seed, in each shard: the parts
  /// together run more seeds than the whole, and find the same.
  private func comparable(_ text: String) throws -> NSDictionary {
    var document = try object(text)
    var scenarios = document["scenarios"] as? [[String: Any]] ?? []
    #expect(scenarios.count == 5)
    for index in scenarios.indices
    where scenarios[index]["verdict"] as? String == "violation"
      && scenarios[index]["asExpected"] as? Bool == false
    {
      for key in ["runs", "steps", "operations", "faults", "recovery"] {
        scenarios[index][key] = nil
      }
    }
    document["scenarios"] = scenarios
    return NSDictionary(dictionary: document)
  }

  @Test("results that do not fit together are not merged")
  func wrongMerge() throws {
    let folder = try scenarios()
    _ = try Tool.run("run", "S/a.json5", "--report", "one", in: folder)
    try folder.write("two/results.json", "{ \"format\": \"something else\" }")
    let outcome = try Tool.run("report", "merge", "one", "two", in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.err.contains("two/results.json:1:"))
    #expect(!folder.exists("Reports"))
  }
}
