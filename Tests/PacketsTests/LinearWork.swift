import Testing
import Values

/// Expects that twice the input costs twice the steps and no more.
///
/// - Parameter measure: the steps for an input of a size; they must grow, or nothing was counted.
func expectLinear(_ name: String, size: Int = 1000, _ measure: (Int) throws -> Int) rethrows {
  let (one, two, four) = (try measure(size), try measure(2 * size), try measure(4 * size))
  #expect(one >= size / 2 && four > two && two > one, "\(name) counts nothing: \(one) \(two) \(four)")
  #expect(two <= 2 * one + one / 4 + 2000, "\(name): \(one) \(two) \(four)")
  #expect(four <= 2 * two + two / 4 + 2000, "\(name): \(one) \(two) \(four)")
}
