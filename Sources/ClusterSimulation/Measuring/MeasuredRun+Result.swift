import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// From counts to quantities.
extension MeasuredRun {
  @usableFromInline
  mutating func cancelled() -> Measurement {
    var result = measurement(.undecided("interrupted"))
    result.wasCancelled = true
    return result
  }

  @usableFromInline
  mutating func finish(_ checker: inout StoreChecker) -> Measurement {
    let (verdict, volume) = verdict(&checker)
    var result = measurement(verdict)
    result.volume = volume
    return result
  }

  /// Operations that are open at the end may or may not have taken effect; everything else is
  /// judged as it stands.
  private func verdict(_ checker: inout StoreChecker) -> (RunVerdict, volume: Int?) {
    if let violated, let violation = volumes[violated].violation {
      return (.violation(violation), violated)
    }
    for (index, volume) in volumes.enumerated() {
      let verdict = volume.finalVerdict(hasSettled: false, &checker)
      if verdict != .pass { return (verdict, index) }
    }
    return (.pass, nil)
  }

  private func measurement(_ verdict: RunVerdict) -> Measurement {
    Measurement(
      values: throughput + latency + load + perOperation + afterFaults, timeline: timeline,
      verdict: verdict, stepCount: stepCount,
      operationCount: meter.reads.count + meter.updates.count)
  }

  private var seconds: Double { Double(plan.duration.nanoseconds) / 1e9 }

  private var throughput: [MeasuredValue] {
    let counts = [
      ("total", meter.reads.count + meter.updates.count), ("reads", meter.reads.count),
      ("updates", meter.updates.count),
    ]
    var values = counts.map { name, count in
      MeasuredValue("throughput.\(name)", "1/s", Double(count) / seconds)
    }
    values.append(
      MeasuredValue(
        "throughput.perClient", "1/s",
        Double(counts[0].1) / seconds / Double(max(1, clients.count))))
    for (index, window) in plan.windows.enumerated() {
      let length = Double((window.end - window.start).nanoseconds) / 1e9
      let reads = meter.reads.inWindow[index]
      let updates = meter.updates.inWindow[index]
      for (name, count) in [("total", reads + updates), ("reads", reads), ("updates", updates)] {
        values.append(
          MeasuredValue("throughput.\(name).\(window.name)", "1/s", Double(count) / length))
      }
    }
    let blocks = [
      ("total", meter.reads.blocks + meter.updates.blocks), ("reads", meter.reads.blocks),
      ("updates", meter.updates.blocks),
    ]
    guard case .blocks = plan.workload.object else { return values }
    return values
      + blocks.map { MeasuredValue("bandwidth.\($0)", "MB/s", Double($1) * 4096e-6 / seconds) }
  }

  private var latency: [MeasuredValue] {
    [("all", meter.all), ("reads", meter.reads.latency), ("updates", meter.updates.latency)]
      .flatMap { name, histogram in
        func value(_ part: String, _ duration: VirtualDuration?) -> MeasuredValue {
          MeasuredValue(
            "latency.\(name).\(part)", "ms", duration.map { Double($0.nanoseconds) / 1e6 })
        }
        let isEmpty = histogram.count == 0
        return [
          MeasuredValue(
            "latency.\(name).mean", "ms", histogram.meanNanoseconds.map { $0 / 1e6 }),
          value("min", isEmpty ? nil : histogram.shortest),
          value("p50", histogram.quantile(0.5)), value("p90", histogram.quantile(0.9)),
          value("p99", histogram.quantile(0.99)),
          value("max", isEmpty ? nil : histogram.longest),
        ]
      }
  }

  /// Of each host or server if they are few; of the busiest in any case.
  private var load: [MeasuredValue] {
    let nanoseconds = Double(plan.duration.nanoseconds)
    let prefix = plan.hosts.count > 0 ? "h" : "s"
    let processors = hosts.map { $0.busy / nanoseconds / Double($0.cores) }
    let disks = hosts.indices.map { host in
      meter.diskBusy.indices.contains(host)
        ? Double(meter.diskBusy[host].nanoseconds) / nanoseconds : 0
    }
    let queues = hosts.map { $0.queued / nanoseconds }
    var values: [MeasuredValue] = []
    if hosts.count <= 64 {
      for host in hosts.indices {
        values.append(MeasuredValue("utilisation.cpu.\(prefix)\(host + 1)", "", processors[host]))
      }
      for host in hosts.indices where Subject.usesDisk {
        values.append(MeasuredValue("utilisation.disk.\(prefix)\(host + 1)", "", disks[host]))
      }
      for host in hosts.indices {
        values.append(MeasuredValue("queue.\(prefix)\(host + 1)", "", queues[host]))
      }
    }
    values.append(MeasuredValue("utilisation.cpu.busiest", "", processors.max()))
    if Subject.usesDisk {
      values.append(MeasuredValue("utilisation.disk.busiest", "", disks.max()))
    }
    values.append(
      MeasuredValue("queue.longest", "", hosts.map { Double($0.longestQueue) }.max()))
    return values
  }

  private var perOperation: [MeasuredValue] {
    let count = Double(meter.reads.count + meter.updates.count)
    func each(_ number: Int) -> Double? { count > 0 ? Double(number) / count : nil }
    var values = [MeasuredValue("messages.perOperation", "", each(meter.messageCount))]
    if Subject.usesDisk {
      values.append(MeasuredValue("fsyncs.perOperation", "", each(meter.syncCount)))
      values.append(MeasuredValue("fileWrites.perOperation", "", each(meter.changeCount)))
    }
    values.append(MeasuredValue("operations.abandoned", "", Double(meter.abandonedCount)))
    return values
  }

  private var afterFaults: [MeasuredValue] {
    var values: [MeasuredValue] = []
    for index in plan.faults.indices {
      let kinds = [
        ("reads", meter.reads.longestPause[index]), ("updates", meter.updates.longestPause[index]),
      ]
      for (name, pause) in kinds {
        values.append(
          MeasuredValue(
            "unavailable.\(name).\(index + 1)", "ms", Double(pause.nanoseconds) / 1e6))
      }
    }
    var earlier = recoveries.restarted
    for milestone in recoveries.milestones {
      let phase = milestone.time - earlier
      let label = milestone.label.split(separator: " ").joined(separator: "-")
      values.append(
        MeasuredValue("recovery.\(label)", "ms", Double(phase.nanoseconds) / 1e6))
      earlier = milestone.time
    }
    if recoveries.watched != nil {
      let total = recoveries.recovered.map { Double(($0 - recoveries.restarted).nanoseconds) / 1e6 }
      values.append(MeasuredValue("recovery.total", "ms", total))
    }
    if sizesMessages {
      values.append(MeasuredValue("transfers.count", "", Double(meter.transferCount)))
      values.append(
        MeasuredValue(
          "transfers.last", "s", meter.lastTransfer.map { Double($0.nanoseconds) / 1e9 }))
    }
    return values
  }

  private var timeline: [[Double]] {
    guard let bucket = plan.timeline, bucket > .zero else { return [] }
    let count = Int(plan.end.nanoseconds / bucket.nanoseconds)
    let length = Double(bucket.nanoseconds) / 1e9
    func rates(_ counts: [Int]) -> [Double] {
      (0..<count).map { counts.indices.contains($0) ? Double(counts[$0]) / length : 0 }
    }
    let reads = rates(meter.reads.buckets)
    let updates = rates(meter.updates.buckets)
    return [zip(reads, updates).map { $0 + $1 }, reads, updates]
  }
}
