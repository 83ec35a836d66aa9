import SimulationKernel

/// The permutations of a system with the identity, which is element 0, and their products.
struct SymmetryGroup: Sendable {
  let size: Int
  private let products: [Int]

  /// - Parameter destinations: of each permutation beside the identity, by slot.
  init(slotCount: Int, destinations: [[Int]]) {
    let elements = [Array(0..<slotCount)] + destinations
    size = elements.count
    require(
      elements.allSatisfy { $0.sorted() == Array(0..<slotCount) },
      "a permutation of slots is none")
    require(Set(elements).count == size, "a permutation of slots is given twice")
    var products: [Int] = []
    for later in elements {
      for first in elements {
        guard let product = elements.firstIndex(of: first.map { later[$0] }) else {
          programmingError("the permutations of slots are not closed under composition")
        }
        products.append(product)
      }
    }
    self.products = products
  }

  func product(_ later: Int, after first: Int) -> Int {
    products[later * size + first]
  }
}
