internal import Values

/// Writes instants as Suricata does: `2026-03-01T22:14:07.000123+0000`.
///
/// The text of the whole second is kept, since the next line nearly always falls into the same one.
struct TimestampText: ~Copyable {
  private var second: Int64 = .min
  private var prefix = LineBuffer(capacity: 32)

  mutating func append(_ timestamp: Timestamp, to line: inout LineBuffer) {
    line.append(UInt8(ascii: "\""))
    append(timestamp, unquotedTo: &line)
    line.append(UInt8(ascii: "\""))
  }

  mutating func append(_ timestamp: Timestamp, unquotedTo line: inout LineBuffer) {
    let second = timestamp.nanoseconds.floorDivided(by: 1_000_000_000)
    if second != self.second { remember(second) }
    prefix.withBytes { line.append($0) }
    // The first second that there is begins before the first instant.
    let microsecond = (timestamp.nanoseconds &- second &* 1_000_000_000) / 1000
    line.append(UInt64(microsecond), digits: 6)
    line.append("+0000")
  }

  private mutating func remember(_ second: Int64) {
    self.second = second
    let time = CivilTime(secondsSinceEpoch: second)
    prefix.removeAll()
    prefix.append(UInt64(time.year), digits: 4)
    for (separator, part) in [
      (UInt8(ascii: "-"), time.month), (UInt8(ascii: "-"), time.day), (UInt8(ascii: "T"), time.hour),
      (UInt8(ascii: ":"), time.minute), (UInt8(ascii: ":"), time.second),
    ] {
      prefix.append(separator)
      prefix.append(UInt64(part), digits: 2)
    }
    prefix.append(UInt8(ascii: "."))
  }
}
