import Testing

@testable import Anomaly

/// Against figures of scipy 1.x (`nbinom.logsf`, `t.logsf`, `gammaln`).
@Suite struct TailProbabilityTests {
  @Test(arguments: [
    (1.0, 0.0002, 1.0, 3.6990568545), (5, 1, 0.05, 2.3129909971), (12, 3.5, 0.7, 1.4574033387),
    (40, 2, 4, 3.1444164837), (300, 20, 0.05, 65.7508710163), (1000, 900, 0.05, 0.5339383397),
    (3, 0.001, 500, 4.4784415718), (60, 59, 0.05, 0.3401161166), (2, 0.5, 20, 1.1386602946),
  ])
  func `the tail of a negative binomial is scipy's`(
    _ count: Double, _ mean: Double, _ dispersion: Double, _ expected: Double
  ) {
    let tail = TailProbability.negativeBinomial(count: count, mean: mean, dispersion: dispersion)
    #expect(abs(tail - expected) < 1e-7 * max(1, expected), "\(tail)")
  }

  @Test func `what is not above the mean is no surprise`() {
    #expect(TailProbability.negativeBinomial(count: 0, mean: 0.1, dispersion: 1) == 0)
    #expect(TailProbability.negativeBinomial(count: 7.9, mean: 7.5, dispersion: 1) == 0)
    #expect(TailProbability.negativeBinomial(count: 8, mean: 7.5, dispersion: 1) > 0)
  }

  @Test(arguments: [
    (0.5, 4.0, 0.1915662208), (2, 4, 0.9351059753), (10, 8, 5.0711853412), (-30, 34, 25.3201500278),
    (1e6, 8, 44.9507819773), (3, 20.5, 2.1583137754),
  ])
  func `the tails of Student's distribution are scipy's`(
    _ t: Double, _ degrees: Double, _ expected: Double
  ) {
    let tail = TailProbability.student(t, degrees: degrees)
    #expect(abs(tail - expected) < 1e-7 * max(1, expected), "\(tail)")
  }

  @Test(arguments: [
    (0.001, 6.90717888538), (0.5, 0.572364942925), (1, 0), (2.5, 0.284682870473), (9, 10.6046029027),
    (100, 359.13420537), (1e9, 19_723_265_827.5),
  ])
  func `ln Γ is scipy's`(_ x: Double, _ expected: Double) {
    let value = TailProbability.logGamma(x)
    #expect(abs(value - expected) < 1e-11 * max(1, abs(expected)), "\(value)")
  }

  @Test func `a tail falls with the count and is finite everywhere`() {
    for mean in [1e-4, 0.3, 20, 1e4, 1e8] {
      for dispersion in [0.03, 1, 20, 500.0] {
        var last = 0.0
        for count in [1, 2, 5, 30, 1e3, 1e6, 1e9] where count > mean {
          let tail = TailProbability.negativeBinomial(count: count, mean: mean, dispersion: dispersion)
          #expect(tail.isFinite && tail >= last, "\(count) \(mean) \(dispersion): \(tail) after \(last)")
          last = tail
        }
      }
    }
  }
}
