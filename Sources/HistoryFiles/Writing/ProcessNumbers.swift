import LinearizabilityChecking

/// The numbers that processes have in the formats of Jepsen: whole ones, and a fresh one after an
/// operation of unknown outcome, because such a process never comes back there.
struct ProcessNumbers {
  /// By process.
  private var numbers: [Int]
  private var next: Int

  init(_ history: RecordedHistory) {
    numbers = (0..<history.processes.count).map { id in
      history.processes.withBytes(of: Int32(id)) { ByteOutput.wholeNumber($0) } ?? -1
    }
    // One name that is no number, and all of them are numbered.
    if numbers.contains(where: { $0 < 0 || $0 > Int(Int32.max) }) {
      numbers = Array(0..<numbers.count)
    }
    next = (numbers.max() ?? -1) + 1
  }

  subscript(_ process: Int32) -> Int { numbers[Int(process)] }

  mutating func renew(_ process: Int32) {
    numbers[Int(process)] = next
    next += 1
  }

  /// A number that no process has.
  mutating func fresh() -> Int {
    next += 1
    return next - 1
  }
}
