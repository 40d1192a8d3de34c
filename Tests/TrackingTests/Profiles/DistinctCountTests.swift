import Testing
import Values

@testable import Tracking

@Suite struct DistinctCountTests {
  private func hash(_ value: UInt64) -> UInt64 {
    var hash = SeededHash(seed: 77)
    hash.combine(value)
    return hash.value
  }

  @Test func `it is exact up to sixteen`() {
    var count = DistinctCount()
    #expect(count.value == 0)
    for value in 0..<UInt64(16) {
      for _ in 0..<3 { count.insert(hash(value)) }
      #expect(count.value == Int(value) + 1)
    }
    for value in 0..<UInt64(16) { count.insert(hash(value)) }
    #expect(count.value == 16)
    count.insert(hash(16))
    #expect(count.value >= 17)
  }

  @Test(arguments: [17, 30, 60, 100, 200, 500, 1000, 10_000, 100_000])
  func `beyond that it is near`(_ number: Int) {
    var count = DistinctCount()
    for value in 0..<UInt64(number) { count.insert(hash(value)) }
    // Three standard errors of 64 registers.
    let error = abs(Double(count.value - number)) / Double(number)
    #expect(error < 0.39, "\(number) counted as \(count.value)")
  }

  @Test func `the order of the values does not matter, nor how often they come`() {
    var (forward, backward) = (DistinctCount(), DistinctCount())
    for value in 0..<UInt64(1000) {
      forward.insert(hash(value))
      backward.insert(hash(999 - value))
      backward.insert(hash(999 - value))
    }
    #expect(forward.value == backward.value)
  }

  @Test func `it takes 72 bytes at the most`() {
    #expect(MemoryLayout<DistinctCount>.stride <= 32)
  }
}
