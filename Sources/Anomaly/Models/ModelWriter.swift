/// Puts the state of a detector into bytes: little-endian numbers, lists with their length before them.
struct ModelWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<(type(of: value).bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest = rest >> 8
    }
  }

  mutating func write(_ value: Float) { write(value.bitPattern) }
  mutating func write(_ value: Double) { write(value.bitPattern) }
  mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }

  mutating func write(_ values: [Float]) {
    write(UInt64(values.count))
    for value in values { write(value.bitPattern) }
  }

  mutating func write(_ values: [Double]) {
    write(UInt64(values.count))
    for value in values { write(value.bitPattern) }
  }

  mutating func write(_ values: [Int32]) {
    write(UInt64(values.count))
    for value in values { write(value) }
  }

  mutating func write(_ values: [Bool]) {
    write(UInt64(values.count))
    for value in values { write(value) }
  }

  mutating func append(_ more: [UInt8]) { bytes += more }
}

/// Takes the state of a detector out of bytes; asks for nothing that is not there.
struct ModelReader {
  private let bytes: [UInt8]
  private var offset: Int
  private let end: Int

  init(_ bytes: [UInt8], from offset: Int, to end: Int) {
    (self.bytes, self.offset, self.end) = (bytes, offset, end)
  }

  /// Bytes that were not read.
  var remaining: Int { end - offset }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(ModelError) -> T {
    let width = T.bitWidth / 8
    guard remaining >= width else { throw .inconsistent("it ends too early") }
    var value: T = 0
    for place in (0..<width).reversed() { value = value << 8 | T(truncatingIfNeeded: bytes[offset + place]) }
    offset += width
    return value
  }

  /// A finite number.
  mutating func double() throws(ModelError) -> Double {
    let value = Double(bitPattern: try integer())
    guard value.isFinite else { throw .inconsistent("a number is not finite") }
    return value
  }

  /// A finite number.
  mutating func float() throws(ModelError) -> Float {
    let value = Float(bitPattern: try integer())
    guard value.isFinite else { throw .inconsistent("a number is not finite") }
    return value
  }

  mutating func bool() throws(ModelError) -> Bool { try integer(UInt8.self) != 0 }

  /// How long a list is; `expected` when only one length makes sense.
  private mutating func length(width: Int, expected: Int?) throws(ModelError) -> Int {
    let length = try integer(UInt64.self)
    guard length <= UInt64(remaining / width), expected == nil || length == UInt64(expected ?? 0) else {
      throw .inconsistent("a list has \(length) entries")
    }
    return Int(length)
  }

  mutating func floats(_ expected: Int? = nil) throws(ModelError) -> [Float] {
    let length = try length(width: 4, expected: expected)
    var values: [Float] = []
    values.reserveCapacity(length)
    for _ in 0..<length { values.append(try float()) }
    return values
  }

  mutating func doubles(_ expected: Int? = nil) throws(ModelError) -> [Double] {
    let length = try length(width: 8, expected: expected)
    var values: [Double] = []
    values.reserveCapacity(length)
    for _ in 0..<length { values.append(try double()) }
    return values
  }

  mutating func integers(_ expected: Int? = nil) throws(ModelError) -> [Int32] {
    let length = try length(width: 4, expected: expected)
    var values: [Int32] = []
    values.reserveCapacity(length)
    for _ in 0..<length { values.append(try integer()) }
    return values
  }

  mutating func bools(_ expected: Int? = nil) throws(ModelError) -> [Bool] {
    let length = try length(width: 1, expected: expected)
    var values: [Bool] = []
    for _ in 0..<length { values.append(try bool()) }
    return values
  }
}
