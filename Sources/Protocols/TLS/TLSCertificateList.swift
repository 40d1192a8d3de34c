public import Packets
public import Values

/// The certificates of a Certificate message up to TLS 1.2 (RFC 5246 §7.4.2), the sender's own first.
public struct TLSCertificateList: Sendable {
  private var reader: WireReader

  /// Opens the body of a handshake message of type 11.
  ///
  /// - Throws: `WireError` when the list is cut off.
  public init(parsing bytes: Bytes, body: ByteRange, isDTLS: Bool = false) throws(WireError) {
    var outer = WireReader(bytes, body, layer: isDTLS ? .dtls : .tls)
    reader = WireReader(bytes, try outer.vector24(bytes, "certificate_list"), layer: outer.layer)
  }

  /// Where the next certificate is, or nil at the end.
  ///
  /// - Throws: `WireError` when a certificate is cut off; nothing follows then.
  public mutating func next(in bytes: Bytes) throws(WireError) -> ByteRange? {
    guard !reader.isAtEnd, reader.end <= bytes.count else { return nil }
    do throws(WireError) {
      return try reader.vector24(bytes, "certificate")
    } catch {
      _ = try? reader.take(reader.remaining, "certificate")
      throw error
    }
  }
}
