/// The natural logarithm from additions and multiplications alone: the one of a C library may differ in its
/// last bit from machine to machine, and with it whatever follows from it.
package enum Logarithm {
  /// The logarithm of a positive, normal number.
  package static func natural(_ value: Double) -> Double {
    let exponent = Double(value.exponent)
    // ln m = 2 artanh((m − 1)/(m + 1)), with m from 1 to 2: sixteen terms are more than 53 bits need.
    let ratio = (value.significand - 1) / (value.significand + 1)
    let square = ratio * ratio
    var sum = 0.0
    var term = 33.0
    while term >= 1 {
      sum = sum * square + 1 / term
      term -= 2
    }
    return exponent * 0.693_147_180_559_945_3 + 2 * ratio * sum
  }
}
