public import Packets
public import Values

/// A ClientHello of TLS (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2) or DTLS (RFC 9147 §5.3): ranges, no copies.
public struct TLSClientHello: Sendable {
  /// Whether it came in DTLS, which adds a cookie.
  public let isDTLS: Bool
  /// The version field; with TLS 1.3 it says 1.2, and `newestVersion` tells the truth.
  public let legacyVersion: UInt16
  /// 32 random bytes.
  public let random: ByteRange
  /// Session identifier.
  public let sessionID: ByteRange
  /// The cookie of HelloVerifyRequest sent back; empty in TLS.
  public let cookie: ByteRange
  /// Cipher suites in the client's order.
  public let cipherSuites: TLSCodeList
  /// Compression methods, one byte each.
  public let compressionMethods: ByteRange
  /// The extensions.
  public let extensions: TLSExtensions

  /// Parses the body of a handshake message of type 1.
  ///
  /// - Parameters:
  ///   - bytes: What holds the message: a reassembled buffer or a datagram.
  ///   - body: Where the body is in it, without the handshake header.
  /// - Throws: `WireError` when it ends before the compression methods do; faults of extensions are kept in
  ///   `extensions.fault`.
  public init(parsing bytes: Bytes, body: ByteRange, isDTLS: Bool = false) throws(WireError) {
    let layer: WireError.Layer = isDTLS ? .dtls : .tls
    var reader = WireReader(bytes, body, layer: layer)
    self.isDTLS = isDTLS
    legacyVersion = try reader.uint16(bytes, "client_version")
    random = try reader.take(32, "client_random")
    sessionID = try reader.vector8(bytes, "session_id")
    cookie = isDTLS ? try reader.vector8(bytes, "cookie") : ByteRange(reader.offset, reader.offset)
    cipherSuites = TLSCodeList(try reader.vector16(bytes, "cipher_suites"))
    compressionMethods = try reader.vector8(bytes, "compression_methods")
    extensions = try TLSExtensions.behindHello(&reader, bytes, isServer: false)
  }

  /// The newest version offered: of supported_versions, GREASE left out, else the version field.
  public func newestVersion(in bytes: Bytes) -> UInt16 {
    var newest: UInt16 = 0
    for index in 0..<extensions.supportedVersions.count {
      guard let version = extensions.supportedVersions.code(index, in: bytes) else { break }
      if !TLSCodeList.isGREASE(version), TLSVersion.rank(version) > TLSVersion.rank(newest) {
        newest = version
      }
    }
    return newest == 0 ? legacyVersion : newest
  }
}

/// A ServerHello of TLS (RFC 8446 §4.1.3) or DTLS.
public struct TLSServerHello: Sendable {
  /// The version field; `version` tells the truth.
  public let legacyVersion: UInt16
  /// 32 random bytes.
  public let random: ByteRange
  /// Session identifier.
  public let sessionID: ByteRange
  /// The cipher suite chosen.
  public let cipherSuite: UInt16
  /// The extensions.
  public let extensions: TLSExtensions
  /// The version chosen: of supported_versions, else the version field.
  public let version: UInt16
  /// Whether this asks for another ClientHello (RFC 8446 §4.1.4).
  public let isHelloRetryRequest: Bool

  /// Parses the body of a handshake message of type 2.
  ///
  /// - Parameters:
  ///   - bytes: What holds the message: a reassembled buffer or a datagram.
  ///   - body: Where the body is in it, without the handshake header.
  /// - Throws: `WireError` when it ends before the compression method does.
  public init(parsing bytes: Bytes, body: ByteRange, isDTLS: Bool = false) throws(WireError) {
    var reader = WireReader(bytes, body, layer: isDTLS ? .dtls : .tls)
    legacyVersion = try reader.uint16(bytes, "server_version")
    random = try reader.take(32, "server_random")
    sessionID = try reader.vector8(bytes, "session_id")
    cipherSuite = try reader.uint16(bytes, "cipher_suite")
    _ = try reader.uint8(bytes, "compression_method")
    extensions = try TLSExtensions.behindHello(&reader, bytes, isServer: true)
    version = extensions.supportedVersions.code(0, in: bytes) ?? legacyVersion
    // The first and last eight bytes of the SHA-256 of “HelloRetryRequest” are distinctive enough.
    isHelloRetryRequest =
      bytes.uint64(at: random.start) == 0xcf21_ad74_e59a_6111
      && bytes.uint64(at: random.end - 8) == 0x079e_09e2_c8a8_339c
  }

  /// The SRTP profile that the server chose, RFC 5764 §4.1.2; nil without use_srtp.
  public func srtpProfile(in bytes: Bytes) -> UInt16? {
    extensions.srtpProfiles.code(0, in: bytes)
  }
}

extension TLSExtensions {
  /// The extensions block at the end of a hello; before TLS 1.2 it may be missing.
  fileprivate static func behindHello(
    _ reader: inout WireReader, _ bytes: Bytes, isServer: Bool
  ) throws(WireError) -> TLSExtensions {
    guard !reader.isAtEnd else { return TLSExtensions() }
    let length = Int(try reader.uint16(bytes, "extensions"))
    let list = ByteRange(reader.offset, reader.offset + min(length, reader.remaining))
    var extensions = TLSExtensions(bytes, list, layer: reader.layer, isServer: isServer)
    if length > reader.remaining {
      extensions.fault = extensions.fault ?? reader.truncated("extensions", needed: length)
    }
    return extensions
  }
}
