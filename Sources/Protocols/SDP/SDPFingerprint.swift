public import Packets
internal import Values

/// The digest of a certificate that a description announces (RFC 8122 §5): its function and its first 16 bytes,
/// which nobody can hit with another certificate.
public struct SDPFingerprint: Sendable, Equatable {
  /// The functions that can be compared; others are obsolete or unheard of.
  public enum Function: UInt8, Sendable, CaseIterable {
    case sha1, sha256, sha384, sha512

    /// The name in descriptions.
    var name: String {
      switch self {
      case .sha1: "sha-1"
      case .sha256: "sha-256"
      case .sha384: "sha-384"
      case .sha512: "sha-512"
      }
    }

    /// Bytes of a digest.
    var digestCount: Int {
      switch self {
      case .sha1: 20
      case .sha256: 32
      case .sha384: 48
      case .sha512: 64
      }
    }
  }

  /// The hash function.
  public let function: Function
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  /// The fingerprint with a digest.
  public init(_ function: Function, digest: some Sequence<UInt8>) {
    self.function = function
    for byte in digest.prefix(16) { add(byte) }
  }

  /// The fingerprint of a medium; nil when it has none or several, of which one has to match, or one that
  /// cannot be read.
  public init?(_ medium: SDPMedia, in bytes: Bytes) {
    let (name, digest) = (medium.fingerprintHash.range, medium.fingerprint.range)
    guard medium.fingerprintCount == 1, digest.upperBound <= bytes.count, name.upperBound <= bytes.count,
      let function = Function.allCases.first(where: {
        $0.name.utf8.count == name.count && bytes.spellsIgnoringCase($0.name, at: name.lowerBound)
      }), digest.count == 3 * function.digestCount - 1
    else { return nil }
    self.function = function
    for place in 0..<function.digestCount {
      let start = digest.lowerBound + 3 * place
      guard let upper = Self.digit(bytes[start]), let lower = Self.digit(bytes[start + 1]),
        start + 2 == digest.upperBound || bytes[start + 2] == UInt8(ascii: ":")
      else { return nil }
      if place < 16 { add(upper << 4 | lower) }
    }
  }

  private mutating func add(_ byte: UInt8) {
    high = high << 8 | low >> 56
    low = low << 8 | UInt64(byte)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    if byte &- 0x30 < 10 { return byte &- 0x30 }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }
}
