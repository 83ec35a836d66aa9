import LinearizabilityChecking
import SimulationKernel

extension StableHasher {
  /// Combines a client's operation: its kind and all that it names.
  mutating func combine(operation: Operation) {
    combine(operation.firstKey)
    switch operation {
    case .get: combine(1)
    case .put(_, let value):
      combine(2)
      combine(value)
    case .append(_, let value):
      combine(3)
      combine(value)
    case .putDrawn(_, let value, let outcomes):
      combine(4)
      combine(value)
      combine(outcomes)
    case .compareAndSet(_, let expected, let new):
      combine(5)
      combine(expected)
      combine(new)
    case .readBlocks(_, let count):
      combine(6)
      combine(count)
    case .writeBlocks(_, let count, let value):
      combine(7)
      combine(count)
      combine(value)
    }
  }

  /// Combines a store's answer.
  mutating func combine(response: Response) {
    switch response {
    case .done: combine(1)
    case .value(let value):
      combine(2)
      combine(value)
    case .blocks(let values):
      combine(3)
      for value in values { combine(value) }
      combine(values.count)
    case .swapped(let succeeded):
      combine(4)
      combine(succeeded)
    }
  }
}
