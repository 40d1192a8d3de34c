public import Packets
public import Values

/// A list of 16-bit code points inside a hello: cipher suites, groups, signature schemes, versions.
public struct TLSCodeList: Sendable, Equatable {
  /// Where the list is, without its length.
  public let range: ByteRange

  init(_ range: ByteRange = ByteRange()) {
    self.range = range
  }

  /// Number of whole code points, GREASE included.
  public var count: Int { range.count / 2 }

  /// One code point; nil when the index is not below `count`.
  public func code(_ index: Int, in bytes: Bytes) -> UInt16? {
    Work.count(1)
    let offset = range.start + 2 * index
    guard index >= 0, index < count, offset + 2 <= bytes.count else { return nil }
    return bytes.uint16(at: offset)
  }

  /// Whether a code point is one of the reserved ones that carry no meaning, RFC 8701 §2.
  public static func isGREASE(_ code: UInt16) -> Bool {
    code & 0x0f0f == 0x0a0a && code >> 8 == code & 0xff
  }
}

/// TLS and DTLS protocol versions as one order, RFC 8446 §4.1.2 and RFC 9147 §5.3.
public enum TLSVersion {
  /// A number that grows with the version, 0 for an unknown one: SSL 2.0 is 1, TLS 1.3 is 6; DTLS 1.0 has the
  /// place of TLS 1.1, because it was made from it.
  public static func rank(_ version: UInt16) -> Int {
    switch version {
    case 0x0002: 1
    case 0x0300: 2
    case 0x0301: 3
    case 0x0302, 0xfeff: 4
    case 0x0303, 0xfefd: 5
    case 0x0304, 0xfefc: 6
    default: 0
    }
  }

  /// The version's name as Suricata writes it, `UNDETERMINED` for an unknown one.
  public static func name(_ version: UInt16) -> StaticString {
    switch version {
    case 0x0002: "SSLv2"
    case 0x0300: "SSLv3"
    case 0x0301: "TLSv1"
    case 0x0302: "TLS 1.1"
    case 0x0303: "TLS 1.2"
    case 0x0304: "TLS 1.3"
    case 0xfeff: "DTLS 1.0"
    case 0xfefd: "DTLS 1.2"
    case 0xfefc: "DTLS 1.3"
    default: "UNDETERMINED"
    }
  }
}
