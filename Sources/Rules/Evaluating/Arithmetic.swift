internal import Events
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Sums, products and comparisons of values from the wire: what overflows has no value.
enum Arithmetic {
  /// The result of an operator, `.absent` when there is none.
  static func apply(_ kind: OperandNode.Kind, _ left: FieldValue, _ right: FieldValue) -> FieldValue {
    switch (left, right) {
    case (.integer(let first), .integer(let second)):
      kind == .divide ? quotient(Double(first), Double(second)) : whole(kind, first, second) { .integer($0) }
    case (.duration(let first), .duration(let second)):
      kind == .divide ? quotient(Double(first), Double(second)) : whole(kind, first, second) { .duration($0) }
    case (.time(let first), .time(let second)):
      whole(.subtract, first.nanoseconds, second.nanoseconds) { .duration($0) }
    case (.time(let first), .duration(let second)):
      whole(kind, first.nanoseconds, second) { .time(Timestamp(nanoseconds: $0)) }
    case (.duration(let first), .integer), (.duration(let first), .decimal):
      scaled(kind, Double(first), number(right))
    case (.integer, .duration(let second)), (.decimal, .duration(let second)):
      scaled(kind, Double(second), number(left))
    default: decimal(kind, number(left), number(right))
    }
  }

  /// The outcome of a comparison of two numbers, durations or times.
  static func compare(_ comparison: ValueComparison, _ left: FieldValue, _ right: FieldValue) -> Truth {
    if let first = nanosecondsOrWhole(left), let second = nanosecondsOrWhole(right) {
      return switch comparison {
      case .equal: Truth(first == second)
      case .less: Truth(first < second)
      case .lessOrEqual: Truth(first <= second)
      default: .unknown
      }
    }
    guard let first = number(left), let second = number(right) else { return .unknown }
    return switch comparison {
    case .equal: Truth(first == second)
    case .less: Truth(first < second)
    case .lessOrEqual: Truth(first <= second)
    default: .unknown
    }
  }

  private static func nanosecondsOrWhole(_ value: FieldValue) -> Int64? {
    switch value {
    case .integer(let number), .duration(let number): number
    case .time(let time): time.nanoseconds
    default: nil
    }
  }

  private static func number(_ value: FieldValue) -> Double? {
    switch value {
    case .integer(let number), .duration(let number): Double(number)
    case .decimal(let number): number
    default: nil
    }
  }

  private static func whole(
    _ kind: OperandNode.Kind, _ left: Int64, _ right: Int64, _ make: (Int64) -> FieldValue
  ) -> FieldValue {
    let (value, overflow) =
      switch kind {
      case .add: left.addingReportingOverflow(right)
      case .subtract: left.subtractingReportingOverflow(right)
      default: left.multipliedReportingOverflow(by: right)
      }
    return overflow ? .absent : make(value)
  }

  private static func quotient(_ left: Double, _ right: Double) -> FieldValue {
    right == 0 ? .absent : .decimal(left / right)
  }

  private static func scaled(_ kind: OperandNode.Kind, _ duration: Double, _ factor: Double?) -> FieldValue {
    guard let factor, kind == .multiply || factor != 0 else { return .absent }
    let result = kind == .multiply ? duration * factor : duration / factor
    return Int64(exactly: result.rounded()).map { .duration($0) } ?? .absent
  }

  private static func decimal(_ kind: OperandNode.Kind, _ left: Double?, _ right: Double?) -> FieldValue {
    guard let left, let right else { return .absent }
    let value: Double
    switch kind {
    case .add: value = left + right
    case .subtract: value = left - right
    case .multiply: value = left * right
    default: return quotient(left, right)
    }
    return value.isFinite ? .decimal(value) : .absent
  }
}

/// How evenly bytes are spread.
enum Entropy {
  /// Shannon entropy in bits a byte, 0–8; 0 for no bytes.
  static func bits(_ bytes: Span<UInt8>) -> Double {
    guard bytes.count > 1 else { return 0 }
    var counts = InlineArray<256, UInt32>(repeating: 0)
    for index in bytes.indices { counts[Int(bytes[index])] &+= 1 }
    let total = Double(bytes.count)
    var bits = 0.0
    for value in counts.indices where counts[value] > 0 {
      let share = Double(counts[value]) / total
      bits -= share * log2(share)
    }
    return bits
  }
}
