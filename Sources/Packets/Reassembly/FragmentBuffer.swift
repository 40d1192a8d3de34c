internal import Values

/// The bytes of one IP packet in the making, and which of its 8-byte units have come.
struct FragmentBuffer: Sendable {
  private(set) var bytes: [UInt8] = []
  private var units: [UInt64] = []
  /// Units that have come.
  private(set) var unitCount = 0

  /// Bytes of memory that it holds.
  var size: Int { bytes.count + units.count * 8 }

  /// Forgets the contents and keeps the memory.
  mutating func reset() {
    Work.count(units.count)
    for index in units.indices { units[index] = 0 }
    unitCount = 0
  }

  /// How a piece met what was there.
  enum Meeting: Sendable {
    /// Nothing of it was there.
    case new
    /// All of it was there, with the same bytes.
    case duplicate
    /// Some of it was there; only what was missing was taken.
    case overlap
  }

  /// Puts a piece in; bytes that came before stay. The offset is a multiple of 8.
  mutating func insert(_ data: Bytes, at offset: Int) -> Meeting {
    let first = offset / 8
    let last = (offset + data.count + 7) / 8
    Work.count(last - first + data.count)
    reserve(units: last)
    let present = countPresent(first..<last)
    if present == 0 {
      bytes.overwrite(at: offset, with: data)
      for unit in first..<last { mark(unit) }
      return .new
    }
    if present == last - first, isEqual(data, at: offset) { return .duplicate }
    for unit in first..<last where !has(unit) {
      let start = unit * 8 - offset
      bytes.overwrite(at: unit * 8, with: data.extracting(start..<min(start + 8, data.count)))
      mark(unit)
    }
    return .overlap
  }

  private mutating func reserve(units last: Int) {
    guard last * 8 > bytes.count else { return }
    var size = 2048
    while size < last * 8 { size *= 2 }
    Work.count(size - bytes.count)
    bytes.grow(to: size)
    while units.count < (size / 8 + 63) / 64 { units.append(0) }
  }

  private func has(_ unit: Int) -> Bool { units[unit >> 6] >> UInt64(unit & 63) & 1 != 0 }

  private mutating func mark(_ unit: Int) {
    units[unit >> 6] |= 1 << UInt64(unit & 63)
    unitCount += 1
  }

  private func countPresent(_ range: Range<Int>) -> Int {
    var count = 0
    for unit in range where has(unit) { count += 1 }
    return count
  }

  private func isEqual(_ data: Bytes, at offset: Int) -> Bool {
    for index in data.indices where bytes[offset + index] != data[index] { return false }
    return true
  }
}
