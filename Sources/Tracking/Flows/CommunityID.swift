internal import Crypto
internal import Packets
internal import Values

/// The Community ID of a flow: a hash of its 5-tuple that other tools compute alike.
///
/// Community ID specification, version 1 (<https://github.com/corelight/community-id-spec>): SHA-1 over
/// seed, ordered addresses, protocol, padding and ordered ports, in Base64 behind `1:`. Protocols without
/// ports have none in it; ICMP has types, and a message without an answer is not ordered but goes from its
/// sender to its receiver.
struct CommunityID: Sendable {
  /// The text: `1:` and 28 Base64 digits.
  let text: InlineArray<30, UInt8>

  /// The identity of a flow.
  ///
  /// - Parameters:
  ///   - clientIsLower: whether the lower end of the key sent the first packet.
  ///   - seed: keeps identities of separate networks apart; 0 by default as elsewhere.
  init(_ key: FlowKey, clientIsLower: Bool, seed: UInt16 = 0) {
    let ordered = Self.isOneWay(key, clientIsLower: clientIsLower) ? clientIsLower : Self.isOrdered(key)
    var input: [UInt8] = []
    input.reserveCapacity(40)
    Self.append(UInt64(seed), bytes: 2, to: &input)
    Self.append(ordered ? key.lowerAddress : key.upperAddress, to: &input)
    Self.append(ordered ? key.upperAddress : key.lowerAddress, to: &input)
    input.append(key.transport.rawValue)
    input.append(0)
    if key.transport.isCommunityPortBearing {
      Self.append(UInt64(ordered ? key.lowerPort : key.upperPort), bytes: 2, to: &input)
      Self.append(UInt64(ordered ? key.upperPort : key.lowerPort), bytes: 2, to: &input)
    }
    var text = InlineArray<30, UInt8>(repeating: UInt8(ascii: "="))
    text[0] = UInt8(ascii: "1")
    text[1] = UInt8(ascii: ":")
    Self.encode(Insecure.SHA1.hash(data: input), into: &text)
    self.text = text
  }

  /// Whether the key's lower end is also first by the bytes of its address, which is the order here.
  private static func isOrdered(_ key: FlowKey) -> Bool {
    let (lower, upper) = (key.lowerAddress, key.upperAddress)
    if lower != upper { return lower < upper }
    return key.lowerPort <= key.upperPort
  }

  /// Whether it is an ICMP flow whose messages have no answer.
  private static func isOneWay(_ key: FlowKey, clientIsLower: Bool) -> Bool {
    guard key.transport == .icmp || key.transport == .icmpv6 else { return false }
    let type = UInt8(truncatingIfNeeded: clientIsLower ? key.lowerPort : key.upperPort)
    return key.transport.icmpCounterpart(of: type) == nil
  }

  private static func append(_ address: IPAddress, to input: inout [UInt8]) {
    if address.isIPv6 { append(address.high, bytes: 8, to: &input) }
    append(address.low, bytes: address.isIPv6 ? 8 : 4, to: &input)
  }

  private static func append(_ number: UInt64, bytes: Int, to input: inout [UInt8]) {
    for index in 0..<bytes {
      input.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * (bytes - 1 - index))))
    }
  }

  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Base64 (RFC 4648 §4) of 20 bytes behind the first two of the text.
  private static func encode(_ digest: Insecure.SHA1.Digest, into text: inout InlineArray<30, UInt8>) {
    var bits: UInt32 = 0
    var count: UInt32 = 0
    var place = 2
    for byte in digest {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text[place] = digits[Int(bits >> count & 63)]
        place += 1
      }
    }
    text[place] = digits[Int(bits << (6 - count) & 63)]
  }
}

extension TransportProtocol {
  /// Whether the specification has ports, or what ICMP has in their place, in the identity.
  fileprivate var isCommunityPortBearing: Bool {
    switch self {
    case .tcp, .udp, .sctp, .icmp, .icmpv6: true
    default: false
    }
  }
}
