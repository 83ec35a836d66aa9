import Testing

/// Wrong faults and environments: a file in one line, then each complaint after `!`; a line that is
/// indented goes on.
@Suite struct WrongFaultTests {
  @Test(arguments: WrongInput.table(table))
  func isReportedInFull(input: WrongInput) {
    #expect(complaints(input.text) == input.complaints)
  }

  private static let table = #"""
    { protocol: "chain", assume: { network: "fifi" } }
    ! s.json5:1:41: error: unknown network word "fifi"; known: fifo, lossy, duplicating,
      reordering, partitions, slow
    { protocol: "chain", assume: { network: [] } }
    ! s.json5:1:41: error: assume.network must name at least one
    { protocol: "chain", assume: { network: ["fifo", "fifo"] } }
    ! s.json5:1:50: error: the network word "fifo" stands twice
    { protocol: "chain", assume: { network: ["fifo", "lossy"] } }
    ! s.json5:1:50: error: the protocol "chain" is not meant for the network "lossy"; it is for:
      fifo, slow
    { protocol: "chain", assume: { detector: "timeouts" } }
    ! s.json5:1:42: error: the protocol "chain" is not meant for the detector "timeouts"; it is
      for: perfect
    { protocol: "chain", assume: { disk: "ext5" } }
    ! s.json5:1:38: error: unknown disk profile "ext5"; known: default+atomic-dir, ext4
    { protocol: "chain", assume: { down: 4 } }
    ! s.json5:1:38: error: assume.down is 4, more than the 3 servers
    { protocol: "chain", network: { loss: 0.1 } }
    ! s.json5:1:39: error: network.loss needs "lossy" among the words of assume.network
    { protocol: "chain", network: { loss: 2 } }
    ! s.json5:1:39: error: network.loss must be from 0 to 1, found 2
    { protocol: "chain", network: { slow: { rate: 0.1 } } }
    ! s.json5:1:47: error: network.slow.rate needs "slow" among the words of assume.network
    { protocol: "chain", network: { latency: { min: "1ms", max: "2ms" }, distribution: "fixed" }
      }
    ! s.json5:1:84: error: a fixed distribution needs a latency of one duration, not a range
    { protocol: "chain", network: { latency: "0.5ns" } }
    ! s.json5:1:42: error: the duration "0.5ns" is not a whole number of nanoseconds
    { protocol: "chain", network: { latency: "9999999999999999999999h" } }
    ! s.json5:1:42: error: the duration "9999999999999999999999h" is longer than 1000h
    { protocol: "chain", costs: { fsync: "1ms" } }
    ! s.json5:1:31: error: unknown key "fsync" in costs; known: handler, query, update, apply,
      fileOperation, sync, syncBlock, read, readBlock, writeBlock, messages, diskWriteBack
    { protocol: "chain", costs: { sync: 1 } }
    ! s.json5:1:37: error: expected a duration with a unit such as "10ms", found a number
    { protocol: "chain", faults: "none" }
    ! s.json5:1:30: error: expected an object or a list, found a string
    { protocol: "chain", faults: { crash: 1 } }
    ! s.json5:1:32: error: unknown key "crash" in faults; known: crashes, restarts, powerLosses,
      clusterPowerLosses, partitions, oneWayCuts, slowLinks, nodes, window, restartAfter,
      partitionFor, slowBy, storage, detectAfter, swarm
    { protocol: "chain", faults: { crashes: -1 } }
    ! s.json5:1:41: error: faults.crashes must be from 0 to 10000, found -1
    { protocol: "chain", faults: { partitions: 1 } }
    ! s.json5:1:44: error: faults.partitions needs "partitions" among the words of
      assume.network
    { protocol: "chain", faults: { nodes: ["master"] } }
    ! s.json5:1:40: error: "master" does not fail: only servers do
    { protocol: "chain", faults: { nodes: ["hed"] } }
    ! s.json5:1:40: error: unknown node "hed"; known: s1, s2, s3, head, tail
    { protocol: "chain", faults: { nodes: "head" } }
    ! s.json5:1:39: error: expected a list of nodes, found a string
    { protocol: "chain", faults: { crashes: 1 }, assume: { down: 0 } }
    ! s.json5:1:41: error: faults.crashes cannot be drawn: assume.down is 0
    { protocol: "chain", faults: { detectAfter: "1ms" }, assume: { detectAfter: "2ms" } }
    ! s.json5:1:32: error: detectAfter stands in assume, too
    { protocol: "chain", faults: [{ crash: "s1" }] }
    ! s.json5:1:31: error: this fault does not say when it happens: after, at, request, step
    { protocol: "chain", faults: [{ crash: "s4", after: "1ms" }] }
    ! s.json5:1:40: error: there is no server "s4"; the scenario has 3 servers, s1 to s3
    { protocol: "chain", faults: [{ crash: "c1", after: "1ms" }] }
    ! s.json5:1:40: error: "c1" does not fail: only servers do
    { protocol: "chain", faults: [{ crash: "x", after: "1ms" }] }
    ! s.json5:1:40: error: unknown node "x"; known: s1, s2, s3, head, tail
    { protocol: "chain", faults: [{ crash: "s1", after: 10 }] }
    ! s.json5:1:53: error: expected a duration with a unit such as "10ms", found a number
    { protocol: "chain", faults: [{ crash: "s1", after: "1ms", at: "forwarded" }] }
    ! s.json5:1:60: error: after and at exclude each other
    { protocol: "chain", faults: [{ crash: "s1", at: "forwardd" }] }
    ! s.json5:1:50: error: unknown crash point "forwardd" of the protocol "chain"; known:
      forwarded, acknowledged
    { protocol: "chain", faults: [{ crash: "s1", after: "1ms", occurrence: 2 }] }
    ! s.json5:1:60: error: occurrence goes only with at or request
    { protocol: "chain", faults: [{ crash: "s1", request: 1 }] }
    ! s.json5:1:46: error: request needs a label, the crash point to reach
    { protocol: "chain", faults: [{ crash: "s1", step: 1 }] }
    ! s.json5:1:46: error: step needs an effect, the number of effects to let happen
    { protocol: "chain", faults: [{ powerLoss: "all", step: 1, effect: 0 }] }
    ! s.json5:1:44: error: a power loss of all can only happen after a time
    { protocol: "chain", faults: [{ crash: "s1", request: 1, label: "forwarded", node: "s2" }] }
    ! s.json5:1:84: error: the fault hits "s1", which must be the node, not "s2"
    { protocol: "chain", faults: [{ restart: "head", after: "1ms" }] }
    ! s.json5:1:42: error: "head" is a role; name a node here, such as "s1"
    { protocol: "chain", faults: [{ restart: "s1" }] }
    ! s.json5:1:31: error: restart lacks the key "after": the time at which it happens
    { protocol: "chain", faults: [{ cut: ["s1", "tail"] }] }
    ! s.json5:1:45: error: "tail" is a role; name a node here, such as "s1"
    { protocol: "chain", faults: [{ isolate: "c3" }] }
    ! s.json5:1:42: error: there is no client "c3"; the scenario has 2 clients, c1 to c2
    { protocol: "chain", faults: [{ crush: "s1", after: "1ms" }] }
    ! s.json5:1:33: error: this fault has none of the keys crash, powerLoss, restart, cut,
      isolate, heal, tornSectors, fsyncError, readError, writeError, noSpace, lostWrite,
      misdirectedWrite, bitRot, staleRead, stall
    { protocol: "chain", faults: [{ cut: ["s1", "s1"] }] }
    ! s.json5:1:38: error: a link joins two different nodes, not "s1" with itself
    { protocol: "chain", faults: [{ cut: ["s1", "s2"], from: "2ms", to: "2ms" }] }
    ! s.json5:1:69: error: the cut ends at 2ms, not after 2ms
    { protocol: "chain", faults: [{ cut: ["s1", "s2", "s3"] }] }
    ! s.json5:1:38: error: expected 2 nodes, found 3
    { protocol: "chain", faults: [{ cut: "s1" }] }
    ! s.json5:1:38: error: expected a list of nodes, found a string
    { protocol: "chain", servers: 0, run: { seeds: 0 }, faults: [{ crash: "s9", after: "1" }],
      expect: "fail" }
    ! s.json5:1:31: error: servers must be from 1 to 7, found 0
    ! s.json5:1:48: error: run.seeds must be from 1 to 100000000, found 0
    ! s.json5:1:71: error: there is no server "s9"; the scenario has 3 servers, s1 to s3
    ! s.json5:1:84: error: the duration "1" has no unit; known: ns, us, ms, s, min, h
    ! s.json5:1:100: error: unknown expectation "fail"; known: pass, undecided
    { protocol: "two-node-store", assume: { network: ["fifo", "reordering"] } }
    ! s.json5:1:50: error: a network is not both fifo and reordering
    { protocol: "two-node-store", faults: [{ crash: "vs", at: "1.3" }] }
    ! s.json5:1:49: error: unknown node "vs"; known: s1, s2, primary, backup
    ! s.json5:1:59: error: unknown crash point "1.3" of the protocol "two-node-store"; known:
      1.1, 1.2
    """#
}
