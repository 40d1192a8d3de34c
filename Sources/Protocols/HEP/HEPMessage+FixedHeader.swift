internal import Packets
internal import Values

extension HEPMessage {
  /// Versions 1 and 2: one fixed header, then in version 2 the time, then SIP.
  ///
  /// The address family is the sender's own number for it; the header's length tells the family for sure.
  mutating func readFixedHeader(_ bytes: Bytes) throws(WireError) {
    var reader = WireReader(bytes, layer: .hep)
    _ = try reader.uint8(bytes, "version")
    let length = Int(try reader.uint8(bytes, "header_length"))
    let family = try reader.uint8(bytes, "address_family")
    ipProtocol = try reader.uint8(bytes, "ip_protocol")
    sourcePort = try reader.uint16(bytes, "source_port")
    destinationPort = try reader.uint16(bytes, "destination_port")
    let addresses = family == 2 ? 8 : 32
    // Some senders count the time of version 2 in the length, others do not.
    guard length == 8 + addresses || (version == 2 && length == 20 + addresses) else {
      throw WireError(
        .hep, .invalid, "header_length", offset: 1, needed: length, available: bytes.count)
    }
    if addresses == 8 {
      source = IPAddress(v4: try reader.uint32(bytes, "source_address"))
      destination = IPAddress(v4: try reader.uint32(bytes, "destination_address"))
    } else {
      let source = (try reader.uint64(bytes, "source_address"), try reader.uint64(bytes, "source_address"))
      self.source = IPAddress(v6High: source.0, low: source.1)
      let high = try reader.uint64(bytes, "destination_address")
      destination = IPAddress(v6High: high, low: try reader.uint64(bytes, "destination_address"))
    }
    if version == 2 { try readTime(bytes, &reader) }
    payload = reader.rest
  }

  /// Seconds, microseconds, capture identifier and two bytes of filling, in the sender's own byte order.
  ///
  /// Microseconds below a million tell the order; when both orders fit, little-endian is taken, because
  /// that is what the servers of today are.
  private mutating func readTime(_ bytes: Bytes, _ reader: inout WireReader) throws(WireError) {
    let seconds = try reader.uint32(bytes, "seconds")
    let microseconds = try reader.uint32(bytes, "microseconds")
    let identifier = try reader.uint16(bytes, "capture_id")
    _ = try reader.uint16(bytes, "capture_id")
    let isLittle = microseconds.byteSwapped < 1_000_000
    let fraction = isLittle ? microseconds.byteSwapped : min(microseconds, 999_999)
    time = Timestamp(
      seconds: Int64(isLittle ? seconds.byteSwapped : seconds), nanoseconds: Int64(fraction) * 1000)
    captureID = UInt32(isLittle ? identifier.byteSwapped : identifier)
  }
}
