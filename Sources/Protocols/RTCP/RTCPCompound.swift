public import Packets
internal import Values

/// The packets of one RTCP datagram, RFC 3550 §6.1; a reduced-size one may begin with any type (RFC 5506).
///
/// The chain of lengths is walked once at the start, so an encrypted SRTCP body is recognised before
/// anything in it is taken for a report.
public struct RTCPCompound: Sendable {
  /// Whether the datagram is SRTCP (RFC 3711 §3.4), as far as its bytes tell.
  public enum Protection: UInt8, Sendable {
    /// The packets fill the datagram exactly.
    case none
    /// Readable packets, then an SRTCP index whose E bit is clear, and an authentication tag.
    case authenticated
    /// Only the first header and SSRC are readable: `next` gives nothing.
    case encrypted
  }

  /// Whether the datagram is SRTCP.
  public let protection: Protection
  /// Number of readable packets.
  public let packetCount: Int
  /// Type of the first packet, 192–223; readable in SRTCP too.
  public let firstType: UInt8
  /// SSRC of the first packet, readable in SRTCP too; nil when its body is empty.
  public let senderSSRC: UInt32?
  /// Why the packets end before the datagram does, or nil; the packets before the fault are still given.
  public let fault: WireError?
  private var offset = 0
  private let end: Int

  /// Walks the lengths of a datagram.
  ///
  /// - Throws: `WireError` when not even the first packet fits.
  public init(parsing bytes: Bytes) throws(WireError) {
    let first = try RTCPPacket.readable(bytes)
    firstType = first.type
    senderSSRC = bytes.count >= 8 ? bytes.uint32(at: 4) : nil
    var count = 0
    var walked = 0
    var stop: WireError?
    while walked < bytes.count {
      do throws(WireError) {
        walked = try RTCPPacket(parsing: bytes, at: walked).range.end
        count += 1
      } catch {
        stop = error
        break
      }
    }
    let protection = stop == nil ? Protection.none : Self.protection(bytes, afterPackets: walked)
    self.protection = protection
    packetCount = protection == .encrypted ? 0 : count
    end = protection == .encrypted ? 0 : walked
    fault = protection == .none ? stop : nil
  }

  /// Looks for the SRTCP index: in front of a tag of 10 or 4 bytes, or at the very end (AEAD, RFC 7714 §9).
  private static func protection(_ bytes: Bytes, afterPackets walked: Int) -> Protection {
    if index(bytes, fromEnd: 14, isEncrypted: true) || index(bytes, fromEnd: 8, isEncrypted: true)
      || index(bytes, fromEnd: 4, isEncrypted: true)
    {
      return .encrypted
    }
    let rest = bytes.count - walked
    guard walked > 0, rest == 14 || rest == 8 else { return .none }
    return index(bytes, fromEnd: rest, isEncrypted: false) ? .authenticated : .none
  }

  /// Whether an SRTCP index stands there. It counts packets at a few a second, so four million take weeks.
  private static func index(_ bytes: Bytes, fromEnd distance: Int, isEncrypted: Bool) -> Bool {
    guard bytes.count >= 8 + distance else { return false }
    return bytes.uint32(at: bytes.count - distance) >> 22 == (isEncrypted ? 0x200 : 0)
  }

  /// The next readable packet, or nil at the end; `bytes` are those that were parsed.
  public mutating func next(in bytes: Bytes) -> RTCPPacket? {
    guard offset < end, let packet = try? RTCPPacket(parsing: bytes, at: offset) else { return nil }
    offset = packet.range.end
    return packet
  }
}

extension RTCPPacket {
  /// The first packet's fixed part: its padding is not looked at, because SRTCP encrypts it.
  fileprivate static func readable(_ bytes: Bytes) throws(WireError) -> (type: UInt8, end: Int) {
    var reader = WireReader(bytes, layer: .rtcp)
    guard bytes.count >= 4 else { throw reader.truncated("packet_header", needed: 4) }
    guard bytes[0] & 0xc0 == 0x80 else { throw reader.invalid("version", value: Int(bytes[0] >> 6)) }
    let type = bytes[1]
    guard 192...223 ~= type else { throw reader.invalid("packet_type", value: Int(type)) }
    let range = try reader.take(4 + 4 * Int(bytes.uint16(at: 2)), "packet")
    return (type, range.end)
  }
}
