import SimulationKernel

extension RankedKv.VersionedServer: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(incarnation)
    hasher.combine(file)
    hasher.combine(table)
    hasher.combine(contentsOf: unwritten)
    hasher.combine(membership)
    hasher.combine(isMember)
    hasher.combine(promised)
    hasher.combine(promisedTo != nil)
    if let promisedTo { hasher.combine(promisedTo) }
    hasher.combine(committed)
    for number in heard { hasher.combine(number) }
    for number in dead { hasher.combine(number) }
    for item in pushed {
      hasher.combine(item.update)
      for other in item.missing { hasher.combine(other) }
      hasher.combine(item.missing.count)
    }
    for item in awaiting {
      hasher.combine(item.request)
      hasher.combine(item.sequence)
      hasher.combine(item.router)
    }
    for thread in threads {
      hasher.combine(thread.update)
      for other in thread.targets { hasher.combine(other) }
    }
    hasher.combine(proposal != nil)
    if let proposal { hasher.combine(proposal) }
    for joiner in joiners {
      hasher.combine(joiner.member)
      hasher.combine(joiner.since)
    }
    for item in queued {
      hasher.combine(item.request)
      hasher.combine(item.router)
    }
    hasher.combine(contentsOf: routed)
    for read in reads {
      hasher.combine(read.request)
      hasher.combine(read.key)
    }
    for standing in standings {
      hasher.combine(standing != nil)
      if let standing { hasher.combine(standing) }
    }
    hasher.combine(retry)
    hasher.combine(isRetryArmed)
  }
}

extension RankedKv.Proposal: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(epoch)
    hasher.combine(base)
    hasher.combine(isRecovery)
    for holdings in holdings {
      hasher.combine(holdings != nil)
      if let holdings { hasher.combine(holdings) }
    }
    switch phase {
    case .collecting: hasher.combine(-1)
    case .installing(let missing):
      for other in missing { hasher.combine(other) }
      hasher.combine(missing.count)
    }
  }
}

extension RankedKv.DocumentServer: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(incarnation)
    hasher.combine(file)
    hasher.combine(table)
    hasher.combine(leader)
    for number in known { hasher.combine(number) }
    for number in dead { hasher.combine(number) }
    for call in calls {
      hasher.combine(call.token)
      hasher.combine(call.receiver)
      switch call.purpose {
      case .put(let thread): hasher.combine(thread * 8 + 1)
      case .push(let thread): hasher.combine(thread * 8 + 2)
      case .whoLeads: hasher.combine(3)
      case .rows: hasher.combine(4)
      case .exchange: hasher.combine(5)
      }
    }
    hasher.combine(calls.count)
    for thread in threads { hasher.combine(thread) }
    hasher.combine(threads.count)
    hasher.combine(lastNumber)
    hasher.combine(isReviving)
  }
}

extension RankedKv.DocumentServer.PutThread: Fingerprintable {
  func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(number)
    hasher.combine(request)
    hasher.combine(caller?.rank ?? -1)
    hasher.combine(caller?.token ?? 0)
    hasher.combine(caller?.incarnation ?? 0)
    for target in targets { hasher.combine(target) }
    hasher.combine(targets.count)
    hasher.combine(row != nil)
    if let row { hasher.combine(row) }
    hasher.combine(response != nil)
    if let response { hasher.combine(response: response) }
    hasher.combine(isAnswered)
  }
}
