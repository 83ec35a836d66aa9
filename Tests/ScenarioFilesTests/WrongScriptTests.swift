import Testing

/// Wrong scripts: a file in one line, then each complaint after `!`; a line that is indented goes
/// on.
@Suite struct WrongScriptTests {
  @Test(arguments: WrongInput.table(table))
  func isReportedInFull(input: WrongInput) {
    #expect(complaints(input.text) == input.complaints)
  }

  private static let table = #"""
    { protocol: "chain", script: [] }
    ! s.json5:1:30: error: the script has no entries
    { protocol: "chain", script: [{ client: 3, put: "a", value: "1" }] }
    ! s.json5:1:41: error: client 3 does not exist; clients.count is 2
    { protocol: "chain", script: [{ client: 1, put: "a" }] }
    ! s.json5:1:31: error: put lacks the key "value": what is written
    { protocol: "chain", script: [{ put: "a", value: "1" }] }
    ! s.json5:1:31: error: put lacks the key "client": the number of the client, from 1
    { protocol: "chain", script: [{ client: 1, pot: "a", value: "1" }] }
    ! s.json5:1:44: error: this script entry has none of the keys put, get, append, draw, swap,
      read, write, delay
    { protocol: "chain", script: [{ client: 1 }] }
    ! s.json5:1:31: error: this script entry has none of the keys put, get, append, draw, swap,
      read, write, delay
    { protocol: "chain", script: [{ client: 1, put: "a", get: "a", value: "1" }] }
    ! s.json5:1:54: error: "put" and "get" exclude each other in one script entry
    { protocol: "chain", script: [{ client: 1, get: "a", value: "1" }] }
    ! s.json5:1:54: error: unknown key "value" in get; known: client, get, at, wait
    { protocol: "chain", script: [{ client: 1, read: 3 }] }
    ! s.json5:1:44: error: the protocol "chain" has keys, not blocks
    { protocol: "chain", script: [{ client: 1, draw: "a" }] }
    ! s.json5:1:44: error: the protocol "chain" has no operation "draw"; it has: write, read,
      append, swap
    { protocol: "chain", script: [{ client: 1, get: "a", wait: "all" }] }
    ! s.json5:1:60: error: unknown wait "all"; known: prior, none
    { protocol: "chain", script: [{ delay: ["c1", "c1"], by: "1s" }] }
    ! s.json5:1:40: error: a link joins two different nodes, not "c1" with itself
    { protocol: "chain", script: [{ delay: ["c1", "c9"], by: "1s" }] }
    ! s.json5:1:47: error: there is no client "c9"; the scenario has 2 clients, c1 to c2
    { protocol: "chain", script: [{ delay: ["c1"], by: "1s" }] }
    ! s.json5:1:40: error: expected 2 nodes, found 1
    { protocol: "chain", script: [{ delay: ["c1", "s1"], by: "1s", from: "2s", to: "1s" }] }
    ! s.json5:1:80: error: the delay ends at 1s, not after 2s
    { protocol: "chain", clients: { mix: { read: 1 } }, script: [{ client: 1, get: "a" }] }
    ! s.json5:1:33: error: clients.mix and script exclude each other
    { protocol: "chain", clients: { keys: 1 }, script: [{ client: 1, get: "a" }, { client: 1,
      get: "b" }] }
    ! s.json5:1:96: error: "b" is key 2 of the script; clients.keys is 1
    { protocol: "two-node-store", script: [{ client: 1, put: "a", value: "1" }] }
    ! s.json5:1:53: error: the protocol "two-node-store" has blocks, not keys
    { protocol: "two-node-store", clients: { blocks: 2 }, script: [{ client: 1, read: 1, count:
      2 }] }
    ! s.json5:1:83: error: block 2 does not exist; clients.blocks is 2
    { protocol: "two-node-store", script: [{ client: 1, read: 0, count: 3 }] }
    ! s.json5:1:69: error: script[1].count must be from 1 to 2, found 3
    """#
}
