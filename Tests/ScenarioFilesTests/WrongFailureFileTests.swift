import Testing

/// Wrong failure files: a file in one line, then each complaint after `!`; a line that is indented
/// goes on.
@Suite struct WrongFailureFileTests {
  @Test(arguments: WrongInput.table(table))
  func isReportedInFull(input: WrongInput) {
    #expect(failureComplaints(input.text) == input.complaints)
  }

  private static let table = #"""
    [{ format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:157: error: expected "]" to close the list of line 1, found the end of the file
    { format: "crashproof-failure", seed: 78, check: "progress", steps: 2, digest: "0a1b",
      scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:1: error: the failure file lacks the key "version": the version of the format
    { format: "crashproof-failure", version: 2, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:42: error: failure files of version 2 cannot be read; this program reads version
      1
    { format: "crashproof-failure", version: "1", seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:42: error: expected a whole number, found a string
    { format: "maelstrom", version: 1, seed: 78, check: "progress", steps: 2, digest: "0a1b",
      scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:11: error: this is no failure file: its format is "maelstrom", not
      "crashproof-failure"
    { version: 1, seed: 78, check: "progress", steps: 2, digest: "0a1b", scenario: { protocol:
      "chain" }, decisions: ["a", "b"] }
    ! f.json:1:1: error: the failure file lacks the key "format": what kind of file this is
    { format: "crashproof-failure", version: 1, seed: -1, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:51: error: seed must be at least 0, found -1
    { format: "crashproof-failure", version: 1, seed: "78", check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:51: error: expected a whole number, found a string
    { format: "crashproof-failure", version: 1, seed: 78.5, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:51: error: expected a whole number, found 78.5
    { format: "crashproof-failure", version: 1, seed: 78, check: "progres", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:62: error: unknown check "progres"; known: linearizability, durability,
      convergence, progress
    { format: "crashproof-failure", version: 1, seed: 78, check: null, steps: 2, digest: "0a1b",
      scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:62: error: expected a string, found null
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, stepz: 3,
      digest: "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:84: error: unknown key "stepz" in the failure file; known: format, version,
      scenarioFile, seed, check, message, steps, digest, command, shrunk, faultsEnd, scenario,
      decisions
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0A1G", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:92: error: expected a digest of hexadecimal digits, found "0A1G"
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "", scenario: { protocol: "chain" }, decisions: ["a", "b"] }
    ! f.json:1:92: error: expected a digest of hexadecimal digits, found ""
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chian" }, decisions: ["a", "b"] }
    ! f.json:1:122: error: unknown protocol "chian"; known: chain, two-node-store
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: "chain", decisions: ["a", "b"] }
    ! f.json:1:110: error: expected an object, found a string
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { }, decisions: ["a", "b"] }
    ! f.json:1:110: error: the scenario lacks the key "protocol": the replicated system to run
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain", servers: 9, faults: [{ crash: "s4" }] }, decisions:
      ["a", "b"] }
    ! f.json:1:140: error: scenario.servers must be from 1 to 7, found 9
    ! f.json:1:152: error: this fault does not say when it happens: after, at, request, step
    ! f.json:1:161: error: there is no server "s4"; the scenario has 3 servers, s1 to s3
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: "ab" }
    ! f.json:1:144: error: expected a list, found a string
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", 7] }
    ! f.json:1:150: error: expected a string, found a number
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a", "b"
    ! f.json:1:153: error: expected "]" to close the list of line 1, found the end of the file
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" }, decisions: ["a" "b"] } }
    ! f.json:1:149: error: expected "," or "]", found the string "b"
    ! f.json:1:156: error: expected the end of the file, found "}"
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", decisions: ["a", "b"] }
    ! f.json:1:1: error: the failure file lacks the key "scenario": the scenario with its
      defaults
    { format: "crashproof-failure", version: 1, seed: 78, check: "progress", steps: 2, digest:
      "0a1b", scenario: { protocol: "chain" } }
    ! f.json:1:1: error: the failure file lacks the key "decisions": what was decided in each
      step
    {}
    ! f.json:1:1: error: the failure file lacks the key "format": what kind of file this is
    ! f.json:1:1: error: the failure file lacks the key "version": the version of the format
    ! f.json:1:1: error: the failure file lacks the key "seed": the seed that failed
    ! f.json:1:1: error: the failure file lacks the key "check": the check that failed
    ! f.json:1:1: error: the failure file lacks the key "steps": the steps up to the violation
    ! f.json:1:1: error: the failure file lacks the key "digest": the digest of the trace
    ! f.json:1:1: error: the failure file lacks the key "scenario": the scenario with its
      defaults
    ! f.json:1:1: error: the failure file lacks the key "decisions": what was decided in each
      step
    null
    ! f.json:1:1: error: expected an object, found null
    """#
}
