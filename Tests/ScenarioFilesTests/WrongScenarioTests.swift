import Testing

/// Wrong scenarios: a file in one line, then each complaint after `!`; a line that is indented goes
/// on.
@Suite struct WrongScenarioTests {
  @Test(arguments: WrongInput.table(table))
  func isReportedInFull(input: WrongInput) {
    #expect(complaints(input.text) == input.complaints)
  }

  private static let table = #"""
    {}
    ! s.json5:1:1: error: the scenario lacks the key "protocol": the replicated system to run
    []
    ! s.json5:1:1: error: expected an object, found a list
    { protocol: "chian" }
    ! s.json5:1:13: error: unknown protocol "chian"; known: chain, two-node-store
    { protocol: 7 }
    ! s.json5:1:13: error: expected a string, found a number
    { protocl: "chain" }
    ! s.json5:1:1: error: the scenario lacks the key "protocol": the replicated system to run
    ! s.json5:1:3: error: unknown key "protocl" in the scenario; known: title, notes, protocol,
      servers, variant, options, clients, script, schedule, assume, network, costs, faults,
      run, check, expect, hosts, volumes, sweep, charts, expectMeasure, cases
    { protocol: "chain", protocol: "chain" }
    ! s.json5:1:22: error: the key "protocol" stands twice; first in line 1
    { protocol: "chain", server: 3 }
    ! s.json5:1:22: error: unknown key "server" in the scenario; known: title, notes, protocol,
      servers, variant, options, clients, script, schedule, assume, network, costs, faults,
      run, check, expect, hosts, volumes, sweep, charts, expectMeasure, cases
    { protocol: "chain", servers: 0 }
    ! s.json5:1:31: error: servers must be from 1 to 7, found 0
    { protocol: "chain", servers: "3" }
    ! s.json5:1:31: error: expected a whole number, found a string
    { protocol: "chain", servers: 2.5 }
    ! s.json5:1:31: error: expected a whole number, found 2.5
    { protocol: "chain", servers: 8 }
    ! s.json5:1:31: error: servers must be from 1 to 7, found 8
    { protocol: "chain", servers: 99999999999999999999 }
    ! s.json5:1:31: error: servers must be from 1 to 7, found 99999999999999999999
    { protocol: "chain", variant: "CR-02" }
    ! s.json5:1:31: error: unknown variant "CR-02"; known: correct, CR-01, CR-05
    { protocol: "chain", title: 12 }
    ! s.json5:1:29: error: expected a string, found a number
    { protocol: "chain", options: { windw: 1 } }
    ! s.json5:1:33: error: unknown key "windw" in options; known: extend, window, pause,
      transfer
    { protocol: "chain", options: { window: 65 } }
    ! s.json5:1:41: error: options.window must be from 1 to 64, found 65
    { protocol: "chain", options: { extend: 1 } }
    ! s.json5:1:41: error: expected true or false, found a number
    { protocol: "chain", options: { transfer: "part" } }
    ! s.json5:1:43: error: unknown transfer "part"; known: whole, parts
    { protocol: "chain", options: { pause: 5 } }
    ! s.json5:1:40: error: expected a duration with a unit such as "10ms", found a number
    { protocol: "chain", clients: 2 }
    ! s.json5:1:31: error: expected an object, found a number
    { protocol: "chain", clients: { cuont: 2 } }
    ! s.json5:1:33: error: unknown key "cuont" in clients; known: count, operations, open, mix,
      keys, blocks, pattern, unaligned, think, retry, finalRead, dispatch, giveUpAfter, updaters
    { protocol: "chain", clients: { count: 0 } }
    ! s.json5:1:40: error: clients.count must be from 1 to 100, found 0
    { protocol: "chain", clients: { mix: { write: -1 } } }
    ! s.json5:1:47: error: clients.mix.write must be from 0 to 1000000, found -1
    { protocol: "chain", clients: { mix: { write: 0 } } }
    ! s.json5:1:38: error: clients.mix has no weight above 0
    { protocol: "chain", clients: { mix: { draw: 1, write: 1 } } }
    ! s.json5:1:40: error: the protocol "chain" has no operation "draw"; it has: write, read,
      append, swap
    { protocol: "chain", clients: { mix: { delete: 1 } } }
    ! s.json5:1:40: error: unknown key "delete" in mix; known: write, read, append, draw, swap
    { protocol: "chain", clients: { keys: 2, blocks: 2 } }
    ! s.json5:1:42: error: clients.keys and clients.blocks exclude each other
    { protocol: "chain", clients: { blocks: 2 } }
    ! s.json5:1:33: error: the protocol "chain" has keys, not blocks
    { protocol: "chain", clients: { unaligned: 0.5 } }
    ! s.json5:1:33: error: clients.unaligned is for blocks, not for keys
    { protocol: "chain", clients: { unaligned: 1.5 } }
    ! s.json5:1:44: error: clients.unaligned must be from 0 to 1, found 1.5
    { protocol: "chain", clients: { pattern: "hots" } }
    ! s.json5:1:42: error: unknown pattern "hots"; known: uniform, hot, strided
    { protocol: "chain", clients: { think: 5 } }
    ! s.json5:1:40: error: expected a duration with a unit such as "10ms", found a number
    { protocol: "chain", clients: { think: "5" } }
    ! s.json5:1:40: error: the duration "5" has no unit; known: ns, us, ms, s, min, h
    { protocol: "chain", clients: { think: "5 sec" } }
    ! s.json5:1:40: error: unknown unit " sec" of a duration; known: ns, us, ms, s, min, h
    { protocol: "chain", clients: { think: { min: "5ms", max: "1ms" } } }
    ! s.json5:1:59: error: max is 1ms, less than min, which is 5ms
    { protocol: "chain", clients: { think: { min: "5ms" } } }
    ! s.json5:1:40: error: a range of durations lacks the key "max": the longest
    { protocol: "chain", clients: { retry: { after: "2s", limit: "1s" } } }
    ! s.json5:1:62: error: clients.retry.limit is 1s, less than after, which is 2s
    { protocol: "chain", clients: { retry: { factor: 0 } } }
    ! s.json5:1:50: error: clients.retry.factor must be from 1 to 100, found 0
    { protocol: "chain", clients: { finalRead: "yes" } }
    ! s.json5:1:44: error: expected true or false, found a string
    { protocol: "chain", run: { mode: "explore" } }
    ! s.json5:1:35: error: run.mode "explore" is not available in this version; available:
      simulate
    { protocol: "chain", run: { mode: "simulte" } }
    ! s.json5:1:35: error: unknown mode "simulte"; known: simulate, crashpoints, explore,
      measure
    { protocol: "chain", run: { recoverWithin: 800 } }
    ! s.json5:1:44: error: expected a duration with a unit such as "10ms", found a number
    { protocol: "chain", run: { recoverWithin: "1s" }, check: "linearizability" }
    ! s.json5:1:29: error: run.recoverWithin belongs to the check "progress", which is not in check
    { protocol: "two-node-store", run: { recoverWithin: "1s" } }
    ! s.json5:1:38: error: run.recoverWithin belongs to the check "progress", which the protocol
      "two-node-store" does not have
    { protocol: "chain", run: { seeds: 0 } }
    ! s.json5:1:36: error: run.seeds must be from 1 to 100000000, found 0
    { protocol: "chain", run: { seed: -1 } }
    ! s.json5:1:35: error: run.seed must be at least 0, found -1
    { protocol: "chain", run: { steps: "many" } }
    ! s.json5:1:36: error: expected a whole number, found a string
    { protocol: "chain", check: [] }
    ! s.json5:1:29: error: check must name at least one
    { protocol: "chain", check: "linearisability" }
    ! s.json5:1:29: error: unknown check "linearisability"; known: linearizability, durability,
      convergence, progress
    { protocol: "chain", check: "convergence" }
    ! s.json5:1:29: error: the protocol "chain" has no check "convergence"; it has:
      linearizability, durability, progress
    { protocol: "chain", check: ["progress", "progress"] }
    ! s.json5:1:42: error: the check "progress" stands twice
    { protocol: "chain", expect: "fail" }
    ! s.json5:1:30: error: unknown expectation "fail"; known: pass, undecided
    { protocol: "chain", expect: 1 }
    ! s.json5:1:30: error: expected a string or an object, found a number
    { protocol: "chain", expect: {} }
    ! s.json5:1:30: error: expect lacks the key "violation": the check, or a list of checks
    { protocol: "chain", check: "progress", expect: { violation: "durability" } }
    ! s.json5:1:62: error: the check "durability" is expected to fail but is not in check
    { protocol: "chain", servers: }
    ! s.json5:1:31: error: expected a value, found "}"
    { protocol: "two-node-store", clients: { keys: 2 } }
    ! s.json5:1:42: error: the protocol "two-node-store" has blocks, not keys
    { protocol: "two-node-store", clients: { blocks: 1, unaligned: 1 } }
    ! s.json5:1:53: error: clients.unaligned needs at least two blocks
    """#
}
