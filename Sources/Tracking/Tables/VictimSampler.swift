/// Draws a few records of a full table and gives the one that is worth least: cheap, and nobody can aim at it.
///
/// The draws are the same in every run, so that a full table gives the same log each time.
struct VictimSampler: Sendable {
  private static let draws = 8

  /// Xorshift (Marsaglia 2003); never 0.
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The record to give up, among as many as there are, all of them in use.
  mutating func victim(among count: Int, isLessValuable: (Int, Int) -> Bool) -> Int {
    var victim = draw(among: count)
    for _ in 1..<Self.draws {
      let candidate = draw(among: count)
      if isLessValuable(candidate, victim) { victim = candidate }
    }
    return victim
  }

  private mutating func draw(among count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(count))
  }
}
