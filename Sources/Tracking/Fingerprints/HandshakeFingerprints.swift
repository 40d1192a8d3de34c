internal import Crypto
internal import Packets
internal import Protocols
internal import Values

/// Fingerprints of hellos: JA3 and JA3S are MD5, JA4 holds the beginnings of two SHA-256.
struct HandshakeFingerprints: Sendable {
  private var writer = TLSFingerprintWriter()

  /// The JA3 of a client: 32 hexadecimal digits.
  mutating func ja3(_ hello: TLSClientHello, in bytes: Bytes) -> [UInt8] {
    writer.writeJA3(hello, in: bytes)
    return Self.hexadecimal(Insecure.MD5.hash(data: writer.text), count: 16)
  }

  /// The JA3S of a server: 32 hexadecimal digits.
  mutating func ja3s(_ hello: TLSServerHello, in bytes: Bytes) -> [UInt8] {
    writer.writeJA3S(hello, in: bytes)
    return Self.hexadecimal(Insecure.MD5.hash(data: writer.text), count: 16)
  }

  /// The JA4 of a client: three parts of 10, 12 and 12 characters.
  mutating func ja4(
    _ hello: TLSClientHello, over transport: TLSFingerprintWriter.Transport, in bytes: Bytes
  ) -> [UInt8] {
    let parts = writer.writeJA4(hello, over: transport, in: bytes)
    var text = Array(writer.text[parts.a.range])
    text.append(UInt8(ascii: "_"))
    text += digest(of: parts.b, isEmpty: parts.b.isEmpty)
    text.append(UInt8(ascii: "_"))
    text += digest(of: parts.c, isEmpty: !parts.hasExtensions)
    return text
  }

  /// The SHA-1 of a certificate in pairs of digits with colons, as certificate tools show it.
  static func certificate(_ bytes: Bytes, _ range: ByteRange) -> [UInt8] {
    var certificate: [UInt8] = []
    certificate.append(copying: range, of: bytes)
    let digits = hexadecimal(Insecure.SHA1.hash(data: certificate), count: 20)
    var text: [UInt8] = []
    for index in digits.indices {
      if index > 0, index % 2 == 0 { text.append(UInt8(ascii: ":")) }
      text.append(digits[index])
    }
    return text
  }

  /// The digest of a certificate, as a session description would announce it.
  static func fingerprint(of certificate: [UInt8], by function: SDPFingerprint.Function) -> SDPFingerprint {
    switch function {
    case .sha1: SDPFingerprint(function, digest: Insecure.SHA1.hash(data: certificate))
    case .sha256: SDPFingerprint(function, digest: SHA256.hash(data: certificate))
    case .sha384: SDPFingerprint(function, digest: SHA384.hash(data: certificate))
    case .sha512: SDPFingerprint(function, digest: SHA512.hash(data: certificate))
    }
  }

  private func digest(of part: ByteRange, isEmpty: Bool) -> [UInt8] {
    if isEmpty { return Array(repeating: UInt8(ascii: "0"), count: 12) }
    return Self.hexadecimal(SHA256.hash(data: writer.text[part.range]), count: 6)
  }

  private static func hexadecimal(_ digest: some Sequence<UInt8>, count: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(2 * count)
    for byte in digest.prefix(count) {
      for digit in [byte >> 4, byte & 0xf] { text.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
    return text
  }
}
