/// The offsets from UTC of one time zone, as a sorted table of the instants at which they change.
///
/// Read once at load from the system's TZif file (RFC 8536), the same data that every other program of the
/// machine goes by, without pulling a calendar library and its locale data into the sensor. The rule in
/// the file's footer is written out to the end of packet time, so a look-up is one binary search.
package struct ZoneTransitions: Hashable, Sendable {
  /// An offset and the half-open stretch of seconds since the epoch in which it holds.
  package struct Period {
    package let offset: Int64
    package let start: Int64
    package let end: Int64
  }

  /// The last year that a `Timestamp` can reach.
  private static let lastYear = 2262

  private var starts: [Int64] = []
  private var offsets: [Int32] = []
  private var firstOffset: Int32

  /// A zone that never changes its offset.
  package init(fixedOffset: Int32) {
    firstOffset = fixedOffset
  }

  /// The zone in a TZif file, or nil when the file is damaged or counts leap seconds.
  package init?(tzif bytes: [UInt8]) {
    guard let file = TZif(bytes), let first = file.types.first else { return nil }
    firstOffset = first
    for (start, type) in zip(file.transitions, file.transitionTypes) {
      guard type < file.types.count, starts.last.map({ $0 < start }) ?? true else { return nil }
      append(start, file.types[type])
    }
    guard !file.footer.isEmpty else { return }
    guard let rule = PosixZoneRule(file.footer) else { return nil }
    extend(by: rule)
  }

  /// The offset at an instant, and how long it holds.
  package func period(at seconds: Int64) -> Period {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return Period(
      offset: Int64(low == 0 ? firstOffset : offsets[low - 1]), start: low == 0 ? .min : starts[low - 1],
      end: low < starts.count ? starts[low] : .max)
  }

  /// The first instant at which clocks show a local time or a later one; where the time is skipped, that of the
  /// skip.
  package func instant(ofLocal seconds: Int64) -> Int64 {
    // No zone is more than a day away from UTC.
    var period = self.period(at: seconds - 90_000)
    while seconds - period.offset >= period.end { period = self.period(at: period.end) }
    return max(seconds - period.offset, period.start)
  }

  private mutating func append(_ start: Int64, _ offset: Int32) {
    starts.append(start)
    offsets.append(offset)
  }

  private mutating func extend(by rule: PosixZoneRule) {
    guard let daylight = rule.daylight else {
      if starts.isEmpty { firstOffset = Int32(rule.standardOffset) }
      return
    }
    let last = starts.last ?? 0
    let firstYear = CivilTime(secondsSinceEpoch: last).year
    for year in firstYear...max(firstYear, Self.lastYear) {
      let on = daylight.start.seconds(inYear: year) - rule.standardOffset
      let off = daylight.end.seconds(inYear: year) - daylight.offset
      var changes = [(on, daylight.offset), (off, rule.standardOffset)]
      if off < on { changes.swapAt(0, 1) }
      for (start, offset) in changes where start > (starts.last ?? last - 1) {
        append(start, Int32(truncatingIfNeeded: offset))
      }
    }
  }
}

/// The data of a TZif file: RFC 8536 §3.
private struct TZif {
  var transitions: [Int64] = []
  var transitionTypes: [Int] = []
  /// Seconds east of UTC of each local time type.
  var types: [Int32] = []
  var footer: [UInt8] = []

  private struct Header {
    let version: UInt8
    let utCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int

    init?(_ bytes: [UInt8], at offset: Int) {
      guard offset + 44 <= bytes.count, bytes[offset..<offset + 4].elementsEqual("TZif".utf8) else {
        return nil
      }
      version = bytes[offset + 4]
      let counts = (0..<6).map { TZif.integer(bytes, at: offset + 20 + 4 * $0, width: 4) }
      guard counts.allSatisfy({ (0...1_000_000).contains($0) }) else { return nil }
      utCount = Int(counts[0])
      standardCount = Int(counts[1])
      leapCount = Int(counts[2])
      timeCount = Int(counts[3])
      typeCount = Int(counts[4])
      characterCount = Int(counts[5])
    }

    func dataLength(width: Int) -> Int {
      timeCount * (width + 1) + typeCount * 6 + characterCount + leapCount * (width + 4) + standardCount
        + utCount
    }
  }

  init?(_ bytes: [UInt8]) {
    guard var header = Header(bytes, at: 0) else { return nil }
    var data = 44
    var width = 4
    if header.version >= UInt8(ascii: "2") {
      let second = data + header.dataLength(width: 4)
      guard let wide = Header(bytes, at: second) else { return nil }
      header = wide
      data = second + 44
      width = 8
    }
    let end = data + header.dataLength(width: width)
    guard end <= bytes.count, header.leapCount == 0, header.typeCount > 0 else { return nil }
    for index in 0..<header.timeCount {
      transitions.append(Self.integer(bytes, at: data + index * width, width: width))
      transitionTypes.append(Int(bytes[data + header.timeCount * width + index]))
    }
    let typesStart = data + header.timeCount * (width + 1)
    for index in 0..<header.typeCount {
      let offset = Self.integer(bytes, at: typesStart + 6 * index, width: 4)
      guard abs(offset) < 100_000 else { return nil }
      types.append(Int32(offset))
    }
    guard width == 8, end + 2 <= bytes.count, bytes[end] == UInt8(ascii: "\n"),
      let stop = bytes[(end + 1)...].firstIndex(of: UInt8(ascii: "\n"))
    else { return }
    footer = Array(bytes[end + 1..<stop])
  }

  /// A signed big-endian integer.
  private static func integer(_ bytes: [UInt8], at offset: Int, width: Int) -> Int64 {
    var value: Int64 = bytes[offset] & 0x80 == 0 ? 0 : -1
    for index in 0..<width { value = value << 8 | Int64(bytes[offset + index]) }
    return value
  }
}
