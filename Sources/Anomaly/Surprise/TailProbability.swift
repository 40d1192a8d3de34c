#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Tails of distributions as −log10 of their probability, to far beyond what a Double can hold as such.
enum TailProbability {
  /// −log10 P(X ≥ count) of a negative binomial with a mean and variance mean + dispersion · mean².
  ///
  /// 0 when the count is not above the mean: what is not more than expected is no surprise.
  static func negativeBinomial(count: Double, mean: Double, dispersion: Double) -> Double {
    let count = (count + 1e-6).rounded(.down)
    guard count > mean, count > 0 else { return 0 }
    let size = 1 / dispersion
    let failure = size / (size + mean)
    if count <= few {
      let tail = 1 - sumBelow(count, size: size, failure: failure)
      if tail > leastDifference { return max(0, -log10(tail)) }
    }
    let logarithm = logIncompleteBeta(mean / (size + mean), complement: failure, count, size)
    return max(0, -logarithm / ln10)
  }

  /// P(X < count) of a negative binomial, term by term.
  private static func sumBelow(_ count: Double, size: Double, failure: Double) -> Double {
    var term = exp(size * log(failure))
    var (sum, number) = (term, 1.0)
    while number < count {
      term *= (1 - failure) * (number - 1 + size) / number
      sum += term
      number += 1
    }
    return sum
  }

  /// Counts up to here are added up term by term.
  private static let few = 24.0
  /// The least difference from 1 that keeps eight digits.
  private static let leastDifference = 1e-7

  /// −log10 P(|T| ≥ |t|) of Student's distribution.
  static func student(_ t: Double, degrees: Double) -> Double {
    let square = t * t
    guard square > 0 else { return 0 }
    let x = degrees / (degrees + square)
    if degrees == degrees.rounded(), degrees.truncatingRemainder(dividingBy: 2) == 0, degrees <= 64 {
      let tail = 1 - within(abs(t) / (degrees + square).squareRoot(), cosineSquare: x, evenDegrees: degrees)
      if tail > leastDifference { return max(0, -log10(tail)) }
    }
    return max(0, -logIncompleteBeta(x, complement: square / (degrees + square), degrees / 2, 0.5) / ln10)
  }

  /// P(|T| < t) of Student's distribution with an even number of degrees of freedom (Abramowitz and Stegun
  /// 26.7.4), by the sine of the angle whose tangent is t / √degrees and its cosine's square.
  private static func within(_ sine: Double, cosineSquare: Double, evenDegrees: Double) -> Double {
    var (term, sum, number) = (1.0, 1.0, 2.0)
    while number < evenDegrees {
      term *= cosineSquare * (number - 1) / number
      sum += term
      number += 2
    }
    return sine * sum
  }

  /// ln Γ(x) for x > 0: Stirling's series after moving x to where it is exact to 1e-14.
  static func logGamma(_ x: Double) -> Double {
    var (x, product) = (x, 1.0)
    while x < 9 {
      product *= x
      x += 1
    }
    let square = 1 / (x * x)
    let series =
      (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) / x
    return (x - 0.5) * log(x) - x + halfLogTwoPi + series - log(product)
  }

  /// ln of the regularized incomplete beta function I_x(a, b), x and 1 − x both given to keep their digits.
  static func logIncompleteBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return -.infinity }
    guard complement > 0 else { return 0 }
    let front = a * log(x) + b * log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b)
    if x < (a + 1) / (a + b + 2) { return front - log(a) + log(continuedFraction(x, a, b)) }
    let other = exp(front) * continuedFraction(complement, b, a) / b
    return other < 1 ? log1p(-other) : -.infinity
  }

  /// The continued fraction of the incomplete beta function by Lentz's method.
  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var result = d
    for step in 1...300 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 + even * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + even / c
      c = abs(c) < tiny ? tiny : c
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 + odd * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + odd / c
      c = abs(c) < tiny ? tiny : c
      let change = d * c
      result *= change
      if abs(change - 1) < 1e-10 { break }
    }
    return result
  }

  static let ln10 = 2.302_585_092_994_046
  private static let halfLogTwoPi = 0.918_938_533_204_672_8
}
