import SimulationKernel

/// Taking the steps of a state, by look-ups.
extension Worker {
  /// Finds the successors of a state and puts them into the batch.
  mutating func expand(_ number: UInt32, _ pair: UInt64) {
    load(number, pair)
    let before = tally.transitions
    if shared.order == .forward {
      act(leftRecords[sourceLeft][HalfRecords.activeSlots], 0)
      act(rightRecords[sourceRight][HalfRecords.activeSlots], rightStart)
    } else {
      actBackwards(rightRecords[sourceRight][HalfRecords.activeSlots], rightStart)
      actBackwards(leftRecords[sourceLeft][HalfRecords.activeSlots], 0)
    }
    if tally.transitions == before { tally.deadEnds += 1 }
  }

  /// Makes a state the world in work.
  @inline(__always)
  mutating func load(_ number: UInt32, _ pair: UInt64) {
    source = number
    sourceLeft = UInt32(truncatingIfNeeded: pair &>> 32)
    sourceRight = UInt32(truncatingIfNeeded: pair)
    let words = UnsafeMutableRawPointer(world).assumingMemoryBound(to: UInt64.self)
    copy(leftRecords.contents(sourceLeft), to: words, leftRecords.componentWords)
    copy(
      rightRecords.contents(sourceRight), to: words + rightStart / 2, rightRecords.componentWords)
    let left = leftRecords[sourceLeft]
    let right = rightRecords[sourceRight]
    leftHash = left[0]
    rightHash = right[0]
    for index in 0..<permutationCount {
      imageHashes[index] =
        left[HalfRecords.permutedHash + index] &+ right[HalfRecords.permutedHash + index]
    }
    changes = 0
    invariants = 0
    tags = 0
    undoCount = 0
  }

  /// Pairs of words, so that the loop moves sixteen bytes at a time.
  @inline(__always)
  func copy(_ from: Words, to target: Words, _ count: Int) {
    var index = 0
    while index < count {
      target[index] = from[index]
      target[index &+ 1] = from[index &+ 1]
      index &+= 2
    }
  }

  @inline(__always)
  private mutating func act(_ slots: UInt64, _ start: Int) {
    var left = slots
    while left != 0 {
      act(at: start &+ left.trailingZeroBitCount, reversed: false)
      left &= left &- 1
    }
  }

  private mutating func actBackwards(_ slots: UInt64, _ start: Int) {
    var left = slots
    while left != 0 {
      let bit = 63 - left.leadingZeroBitCount
      act(at: start + bit, reversed: true)
      left &= ~(1 << UInt64(bit))
    }
  }

  /// All steps that begin with an action of one slot.
  @inline(__always)
  private mutating func act(at place: Int, reversed: Bool) {
    let answer = look(
      up: UInt64(truncatingIfNeeded: place) &<< 56 | UInt64(world[place]) &<< 24
        | StepWord.action)
    reactionsLeft = Self.reactionLimit
    if answer[0] & 1 != 0 {
      let mark = StepMark(self)
      apply(answer, at: place)
      emit()
      takeBack(to: mark)
    } else {
      branch(list(answer[0]), at: place, base: 0, top: 0, reversed: reversed)
    }
  }

  @inline(__always)
  private func list(_ word: UInt64) -> Words {
    Words(bitPattern: UInt(truncatingIfNeeded: word)).unsafelyUnwrapped
  }

  /// Follows every outcome of a reaction, with the agenda `base..<top` to come after it.
  private mutating func branch(
    _ list: Words, at place: Int, base: Int, top: Int, reversed: Bool
  ) {
    let count = Int(truncatingIfNeeded: list[0])
    let mark = StepMark(self)
    var outcome = list + 1
    if reversed, count > 1 {
      for index in (0..<count).reversed() {
        var wanted = list + 1
        for _ in 0..<index { wanted = self.outcome(after: wanted) }
        follow(wanted, at: place, base: base, top: top, isOnly: false)
        takeBack(to: mark)
      }
      return
    }
    for _ in 0..<count {
      follow(outcome, at: place, base: base, top: top, isOnly: count == 1)
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

  /// Follows one outcome to the end of the step. Other outcomes need the agenda as it is, so this
  /// one works on a copy above it.
  private mutating func follow(
    _ outcome: Words, at place: Int, base: Int, top: Int, isOnly: Bool
  ) {
    var newBase = base
    var newTop = top
    if !isOnly, top > base {
      require(top + top - base <= Self.agendaCapacity, "the signals of a step do not end")
      for index in base..<top { agenda[top &+ index &- base] = agenda[index] }
      newBase = top
      newTop = top + top - base
    }
    tags |= UInt8(truncatingIfNeeded: outcome[0])
    change(at: place, to: UInt32(truncatingIfNeeded: outcome[0] &>> 32), outcome + 1)
    push(outcome, &newTop)
    resolve(base: newBase, top: newTop)
  }

  @inline(__always)
  private mutating func push(_ outcome: Words, _ top: inout Int) {
    let count = consequenceCount(outcome)
    require(top &+ count <= Self.agendaCapacity, "the signals of a step do not end")
    let words = outcome + (2 &+ permutationCount)
    var index = count
    while index > 0 {
      index &-= 1
      agenda[top] = words[index]
      top &+= 1
    }
  }

  /// Works off the agenda `base..<top`, last first, and emits the world that comes of it, if the
  /// step exists.
  private mutating func resolve(base: Int, top: Int) {
    var top = top
    while top > base {
      top &-= 1
      let word = agenda[top]
      let place = Int(truncatingIfNeeded: word &>> 56)
      if place == Int(StepWord.guardPlace) {
        guard holdsInWorld(Int(truncatingIfNeeded: word & 0xFF_FFFF)) else { return }
        continue
      }
      reactionsLeft &-= 1
      require(reactionsLeft > 0, "the signals of a step do not end")
      let answer = look(up: word | UInt64(world[place]) &<< 24)
      if answer[0] & 1 != 0 {
        apply(answer, at: place)
        continue
      }
      let list = list(answer[0])
      guard list[0] == 1 else {
        branch(list, at: place, base: base, top: top, reversed: shared.order == .backward)
        return
      }
      let outcome = list + 1
      tags |= UInt8(truncatingIfNeeded: outcome[0])
      change(at: place, to: UInt32(truncatingIfNeeded: outcome[0] &>> 32), outcome + 1)
      push(outcome, &top)
    }
    emit()
  }
}
