/// Values by inode number, in ascending order of the numbers, so that going through the table is
/// the same in every process. New numbers are the highest, which makes insertion an append.
struct InodeTable<Value: Sendable>: Sendable {
  private(set) var numbers: [Int] = []
  private(set) var values: [Value] = []

  /// The position of an inode, or the position where it would stand.
  private func search(_ inode: Int) -> (position: Int, isPresent: Bool) {
    if let last = numbers.last, last < inode { return (numbers.count, false) }
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < inode { low = middle + 1 } else { high = middle }
    }
    return (low, low < numbers.count && numbers[low] == inode)
  }

  func contains(_ inode: Int) -> Bool {
    search(inode).isPresent
  }

  subscript(inode: Int) -> Value? {
    let found = search(inode)
    return found.isPresent ? values[found.position] : nil
  }

  /// Changes the value of an inode in place, putting `fresh` there first if there is none.
  mutating func update<Result>(
    _ inode: Int, orInsert fresh: @autoclosure () -> Value, _ body: (inout Value) -> Result
  ) -> Result {
    let found = search(inode)
    if !found.isPresent {
      numbers.insert(inode, at: found.position)
      values.insert(fresh(), at: found.position)
    }
    return body(&values[found.position])
  }

  mutating func remove(_ inode: Int) {
    let found = search(inode)
    guard found.isPresent else { return }
    numbers.remove(at: found.position)
    values.remove(at: found.position)
  }
}
