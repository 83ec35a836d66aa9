import SimulationKernel

/// Taking the steps of a state, by look-ups.
extension Worker {
  /// Finds the successors of a state and puts them into the batch.
  mutating func expand(_ number: UInt32, _ pair: UInt64) {
    let left = leftRecords[UInt32(truncatingIfNeeded: pair &>> 32)]
    let right = rightRecords[UInt32(truncatingIfNeeded: pair)]
    load(number, pair, left, right)
    let before = tally.transitions
    let isForward = shared.order == .forward
    for turn in 0..<2 {
      let isLeft = isForward == (turn == 0)
      let slots = (isLeft ? left : right)[HalfRecords.activeSlots]
      let start = isLeft ? 0 : rightStart
      if isForward { act(slots, start) } else { actBackwards(slots, start) }
    }
    if tally.transitions == before { tally.deadEnds += 1 }
    if permutationCount > 0 {
      tally.orbitTransitions += (tally.transitions - before) * orbitSize(of: pair)
    }
  }

  /// Makes a state, given with the records of its halves, the world in work.
  @inline(__always)
  mutating func load(_ number: UInt32, _ pair: UInt64, _ left: Words, _ right: Words) {
    source = number
    sourcePair = pair
    let words = UnsafeMutableRawPointer(world).assumingMemoryBound(to: UInt64.self)
    copy(left + leftRecords.components, to: words, leftRecords.componentWords)
    copy(
      right + rightRecords.components, to: words + rightStart / 2, rightRecords.componentWords)
    sourceLeftHash = left[0]
    sourceRightHash = right[0]
    hashes[0] = sourceLeftHash
    hashes[1] = sourceRightHash
    for index in 0..<permutationCount {
      imageHashes[index] =
        left[HalfRecords.permutedHash + index] &+ right[HalfRecords.permutedHash + index]
    }
    tags = 0
    undoCount = 0
  }

  /// - Parameter count: of words; even, and not 0.
  @inline(__always)
  func copy(_ source: Words, to target: Words, _ count: Int) {
    let from = UnsafeMutableRawPointer(source)
    let to = UnsafeMutableRawPointer(target)
    var offset = 0
    repeat {
      to.storeBytes(
        of: from.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self),
        toByteOffset: offset, as: SIMD2<UInt64>.self)
      offset &+= 16
    } while offset < count &* 8
  }

  /// All steps that begin with an action of one of these slots.
  @inline(__always)
  private mutating func act(_ slots: UInt64, _ start: Int) {
    var left = slots
    while left != 0 {
      let bit = left.trailingZeroBitCount
      left &= left &- 1
      act(at: start &+ bit)
    }
  }

  private mutating func actBackwards(_ slots: UInt64, _ start: Int) {
    var left = slots
    while left != 0 {
      let bit = 63 - left.leadingZeroBitCount
      left &= ~(1 << UInt64(bit))
      act(at: start + bit)
    }
  }

  @inline(__always)
  private mutating func act(at place: Int) {
    let answer = look(
      up: UInt64(truncatingIfNeeded: place) &<< 56 | UInt64(world[place]) &<< 24
        | StepWord.action)
    reactionsLeft = Self.reactionLimit
    if answer[0] & 1 != 0 {
      change(at: place, to: UInt32(truncatingIfNeeded: answer[0] &>> 32), answer + 1)
      emit()
    } else {
      let list = list(answer[0])
      if list[0] == 1 {
        follow(list + 1, at: place, base: 0, top: 0)
      } else {
        branch(list, at: place, base: 0, top: 0)
      }
    }
    takeBackStep()
  }

  @inline(__always)
  private func list(_ word: UInt64) -> Words {
    Words(bitPattern: UInt(truncatingIfNeeded: word)).unsafelyUnwrapped
  }

  /// Follows every outcome of a reaction, with the agenda `base..<top` to come after it. Other
  /// outcomes need the agenda as it is, so each works on a copy above it.
  @inline(never)
  private mutating func branch(_ list: Words, at place: Int, base: Int, top: Int) {
    let count = Int(truncatingIfNeeded: list[0])
    guard count > 0 else { return }
    let mark = StepMark(self)
    let height = top &- base
    require(top &+ height <= Self.agendaCapacity, Self.endless)
    var outcome = list + 1
    var outcomes: [Words] = []
    if shared.order == .backward {
      for _ in 0..<count {
        outcomes.append(outcome)
        outcome = self.outcome(after: outcome)
      }
    }
    for _ in 0..<count {
      for index in 0..<height { agenda[top &+ index] = agenda[base &+ index] }
      if let last = outcomes.popLast() { outcome = last }
      follow(outcome, at: place, base: top, top: top &+ height)
      takeBack(to: mark)
      outcome = self.outcome(after: outcome)
    }
  }

  @inline(__always)
  private func outcome(after outcome: Words) -> Words {
    outcome + (2 &+ permutationCount) + consequenceCount(outcome)
  }

  @inline(__always)
  private func consequenceCount(_ outcome: Words) -> Int {
    Int(truncatingIfNeeded: (outcome[0] &>> 8) & 0xFF_FFFF)
  }

  /// Follows one outcome to the end of the step, with the agenda `base..<top` to come after it, the
  /// last first, and emits the world that comes of it, if the step exists.
  @inline(__always)
  private mutating func follow(_ outcome: Words, at place: Int, base: Int, top: Int) {
    var top = top
    take(outcome, at: place, &top)
    while top > base {
      top &-= 1
      let word = agenda[top]
      let place = Int(truncatingIfNeeded: word &>> 56)
      if place == Int(StepWord.guardPlace) {
        guard holdsInWorld(Int(truncatingIfNeeded: word & 0xFF_FFFF)) else { return }
        continue
      }
      let answer = look(up: word | UInt64(world[place]) &<< 24)
      if answer[0] & 1 != 0 {
        change(at: place, to: UInt32(truncatingIfNeeded: answer[0] &>> 32), answer + 1)
        continue
      }
      reactionsLeft &-= 1
      require(reactionsLeft > 0, Self.endless)
      let list = list(answer[0])
      guard list[0] == 1 else {
        if list[0] == 0 { tally.refusals += 1 }
        branch(list, at: place, base: base, top: top)
        return
      }
      take(list + 1, at: place, &top)
    }
    emit()
  }

  private static var endless: String { "the signals of a step do not end" }

  /// Makes the change of one outcome, and puts its consequences on the agenda.
  @inline(__always)
  private mutating func take(_ outcome: Words, at place: Int, _ top: inout Int) {
    tags |= UInt8(truncatingIfNeeded: outcome[0])
    change(at: place, to: UInt32(truncatingIfNeeded: outcome[0] &>> 32), outcome + 1)
    let count = consequenceCount(outcome)
    require(
      top &+ count <= Self.agendaCapacity && undoCount &+ top &+ count < Self.undoCapacity,
      Self.endless)
    let words = outcome + (2 &+ permutationCount)
    var index = count
    while index > 0 {
      index &-= 1
      agenda[top] = words[index]
      top &+= 1
    }
  }
}
