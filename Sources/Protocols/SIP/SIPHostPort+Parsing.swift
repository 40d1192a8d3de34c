import Packets
import Values

extension SIPHostPort {
  /// Reads `host [":" port]` at `start`; gives the first offset that belongs to neither.
  static func parse(
    _ bytes: Bytes, _ start: Int, _ end: Int, _ faults: inout SIPFaultSet
  ) -> (value: SIPHostPort, end: Int) {
    var result = SIPHostPort()
    var index = start
    if index < end, bytes[index] == UInt8(ascii: "[") {
      index = result.readReference(bytes, index, end, &faults)
    } else {
      index = bytes.skip(.hostName, start, end)
      result.host = ByteRange(start, index)
      // The first group of an IPv6 address has at most four digits, so most hosts need no second look.
      if index + 1 < end, bytes[index] == UInt8(ascii: ":"), index - start <= 4,
        let bare = result.bareIPv6End(bytes, start, end)
      {
        faults.insert(.ipv6WithoutBrackets)
        result.host = ByteRange(start, bare)
        let port = readPort(bytes, bare, end, &faults)
        result.port = port.value
        return (result, port.end)
      }
    }
    if index == start { faults.insert(.badHost) }
    let port = readPort(bytes, index, end, &faults)
    result.port = port.value
    return (result, port.end)
  }

  /// `"[" IPv6address "]"`, RFC 3261 §25.1 with the correction of RFC 5954.
  private mutating func readReference(
    _ bytes: Bytes, _ start: Int, _ end: Int, _ faults: inout SIPFaultSet
  ) -> Int {
    guard let close = bytes.index(of: UInt8(ascii: "]"), start, end) else {
      faults.insert(.badHost)
      let stop = bytes.skip(.uri, start, end)
      host = ByteRange(start + 1, stop)
      return stop
    }
    isBracketed = true
    host = ByteRange(start + 1, close)
    if !isIPv6(bytes, host.start, host.end) {
      faults.insert(hasExtraColon(bytes) ? .ipv6ExtraColon : .badHost)
    }
    let next = close + 1
    if next == end || bytes[next] != UInt8(ascii: ":"), endsWithSIPPort(bytes) {
      faults.insert(.ipv6PortAmbiguous)
    }
    return next
  }

  /// Whether the address is one with a third colon before its IPv4 part, as the grammar of RFC 3261 had it; RFC
  /// 5118 §4.10 demands that it be tolerated.
  private func hasExtraColon(_ bytes: Bytes) -> Bool {
    // Five groups, `:::` and the longest IPv4 address.
    guard host.count <= 42, let dot = bytes.index(of: UInt8(ascii: "."), host.start, host.end) else {
      return false
    }
    var tail = dot
    while tail > host.start, bytes[tail - 1] &- 0x30 < 10 { tail -= 1 }
    guard tail - host.start >= 3, bytes[tail - 1] == UInt8(ascii: ":"), bytes[tail - 2] == UInt8(ascii: ":"),
      bytes[tail - 3] == UInt8(ascii: ":"), isIPv6(bytes, host.start, tail - 1)
    else { return false }
    var groups = 0
    for index in host.start..<(tail - 3) where bytes[index] == UInt8(ascii: ":") { groups += 1 }
    return groups < 5 && IPAddress(bytes.extracting(tail..<host.end))?.isIPv6 == false
  }

  /// Whether the last group of the address reads 5060 to 5090, the ports that SIP commonly uses.
  private func endsWithSIPPort(_ bytes: Bytes) -> Bool {
    guard host.count >= 6 else { return false }
    let last = host.end - 5
    return bytes[last] == UInt8(ascii: ":") && bytes[last + 1] == UInt8(ascii: "5")
      && bytes[last + 2] == UInt8(ascii: "0") && bytes[last + 3] &- 0x36 < 4
      && bytes[last + 4] &- 0x30 < 10
  }

  /// The end of an IPv6 address that stands at `start` without brackets, or nil.
  private func bareIPv6End(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int? {
    var index = start
    var colons = 0
    var lastColon = start
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: ":") {
        colons += 1
        lastColon = index
      } else if !ByteSet.isHexadecimal(byte), byte != UInt8(ascii: ".") {
        break
      }
      index += 1
      // Longer than any address and port: stop, so that a long run of digits costs nothing.
      if index - start > 52 { return nil }
    }
    guard colons >= 2 else { return nil }
    if isIPv6(bytes, start, index) { return index }
    // Eight full groups leave no doubt that a ninth number is a port.
    return isIPv6(bytes, start, lastColon) ? lastColon : nil
  }

  private func isIPv6(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
    IPAddress(bytes.extracting(start..<end))?.isIPv6 == true
  }

  private static func readPort(
    _ bytes: Bytes, _ start: Int, _ end: Int, _ faults: inout SIPFaultSet
  ) -> (value: UInt16?, end: Int) {
    let colon = bytes.skipWhitespace(start, end)
    guard colon < end, bytes[colon] == UInt8(ascii: ":") else { return (nil, start) }
    let first = bytes.skipWhitespace(colon + 1, end)
    var index = first
    var value: UInt32 = 0
    while index < end, bytes[index] &- 0x30 < 10 {
      value = min(value &* 10 &+ UInt32(bytes[index] &- 0x30), 100_000)
      index += 1
    }
    guard index > first, value > 0, value <= 65_535 else {
      faults.insert(.badHost)
      return (nil, index)
    }
    return (UInt16(truncatingIfNeeded: value), index)
  }
}
