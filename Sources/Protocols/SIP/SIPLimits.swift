/// Sizes above which the parser raises a fault; it goes on parsing all the same.
///
/// The defaults leave the longest legal message of RFC 4475 in peace.
public struct SIPLimits: Sendable, Equatable {
  /// Longest method in bytes.
  public var method = 64
  /// Longest Request-URI in bytes.
  public var requestURI = 512
  /// Longest Call-ID in bytes.
  public var callID = 256
  /// Longest From in bytes.
  public var from = 1024
  /// Longest To in bytes.
  public var to = 1024
  /// Longest single Via line in bytes.
  public var via = 1024
  /// Longest single Contact line in bytes.
  public var contact = 1024
  /// Longest Content-Type in bytes.
  public var contentType = 256
  /// Longest value of any other header in bytes.
  public var headerValue = 8192
  /// Longest header name in bytes.
  public var headerName = 128
  /// Largest Content-Length in bytes.
  public var contentLength = 65_536
  /// Most header lines that are kept; further ones are counted only.
  public var headerCount = 256

  /// The defaults.
  public init() {}
}
