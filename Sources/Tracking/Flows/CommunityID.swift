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
    var input = SHA1Block()
    input.append(UInt64(seed), bytes: 2)
    input.append(ordered ? key.lowerAddress : key.upperAddress)
    input.append(ordered ? key.upperAddress : key.lowerAddress)
    input.append(UInt64(key.transport.rawValue), bytes: 1)
    input.append(0, bytes: 1)
    if key.transport.isCommunityPortBearing {
      input.append(UInt64(ordered ? key.lowerPort : key.upperPort), bytes: 2)
      input.append(UInt64(ordered ? key.upperPort : key.lowerPort), bytes: 2)
    }
    var text = InlineArray<30, UInt8>(repeating: UInt8(ascii: "="))
    text[0] = UInt8(ascii: "1")
    text[1] = UInt8(ascii: ":")
    Self.encode(input.digest(), into: &text)
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

  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Base64 (RFC 4648 §4) of 20 bytes behind the first two of the text.
  private static func encode(_ digest: InlineArray<5, UInt32>, into text: inout InlineArray<30, UInt8>) {
    let digits = digits.span
    // The bits that have no digit yet are the lowest ones; what is above them has.
    var (bits, left, place) = (UInt64(0), 0, 2)
    for index in digest.indices {
      bits = bits << 32 | UInt64(digest[index])
      left += 32
      while left >= 6 {
        left -= 6
        text[place] = digits[Int(truncatingIfNeeded: bits >> UInt64(left) & 63)]
        place += 1
      }
    }
    text[place] = digits[Int(truncatingIfNeeded: bits << UInt64(6 - left) & 63)]
  }
}

extension SHA1Block {
  fileprivate mutating func append(_ address: IPAddress) {
    if address.isIPv6 { append(address.high, bytes: 8) }
    append(address.low, bytes: address.isIPv6 ? 8 : 4)
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
