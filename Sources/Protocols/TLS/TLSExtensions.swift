public import Packets
public import Values

/// The extensions of a hello, RFC 8446 §4.2, with those picked out that a monitor needs.
///
/// A repeated extension counts, but the first one wins.
public struct TLSExtensions: Sendable {
  /// All extensions in wire order, without the length in front; empty when the hello has none.
  public internal(set) var list = ByteRange()
  /// Number of extensions that fit, GREASE included.
  public internal(set) var count = 0
  /// The host name of server_name (RFC 6066 §3), as it stands on the wire.
  public internal(set) var serverName: ByteRange?
  /// Whether server_name is there at all.
  public internal(set) var hasServerName = false
  /// The protocol names of ALPN (RFC 7301 §3.1), each behind an 8-bit length.
  public internal(set) var applicationProtocols = ByteRange()
  /// The client's versions, or the one that the server selected.
  public internal(set) var supportedVersions = TLSCodeList()
  /// Named groups, RFC 8446 §4.2.7.
  public internal(set) var supportedGroups = TLSCodeList()
  /// Signature schemes, RFC 8446 §4.2.3.
  public internal(set) var signatureAlgorithms = TLSCodeList()
  /// Point formats, one byte each, RFC 8422 §5.1.2.
  public internal(set) var pointFormats = ByteRange()
  /// SRTP protection profiles of use_srtp, RFC 5764 §4.1.1.
  public internal(set) var srtpProfiles = TLSCodeList()
  /// Whether encrypted_client_hello is there (RFC 9849): the server name is then a cover.
  public internal(set) var hasEncryptedClientHello = false
  /// Whether pre_shared_key is there: a resumption.
  public internal(set) var hasPreSharedKey = false
  /// Whether early_data is there.
  public internal(set) var hasEarlyData = false
  /// The first extension that is cut off or badly formed, or nil; what comes before it is still read.
  public internal(set) var fault: WireError?

  init() {}

  /// Walks the list; `isServer` because a server answers some extensions with one value instead of a list.
  init(_ bytes: Bytes, _ list: ByteRange, layer: WireError.Layer, isServer: Bool) {
    self.list = list
    var walk = TLSExtensionWalk(list, layer: layer)
    do throws(WireError) {
      while let (type, data) = try walk.next(in: bytes) {
        count += 1
        keep(type, bytes, WireReader(bytes, data, layer: layer), isServer: isServer)
      }
    } catch {
      fault = fault ?? error
    }
  }

  /// A fault inside one extension does not hide the ones behind it.
  private mutating func keep(_ type: UInt16, _ bytes: Bytes, _ reader: WireReader, isServer: Bool) {
    var reader = reader
    do throws(WireError) {
      try read(type, bytes, &reader, isServer: isServer)
    } catch {
      fault = fault ?? error
    }
  }

  private mutating func read(
    _ type: UInt16, _ bytes: Bytes, _ reader: inout WireReader, isServer: Bool
  ) throws(WireError) {
    switch type {
    case 0: try readServerName(bytes, &reader)
    case 10 where !isServer:
      supportedGroups = Self.first(supportedGroups, try reader.vector16(bytes, "supported_groups"))
    case 11: pointFormats = Self.first(pointFormats, try reader.vector8(bytes, "point_formats"))
    case 13 where !isServer:
      signatureAlgorithms = Self.first(
        signatureAlgorithms, try reader.vector16(bytes, "signature_algorithms"))
    case 14: srtpProfiles = Self.first(srtpProfiles, try reader.vector16(bytes, "use_srtp"))
    case 16: applicationProtocols = Self.first(applicationProtocols, try reader.vector16(bytes, "alpn"))
    case 41: hasPreSharedKey = true
    case 42: hasEarlyData = true
    case 43:
      let versions =
        isServer
        ? try reader.take(2, "supported_versions") : try reader.vector8(bytes, "supported_versions")
      supportedVersions = Self.first(supportedVersions, versions)
    case 0xfe0d: hasEncryptedClientHello = true
    default: break
    }
  }

  private static func first(_ old: TLSCodeList, _ new: ByteRange) -> TLSCodeList {
    old.range.isEmpty ? TLSCodeList(new) : old
  }

  private static func first(_ old: ByteRange, _ new: ByteRange) -> ByteRange {
    old.isEmpty ? new : old
  }

  /// A server's answer is empty; a client's list has one host name in practice, and the first is taken.
  private mutating func readServerName(_ bytes: Bytes, _ reader: inout WireReader) throws(WireError) {
    let isRepeated = hasServerName
    hasServerName = true
    guard !isRepeated, !reader.isAtEnd else { return }
    var names = WireReader(bytes, try reader.vector16(bytes, "server_name"), layer: reader.layer)
    while !names.isAtEnd {
      let type = try names.uint8(bytes, "server_name")
      let name = try names.vector16(bytes, "server_name")
      if type == 0 {
        serverName = name
        return
      }
    }
  }
}

/// The extensions of a list one after the other.
struct TLSExtensionWalk {
  private var reader: WireReader

  init(_ list: ByteRange, layer: WireError.Layer) {
    reader = WireReader(inside: list, layer: layer)
  }

  mutating func next(in bytes: Bytes) throws(WireError) -> (type: UInt16, data: ByteRange)? {
    guard !reader.isAtEnd else { return nil }
    let type = try reader.uint16(bytes, "extension_header")
    return (type, try reader.vector16(bytes, "extension"))
  }
}

/// The names of an ALPN list one after the other; it stops at a name that does not fit.
public struct TLSApplicationProtocols: Sendable {
  private var reader: WireReader

  /// The names of a hello's ALPN extension.
  public init(_ extensions: TLSExtensions) {
    reader = WireReader(inside: extensions.applicationProtocols, layer: .tls)
  }

  /// Where the next name is, or nil at the end.
  public mutating func next(in bytes: Bytes) -> ByteRange? {
    guard reader.end <= bytes.count, !reader.isAtEnd else { return nil }
    return try? reader.vector8(bytes, "alpn")
  }
}
