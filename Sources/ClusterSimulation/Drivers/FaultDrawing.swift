import SimulationKernel

extension SeededRun {
  /// Puts the plan's faults on the calendar.
  /// - Returns: when the fault phase ends.
  mutating func drawFaults() -> VirtualTime {
    var end = VirtualTime.start
    switch plan.faults {
    case .drawn(let drawn):
      if !drawn.isEmpty || !disturbance.isQuiet { end = .start + drawn.window }
      faults.restartsLeft = drawn.restarts
      faults.restartsAtHeal = drawn.restarts > 0
      draw(drawn)
      drawStorageFaults(drawn)
    case .scripted(let scripted):
      for fault in scripted {
        put(fault)
        end = max(end, fault.lastTime ?? .start)
      }
      faults.patience = max(faults.patience, Subject.summary.typicalFailover)
    }
    if !plan.network.delays.isEmpty {
      noteAssumption(cluster.setting.assumedNetwork.contains(.slow))
    }
    for delay in plan.network.delays where delay.end != .never { end = max(end, delay.end) }
    faults.updateMayStrike()
    return end
  }

  mutating func put(_ event: FaultEvent, at time: VirtualTime) {
    queue.insert(.fault(Int32(faults.events.count)), at: time)
    faults.events.append(event)
  }

  // MARK: Drawn faults

  private mutating func draw(_ drawn: DrawnFaults) {
    for _ in 0..<drawn.crashes { drawCrash(.process, drawn) }
    for _ in 0..<drawn.powerLosses { drawCrash(.powerLoss, drawn) }
    for _ in 0..<drawn.clusterPowerLosses {
      put(.clusterPowerLoss(drawn: true), at: drawTime(drawn))
    }
    for _ in 0..<drawn.partitions { putCut(drawPartition(), drawn) }
    for _ in 0..<drawn.oneWayCuts { putCut([drawLink()], drawn) }
    for _ in 0..<drawn.slowLinks {
      let link = drawLink()
      let start = drawTime(drawn)
      let delay = LinkDelay(
        from: link.from, to: link.to, extra: drawn.slowBy.draw(&faultStream), start: start,
        end: start + drawn.partitionFor.draw(&faultStream))
      put(.slow(delay), at: start)
    }
  }

  private mutating func drawTime(_ drawn: DrawnFaults) -> VirtualTime {
    .start + faultStream.duration(from: .zero, to: drawn.window)
  }

  /// Half of the crashes fall between steps, half after some effect of the victim's next step.
  private mutating func drawCrash(_ kind: CrashKind, _ drawn: DrawnFaults) {
    let time = drawTime(drawn)
    put(.drawnCrash(kind, withinStep: faultStream.chance(0.5)), at: time)
  }

  private mutating func putCut(_ links: [FaultEvent.Link], _ drawn: DrawnFaults) {
    let start = drawTime(drawn)
    put(.cut(links), at: start)
    put(.heal(links), at: start + drawn.partitionFor.draw(&faultStream))
  }

  private mutating func drawLink() -> FaultEvent.Link {
    let count = cluster.layout.nodeCount
    let from = faultStream.below(count)
    let to = (from + 1 + faultStream.below(count - 1)) % count
    return FaultEvent.Link(from: NodeID(from), to: NodeID(to))
  }

  /// One node cut off from all others, or two nodes from each other, both ways.
  private mutating func drawPartition() -> [FaultEvent.Link] {
    let first = drawLink()
    if faultStream.chance(0.5) { return both(first) }
    return isolation(of: first.from)
  }

  private func both(_ link: FaultEvent.Link) -> [FaultEvent.Link] {
    [link, FaultEvent.Link(from: link.to, to: link.from)]
  }

  private func isolation(of node: NodeID) -> [FaultEvent.Link] {
    (0..<cluster.layout.nodeCount).map { NodeID($0) }.filter { $0 != node }
      .flatMap { both(FaultEvent.Link(from: node, to: $0)) }
  }

  // MARK: Scripted faults

  private mutating func put(_ fault: ScriptedFault) {
    switch fault {
    case .crash(let selector, let kind, let time):
      put(.crash(selector, kind), at: time)
      if case .server(let node) = selector {
        faults.timed.append((node: node, kind: kind, time: time))
      }
    case .crashAtLabel(let selector, let kind, var label, let occurrence):
      label.passes = max(0, occurrence - 1)
      faults.triggers.append(
        FaultState.Trigger(selector: selector, kind: kind, place: .label(label)))
    case .crashInStep(let selector, let kind, let step, let effect):
      faults.triggers.append(
        FaultState.Trigger(selector: selector, kind: kind, place: .step(step, effect: effect)))
    case .clusterPowerLoss(let time): put(.clusterPowerLoss(drawn: false), at: time)
    case .restart(let node, let time): put(.restart(node), at: time)
    case .cut(let from, let to, let oneWay, let start, let end):
      let link = FaultEvent.Link(from: from, to: to)
      putScripted(oneWay ? [link] : both(link), start, end)
    case .heal(let first, let second, let time):
      put(.heal(both(FaultEvent.Link(from: first, to: second))), at: time)
    case .isolate(let node, let start, let end): putScripted(isolation(of: node), start, end)
    case .storage(let selector, let request, let time): put(.storage(selector, request), at: time)
    }
  }

  private mutating func putScripted(
    _ links: [FaultEvent.Link], _ start: VirtualTime, _ end: VirtualTime
  ) {
    put(.cut(links), at: start)
    if end != .never { put(.heal(links), at: end) }
  }
}
