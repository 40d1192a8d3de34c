internal import Packets
internal import Values

extension STUNMessage {
  /// The attribute types that are read; all others are only counted.
  private enum Attribute: UInt16 {
    case mappedAddress = 0x0001
    case username = 0x0006
    case messageIntegrity = 0x0008
    case errorCode = 0x0009
    case channelNumber = 0x000c
    case lifetime = 0x000d
    case xorPeerAddress = 0x0012
    case data = 0x0013
    case realm = 0x0014
    case nonce = 0x0015
    case xorRelayedAddress = 0x0016
    case messageIntegritySHA256 = 0x001c
    case xorMappedAddress = 0x0020
    case priority = 0x0024
    case useCandidate = 0x0025
    // Some servers used this number before the registration of 0x0020.
    case oldXORMappedAddress = 0x8020
    case software = 0x8022
    case fingerprint = 0x8028
    case iceControlled = 0x8029
    case iceControlling = 0x802a
  }

  /// Walks the attributes, each padded to four bytes (RFC 8489 §14), up to the first that does not fit.
  mutating func readAttributes(_ bytes: Bytes) {
    var reader = WireReader(bytes, ByteRange(Self.headerCount, range.end), layer: .stun)
    do throws(WireError) {
      while !reader.isAtEnd {
        let start = reader.offset
        let type = try reader.uint16(bytes, "attribute_header")
        let value = try reader.vector16(bytes, "attribute")
        attributeCount += 1
        if let attribute = Attribute(rawValue: type) {
          try read(attribute, bytes, WireReader(bytes, value, layer: .stun), at: start)
        }
        // Some senders leave the last attribute without its padding.
        _ = try reader.take(min((4 - value.count & 3) & 3, reader.remaining), "attribute_padding")
      }
    } catch {
      fault = error
    }
  }

  private mutating func read(
    _ attribute: Attribute, _ bytes: Bytes, _ value: WireReader, at start: Int
  ) throws(WireError) {
    var value = value
    switch attribute {
    case .mappedAddress, .xorMappedAddress, .oldXORMappedAddress, .xorPeerAddress, .xorRelayedAddress:
      try readAddress(attribute, bytes, &value)
    case .username: username = username ?? value.rest
    case .realm: realm = realm ?? value.rest
    case .software: software = software ?? value.rest
    case .data: data = data ?? value.rest
    case .nonce: hasNonce = true
    case .messageIntegrity, .messageIntegritySHA256: hasMessageIntegrity = true
    case .errorCode: try readError(bytes, &value)
    case .channelNumber: channelNumber = try value.uint16(bytes, "channel_number")
    case .lifetime: lifetime = try value.uint32(bytes, "lifetime")
    case .priority: priority = try value.uint32(bytes, "priority")
    case .useCandidate: nominatesCandidate = true
    case .iceControlled: iceRole = .controlled
    case .iceControlling: iceRole = .controlling
    case .fingerprint: try readFingerprint(bytes, &value, at: start)
    }
  }

  private mutating func readAddress(
    _ attribute: Attribute, _ bytes: Bytes, _ value: inout WireReader
  ) throws(WireError) {
    _ = try value.uint8(bytes, "address")
    let family = try value.uint8(bytes, "address_family")
    let isXORed = attribute != .mappedAddress
    // XOR with the cookie and, for IPv6, the transaction identifier behind it (RFC 8489 §14.2).
    let portMask: UInt16 = isXORed ? 0x2112 : 0
    let port = try value.uint16(bytes, "port") ^ portMask
    let address: IPAddress
    switch family {
    case 1:
      let bits = try value.uint32(bytes, "address")
      address = IPAddress(v4: isXORed ? bits ^ Self.magicCookie : bits)
    case 2:
      let high = try value.uint64(bytes, "address")
      let low = try value.uint64(bytes, "address")
      let mask = UInt64(Self.magicCookie) << 32 | UInt64(transactionMiddle)
      address = IPAddress(
        v6High: isXORed ? high ^ mask : high, low: isXORed ? low ^ transactionLow : low)
    default:
      throw value.invalid("address_family", value: Int(family))
    }
    store(Address(address: address, port: port), attribute)
  }

  private mutating func store(_ address: Address, _ attribute: Attribute) {
    switch attribute {
    case .mappedAddress: mappedAddress = mappedAddress ?? address
    case .xorPeerAddress: peerAddress = peerAddress ?? address
    case .xorRelayedAddress: relayedAddress = relayedAddress ?? address
    default: xorMappedAddress = xorMappedAddress ?? address
    }
  }

  /// ERROR-CODE, RFC 8489 §14.8: a class of 3–6 and a number of 0–99.
  private mutating func readError(_ bytes: Bytes, _ value: inout WireReader) throws(WireError) {
    let code = try value.uint32(bytes, "error_code")
    let hundreds = UInt16(code >> 8 & 7)
    let number = UInt16(code & 0xff)
    guard 3...6 ~= hundreds, number < 100 else {
      throw value.invalid("error_code", value: Int(hundreds) * 100 + Int(number))
    }
    guard errorCode == nil else { return }
    errorCode = hundreds * 100 + number
    errorReason = value.rest
  }

  /// FINGERPRINT, RFC 8489 §14.7: the CRC-32 of the message in front of it, XORed with a constant.
  private mutating func readFingerprint(
    _ bytes: Bytes, _ value: inout WireReader, at start: Int
  ) throws(WireError) {
    let expected = try value.uint32(bytes, "fingerprint")
    guard fingerprint == .absent else { return }
    let checksum = CyclicRedundancyCheck.iso3309.checksum(bytes, count: start) ^ 0x5354_554e
    fingerprint = checksum == expected ? .valid : .wrong
  }
}
