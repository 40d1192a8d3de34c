import Packets
import Values

/// Builds frames from the inside out, byte by byte, without the code under test.
enum FrameBuilder {
  static func ethernet(_ payload: [UInt8], type: UInt16 = 0x0800) -> [UInt8] {
    [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + word(type) + payload
  }

  static func vlan(_ payload: [UInt8], identifier: UInt16, type: UInt16 = 0x0800) -> [UInt8] {
    word(identifier | 0x2000) + word(type) + payload
  }

  /// 192.0.2.1 to 198.51.100.7.
  static func ipv4(
    _ payload: [UInt8], transport: UInt8 = 17, options: [UInt8] = [], identification: UInt16 = 1,
    fragmentation: UInt16 = 0x4000, totalLength: Int? = nil
  ) -> [UInt8] {
    let headerLength = 20 + options.count
    var header: [UInt8] = [UInt8(0x40 + headerLength / 4), 0]
    header += word(UInt16(totalLength ?? headerLength + payload.count))
    header += word(identification) + word(fragmentation)
    header += [64, transport, 0, 0, 192, 0, 2, 1, 198, 51, 100, 7]
    return header + options + payload
  }

  /// 2001:db8::1 to 2001:db8::2.
  static func ipv6(_ payload: [UInt8], next: UInt8 = 17, payloadLength: Int? = nil) -> [UInt8] {
    let prefix: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    var header: [UInt8] = [0x60, 0, 0, 0]
    header += word(UInt16(payloadLength ?? payload.count))
    header += [next, 61]
    header += prefix + [1]
    header += prefix + [2]
    return header + payload
  }

  static func udp(
    _ payload: [UInt8], from source: UInt16 = 5060, to destination: UInt16 = 5062, length: Int? = nil
  ) -> [UInt8] {
    word(source) + word(destination) + word(UInt16(length ?? payload.count + 8)) + [0, 0] + payload
  }

  static func tcp(
    _ payload: [UInt8], sequence: UInt32 = 1, flags: TCPFlags = [.ack], options: [UInt8] = [],
    offset: UInt8? = nil
  ) -> [UInt8] {
    var header: [UInt8] = word(5060) + word(40_000)
    header += word(UInt16(sequence >> 16)) + word(UInt16(truncatingIfNeeded: sequence))
    header += [0, 0, 0, 9]
    header.append((offset ?? UInt8(5 + options.count / 4)) << 4)
    header.append(flags.rawValue)
    header += [0x20, 0x00, 0, 0, 0, 0]
    return header + options + payload
  }

  static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
}

/// One delivered packet with a copy of its payload.
struct Delivery {
  var packet: Packet
  var payload: [UInt8]
}

/// Keeps everything that a decoder delivers.
struct PacketCollector: PacketVisitor {
  var deliveries: [Delivery] = []
  var faults: [DecodeFault] = []

  mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
    deliveries.append(Delivery(packet: copy packet, payload: Array(copying: payload)))
  }

  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {
    faults.append(fault)
  }

  var faultNames: [String] { faults.map(\.name) }
  var payloads: [[UInt8]] { deliveries.map(\.payload) }
}

extension Array where Element == UInt8 {
  init(copying bytes: Bytes) {
    self = []
    for index in bytes.indices { append(bytes[index]) }
  }
}

/// Decodes frames of one link type, one microsecond apart.
func decode(
  _ frames: [[UInt8]], linkType: LinkType = .ethernet, originalLength: Int? = nil,
  with decoder: inout PacketDecoder
) -> PacketCollector {
  var collector = PacketCollector()
  for (index, frame) in frames.enumerated() {
    let header = FrameHeader(
      timestamp: Timestamp(nanoseconds: Int64(index) * 1000), number: UInt64(index + 1),
      originalLength: originalLength ?? frame.count, linkType: linkType)
    decoder.decode(frame.span, header, visitor: &collector)
  }
  return collector
}

func decode(_ frame: [UInt8], linkType: LinkType = .ethernet, originalLength: Int? = nil) -> PacketCollector {
  var decoder = PacketDecoder()
  return decode([frame], linkType: linkType, originalLength: originalLength, with: &decoder)
}
