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
    sourceLeftHash = left[0]
    sourceRightHash = right[0]
    leftHash = sourceLeftHash
    rightHash = sourceRightHash
    for index in 0..<permutationCount {
      imageHashes[index] =
        left[HalfRecords.permutedHash + index] &+ right[HalfRecords.permutedHash + index]
    }
    changes = 0
    invariants = 0
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

  @inline(__always)
  private mutating func act(_ slots: UInt64, _ start: Int) {
    var left = slots
    while left != 0 {
      act(at: start &+ left.trailingZeroBitCount)
      left &= left &- 1
    }
  }

  private mutating func actBackwards(_ slots: UInt64, _ start: Int) {
    var left = slots
    while left != 0 {
      let bit = 63 - left.leadingZeroBitCount
      act(at: start + bit)
      left &= ~(1 << UInt64(bit))
    }
  }

  /// All steps that begin with an action of one slot.
  @inline(__always)
  private mutating func act(at place: Int) {
    let answer = look(
      up: UInt64(truncatingIfNeeded: place) &<< 56 | UInt64(world[place]) &<< 24
        | StepWord.action)
    reactionsLeft = Self.reactionLimit
    if answer[0] & 1 != 0 {
      apply(answer, at: place)
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
  private mutating func branch(_ list: Words, at place: Int, base: Int, top: Int) {
    let count = Int(truncatingIfNeeded: list[0])
    let mark = StepMark(self)
    let height = top &- base
    require(top &+ height <= Self.agendaCapacity, "the signals of a step do not end")
    for position in 0..<count {
      let wanted = shared.order == .forward ? position : count &- 1 &- position
      var outcome = list + 1
      for _ in 0..<wanted { outcome = self.outcome(after: outcome) }
      for index in 0..<height { agenda[top &+ index] = agenda[base &+ index] }
      follow(outcome, at: place, base: top, top: top &+ height)
      takeBack(to: mark)
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

  /// Follows one outcome to the end of the step.
  @inline(__always)
  private mutating func follow(_ outcome: Words, at place: Int, base: Int, top: Int) {
    var top = top
    tags |= UInt8(truncatingIfNeeded: outcome[0])
    change(at: place, to: UInt32(truncatingIfNeeded: outcome[0] &>> 32), outcome + 1)
    push(outcome, &top)
    resolve(base: base, top: top)
  }

  @inline(__always)
  private mutating func push(_ outcome: Words, _ top: inout Int) {
    let count = consequenceCount(outcome)
    require(
      top &+ count <= Self.agendaCapacity && undoCount &+ top &+ count < Self.undoCapacity,
      "the signals of a step do not end")
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
      let answer = look(up: word | UInt64(world[place]) &<< 24)
      if answer[0] & 1 != 0 {
        apply(answer, at: place)
        continue
      }
      reactionsLeft &-= 1
      require(reactionsLeft > 0, "the signals of a step do not end")
      let list = list(answer[0])
      guard list[0] == 1 else {
        branch(list, at: place, base: base, top: top)
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
