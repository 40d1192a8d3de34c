public import Events
public import Protocols

/// What one hello of a DTLS handshake, or the certificate of one of its ends, says.
public struct DTLSHello: Sendable {
  /// Which message it is.
  enum Kind: Sendable {
    case client, verifyRequest, server, certificate
  }

  let kind: Kind
  /// The newest version offered, or the one chosen; of a certificate that of its record.
  var version: UInt16
  /// The first SRTP profile offered, or the one chosen (RFC 5764 §4.1.2).
  var srtpProfile: UInt16?
  /// The suite that a server chose.
  var cipherSuite: UInt16?
  /// The host that a client asks for.
  var serverName: [UInt8] = []
  /// Whether a client sends back the cookie of a request to verify.
  var hasCookie: Bool?
  /// Of a server only.
  var ja3s: [UInt8] = []
  /// Of a client only.
  var ja3: [UInt8] = []
  /// Of a client only.
  var ja4: [UInt8] = []

  /// What the certificate says; nil when it cannot be read.
  var certificate: HandshakeCertificate?
  /// The certificate itself.
  var certificateBytes: [UInt8] = []
  /// Whether it is the certificate that a session description announced; nil when none did.
  public private(set) var matchesDescription: Bool?

  /// Whether the profile that was chosen is encrypted: from DTLS 1.3 on (RFC 9147 §5).
  var hidesSRTPProfile: Bool { version == 0xfefc }
  /// Whether it is a certificate.
  public var isCertificate: Bool { kind == .certificate }

  /// Compares a certificate with the one that a session description announced.
  public mutating func compare(with announced: SDPFingerprint) {
    guard isCertificate else { return }
    let own = HandshakeFingerprints.fingerprint(of: certificateBytes, by: announced.function)
    matchesDescription = own == announced
  }

  /// Adds the `dtls` fields to an event.
  public func set(into event: inout Event) {
    switch kind {
    case .client: event.set(.dtlsHandshake, constant: "client_hello")
    case .verifyRequest: event.set(.dtlsHandshake, constant: "hello_verify_request")
    case .server: event.set(.dtlsHandshake, constant: "server_hello")
    case .certificate: event.set(.dtlsHandshake, constant: "certificate")
    }
    event.set(.dtlsVersion, constant: TLSVersion.name(version))
    if let srtpProfile {
      if let name = Self.name(ofProfile: srtpProfile) {
        event.set(.dtlsSRTPProfile, constant: name)
      } else {
        event.set(.dtlsSRTPProfile, copying: "0x" + String(srtpProfile, radix: 16))
      }
    }
    if let cipherSuite { TLSCipherSuite.set(cipherSuite, .dtlsCipher, into: &event) }
    if let hasCookie { event.set(.dtlsCookie, bool: hasCookie) }
    event.set(.dtlsSNI, copying: serverName.span)
    event.set(.dtlsJa3sHash, copying: ja3s.span)
    event.set(.dtlsJA3Hash, copying: ja3.span)
    event.set(.dtlsJA4, copying: ja4.span)
    certificate?.set(.dtls, into: &event)
    if let matchesDescription { event.set(.dtlsMatchesSDP, bool: matchesDescription) }
  }

  /// The registered names, RFC 5764 §4.1.2, RFC 7714 §14.2, RFC 8723 §10.1 and RFC 8269 §6.1.
  private static func name(ofProfile profile: UInt16) -> StaticString? {
    switch profile {
    case 0x0001: "SRTP_AES128_CM_HMAC_SHA1_80"
    case 0x0002: "SRTP_AES128_CM_HMAC_SHA1_32"
    case 0x0005: "SRTP_NULL_HMAC_SHA1_80"
    case 0x0006: "SRTP_NULL_HMAC_SHA1_32"
    case 0x0007: "SRTP_AEAD_AES_128_GCM"
    case 0x0008: "SRTP_AEAD_AES_256_GCM"
    case 0x0009: "DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM"
    case 0x000a: "DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM"
    case 0x000b: "SRTP_ARIA_128_CTR_HMAC_SHA1_80"
    case 0x000c: "SRTP_ARIA_128_CTR_HMAC_SHA1_32"
    case 0x000d: "SRTP_ARIA_256_CTR_HMAC_SHA1_80"
    case 0x000e: "SRTP_ARIA_256_CTR_HMAC_SHA1_32"
    case 0x000f: "SRTP_AEAD_ARIA_128_GCM"
    case 0x0010: "SRTP_AEAD_ARIA_256_GCM"
    default: nil
    }
  }
}
