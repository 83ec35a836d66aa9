import InputText
import Testing

@testable import ScenarioFiles

/// Wrong measurements: what stands behind `protocol: "chain", run: { mode: "measure" },` as a
/// second line, then each complaint after `!`; a line that is indented goes on.
@Suite struct WrongMeasureTests {
  @Test(arguments: WrongInput.table(table))
  func isReportedInFull(input: WrongInput) {
    let start = "{ protocol: \"chain\", run: { mode: \"measure\" },\n"
    #expect(complaints(start + input.text) == input.complaints)
  }

  @Test(arguments: WrongInput.table(whole))
  func aWholeFileIsReportedInFull(input: WrongInput) {
    #expect(complaints(input.text) == input.complaints)
  }

  private func complaints(_ text: String) -> [String] {
    do {
      _ = try readMeasured(text)
      return []
    } catch {
      return error.headlines
    }
  }

  private static let table = #"""
    script: [{ client: 1, get: "a" }] }
    ! s.json5:2:1: error: mode measure has no script: its clients draw operations to the end of
      the run
    volumes: 0 }
    ! s.json5:2:10: error: volumes must be from 1 to 65535, found 0
    hosts: { count: 2 } }
    ! s.json5:2:17: error: hosts.count is 2, fewer than the 3 servers, of which no two share a
      host
    hosts: { placement: "ring" } }
    ! s.json5:2:10: error: hosts.placement is for shared hosts, and each server has its own
    hosts: { count: 3, servers: [[1, 2, 2], [4]] } }
    ! s.json5:2:29: error: hosts.servers has no host for server 3
    ! s.json5:2:37: error: the server 2 stands twice
    ! s.json5:2:42: error: there is no server 4 among 3
    hosts: { count: 1, servers: [[1], [2], [3]] }, volumes: 2 }
    ! s.json5:2:20: error: hosts.servers is for one volume
    ! s.json5:2:29: error: hosts.servers lists 3 hosts, more than hosts.count, which is 1
    network: { bandwidth: "6.25MB" } }
    ! s.json5:2:23: error: expected a size with a unit such as "240MB/s", found "6.25MB"
    network: { bandwidth: "0B/s", sizes: { Copy: "1.5B", Cpy: 3 } } }
    ! s.json5:2:23: error: network.bandwidth must be more than 0B/s
    ! s.json5:2:46: error: the size "1.5B" is not a whole number of bytes
    ! s.json5:2:59: error: expected a size with a unit such as "240MB", found a number
    costs: { messages: { Forwad: "1ms", "hed/Update": "1ms", "head/Update": 2 } } }
    ! s.json5:2:22: error: unknown kind of message "Forwad" of the protocol "chain"; known:
      Forward, Update, Copy
    ! s.json5:2:37: error: unknown role "hed" of the protocol "chain"; known: head, tail
    ! s.json5:2:73: error: expected a duration with a unit such as "10ms", found a number
    check: ["linearizability", "durability"] }
    ! s.json5:2:28: error: mode measure has no check "durability", which judges a cluster that was
      left alone at the end
    clients: { giveUpAfter: "0s" } }
    ! s.json5:2:25: error: clients.giveUpAfter must be more than 0s
    faults: { crashes: 1 } }
    ! s.json5:2:9: error: in mode measure no faults are drawn
    faults: [{ after: "1s", crash: "h1" }] }
    ! s.json5:2:32: error: unknown node "h1"; known: s1, s2, s3, head, tail
    hosts: { count: 3 }, faults: [{ after: "1s", crash: "h4" }, { at: "forwarded", crash: "h1" },
      { after: "1s", restart: "h1" }, { isolate: "h1" }] }
    ! s.json5:2:53: error: there is no host "h4"; the scenario has 3 hosts, h1 to h3
    ! s.json5:2:87: error: a host can only fail after a time
    ! s.json5:2:119: error: "h1" is a host; only a crash or a loss of power hits hosts
    ! s.json5:2:138: error: "h1" is a host; only a crash or a loss of power hits hosts
    sweep: { servers: [] } }
    ! s.json5:2:19: error: the axis "servers" has no values
    sweep: { servers: 3 } }
    ! s.json5:2:19: error: expected a list or an object, found a number
    sweep: { servers: [2, 2.0] } }
    ! s.json5:2:23: error: the value 2 of the axis "servers" stands twice
    sweep: { servers: [2, 8, "x"] } }
    ! s.json5:2:23: error: servers must be from 1 to 7, found 8
    ! s.json5:2:26: error: expected a whole number, found a string
    sweep: { "clients.mx.write": [1] } }
    ! s.json5:2:10: error: unknown key "mx" in clients; known: count, operations, open, mix, keys,
      blocks, pattern, unaligned, think, retry, finalRead, dispatch, giveUpAfter, updaters
    sweep: { time: [1], cases: [1], "run.mode": ["simulate"], a: {} } }
    ! s.json5:2:10: error: an axis cannot be called "time": charts call the timeline so
    ! s.json5:2:21: error: cases cannot be swept
    ! s.json5:2:46: error: every point of a sweep runs in mode measure
    ! s.json5:2:62: error: the axis "a" has no values
    sweep: { design: { a: { options: { extnd: true } }, b: { protocol: "chian" }, c: 1 } } }
    ! s.json5:2:36: error: unknown key "extnd" in options; known: extend, window, pause, transfer
    ! s.json5:2:68: error: unknown protocol "chian"; known: chain, two-node-store, master-backup
    ! s.json5:2:82: error: expected an object, found a number
    sweep: { design: { a: { protocol: "master-backup", options: { window: 3 } }, b: { options: {
      window: 3 } } } } }
    ! s.json5:2:71: error: expected a duration with a unit such as "10ms", found a number
    sweep: { servers: [2, 3] }, faults: [{ after: "1s", crash: "s3" }] }
    ! s.json5:2:60: error: there is no server "s3"; the scenario has 2 servers, s1 to s2
    sweep: { servers: [2, 3] }, charts: [{ title: "T", x: "server", y: [] }, { title: "T", x:
      "time", y: ["throughput.totl"], at: { servers: [4, 3, 3] } }] }
    ! s.json5:2:55: error: unknown axis "server"; known: servers, time
    ! s.json5:2:68: error: the chart shows no quantity
    ! s.json5:2:91: error: there is no timeline to draw
    ! s.json5:2:103: error: unknown measured quantity "throughput.totl"; known:
      throughput.{total,reads,updates,perClient}, throughput.{total,reads,updates}.WINDOW,
      bandwidth.{total,reads,updates}, latency.{all,reads,updates}.{mean,min,p50,p90,p99,max},
      utilisation.{cpu,disk}.{s1,h1,busiest}, queue.{s1,h1,longest}, messages.perOperation,
      fsyncs.perOperation, fileWrites.perOperation, unavailable.{reads,updates}.FAULT,
      recovery.{LABEL,total}, operations.abandoned, transfers.{count,last}
    ! s.json5:2:139: error: the axis "servers" has no value 4; it has: 2, 3
    ! s.json5:2:145: error: this value stands twice
    sweep: { variant: ["correct", "CR-01"] }, charts: [{ title: "T", x: "variant", y: "queue.s4",
      xScale: "log", at: { variant: "CR-1" } }] }
    ! s.json5:2:83: error: there is no server "s4"; they are s1 to s3
    ! s.json5:2:103: error: a logarithmic scale needs numbers above 0
    ! s.json5:2:125: error: the axis "variant" has no value CR-1; it has: correct, CR-01
    charts: [{ title: "T", x: "servers", y: ["throughput.total.w", "queue.h1",
      "unavailable.reads.1", "recovery.x"] }] }
    ! s.json5:2:27: error: unknown axis "servers"; known: time
    ! s.json5:2:42: error: there is no window "w" in run.windows; there is none
    ! s.json5:2:64: error: each server has a host of its own; name servers, such as "s1"
    ! s.json5:2:76: error: there is no fault 1; the scenario has 0
    ! s.json5:2:99: error: there is no crash point "x"; known: forwarded, acknowledged
    expectMeasure: [{ claim: "c", standing: "so", measure: "bandwidth.total" }] }
    ! s.json5:2:17: error: the expectation lacks the key "basis": whether a figure of the source
      went into the scenario's costs
    ! s.json5:2:17: error: the expectation has none of the keys about, between, curve, shape
    ! s.json5:2:41: error: unknown standing "so"; known: reproduced, in shape, not reproduced
    expectMeasure: [{ claim: "", standing: "reproduced", basis: "predicted", measure:
      "bandwidth.total", about: 1, between: [2, 1] }] }
    ! s.json5:2:26: error: the expectation claims nothing
    ! s.json5:2:112: error: about and between exclude each other
    expectMeasure: [{ claim: "c", standing: "reproduced", basis: "predicted", measure:
      "bandwidth.total", about: 1 }] }
    ! s.json5:2:103: error: about needs a tolerance
    expectMeasure: [{ claim: "c", standing: "reproduced", basis: "predicted", measure:
      "bandwidth.total", between: [2, 1], within: "x%", along: "y" }] }
    ! s.json5:2:116: error: the second number is less than the first
    ! s.json5:2:120: error: within goes only with about or shape
    ! s.json5:2:128: error: expected a percentage such as "2%" or a number, found "x%"
    ! s.json5:2:134: error: along goes only with shape
    sweep: { servers: [2, 3] }, expectMeasure: [{ claim: "c", standing: "reproduced", basis:
      "predicted", measure: "bandwidth.total", curve: { along: "servers", values: [[2], [3, "x"],
      [2, 1], [2, 1, "2%"], [2, 1, 0.5]] } }] }
    ! s.json5:2:167: error: expected a value of the axis, a figure and perhaps a tolerance, not a
      list of 1
    ! s.json5:2:176: error: expected a number, found a string
    ! s.json5:2:182: error: this figure has no tolerance
    ! s.json5:2:204: error: the curve has two figures for this value
    sweep: { variant: ["correct", "CR-01"] }, expectMeasure: [{ claim: "c", standing:
      "reproduced", basis: "predicted", measure: "bandwidth.total", per: {}, shape: "linear",
      along: "variant" }] }
    ! s.json5:2:145: error: per says neither what divides nor at which points
    ! s.json5:2:154: error: the shape linear needs a tolerance
    ! s.json5:2:161: error: the shape linear needs 3 values of the axis, not 2
    ! s.json5:2:178: error: a linear shape needs an axis of numbers
    """#

  private static let whole = #"""
    { protocol: "chain", volumes: 2, hosts: { count: 3 }, clients: { dispatch: "1ms" }, costs: {
      messages: {} }, network: { sizes: {} }, run: { warmUp: "1s" }, sweep: {}, charts: [],
      expectMeasure: [] }
    ! s.json5:1:22: error: volumes is for mode measure, not for simulate
    ! s.json5:1:34: error: hosts is for mode measure, not for simulate
    ! s.json5:1:66: error: clients.dispatch is for mode measure, not for simulate
    ! s.json5:1:94: error: costs.messages is for mode measure, not for simulate
    ! s.json5:1:121: error: network.sizes is for mode measure, not for simulate
    ! s.json5:1:141: error: run.warmUp is for mode measure, not for simulate
    ! s.json5:1:157: error: sweep is for mode measure, not for simulate
    ! s.json5:1:168: error: charts is for mode measure, not for simulate
    ! s.json5:1:180: error: expectMeasure is for mode measure, not for simulate
    { run: { mode: "measure" }, sweep: { servers: [2, 3] } }
    ! s.json5:1:1: error: the scenario lacks the key "protocol": the replicated system to run
    { run: { mode: "measure" }, sweep: { a: { b: { protocol: "chain" }, c: { servers: 2 } } } }
    ! s.json5:1:1: error: the scenario lacks the key "protocol": the replicated system to run
    { protocol: "chain", run: { mode: "measure", duration: "0s", timeline: "1ns", windows: { a: {
      to: "1h" }, b: { from: "2s", to: "1s" }, c: {} } } }
    ! s.json5:1:56: error: run.duration must be more than 0s
    ! s.json5:1:72: error: a timeline of 11s in buckets of 1ns has more than 10000
    ! s.json5:1:99: error: the window ends at 3600s, after the run, which ends at 11s
    ! s.json5:1:128: error: the window ends at 1s, not after 2s
    ! s.json5:1:139: error: the window lacks the key "to": when it ends
    """#
}
