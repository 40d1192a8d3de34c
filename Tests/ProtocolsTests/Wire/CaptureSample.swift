import Foundation
import Packets
import Values

/// One transport payload out of a capture.
struct SampleDatagram {
  var source: IPAddress
  var destination: IPAddress
  var sourcePort: UInt16
  var destinationPort: UInt16
  var isTCP: Bool
  var tcpSequence: UInt32
  var payload: [UInt8]

  /// The same for all packets of one direction.
  var flow: String { "\(isTCP ? "tcp" : "udp") \(source) \(sourcePort) \(destination) \(destinationPort)" }
}

/// The captures beside the package, read by a reader that knows just enough for these tests: pcap and
/// pcapng, Ethernet with VLAN, Linux cooked, null and raw IP; no fragments, no tunnels.
enum CaptureSample {
  /// The folder, or nil where the package stands alone.
  static let folder: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.deletingLastPathComponent().appending(path: "shared/captures")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static var isAvailable: Bool { folder != nil }

  /// The captures whose frames tshark finds a protocol in, such as `udp:`, by the list beside them.
  static func names(with protocolName: String) -> [String] {
    guard let folder,
      let list = try? String(contentsOf: folder.appending(path: "index.tsv"), encoding: .utf8)
    else { return [] }
    return list.split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard columns.count > 4, columns[4].contains(protocolName) else { return nil }
      return String(columns[0])
    }
  }

  /// What tshark says of a capture.
  static func truth(_ name: String) -> [String: Any] {
    let file = "truth/" + name.replacing("/", with: "__") + ".json"
    guard let folder, let data = try? Data(contentsOf: folder.appending(path: file)),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return [:] }
    return object
  }

  /// All UDP and TCP payloads of a capture in order.
  static func datagrams(_ name: String) -> [SampleDatagram] {
    guard let folder, let data = try? Data(contentsOf: folder.appending(path: name)) else { return [] }
    return frames([UInt8](data)).compactMap { network($0.link, $0.bytes) }
  }

  private static func frames(_ file: [UInt8]) -> [(link: Int, bytes: ArraySlice<UInt8>)] {
    guard file.count > 28 else { return [] }
    switch file[0..<4] {
    case [0xd4, 0xc3, 0xb2, 0xa1], [0x4d, 0x3c, 0xb2, 0xa1]: return classic(file, isLittle: true)
    case [0xa1, 0xb2, 0xc3, 0xd4]: return classic(file, isLittle: false)
    case [0x0a, 0x0d, 0x0d, 0x0a]: return blocks(file)
    default: return []
    }
  }

  private static func number(_ file: [UInt8], _ offset: Int, _ count: Int, _ isLittle: Bool) -> Int {
    let bytes = file[offset..<offset + count]
    return (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
  }

  private static func classic(_ file: [UInt8], isLittle: Bool) -> [(Int, ArraySlice<UInt8>)] {
    let link = number(file, 20, 4, isLittle) & 0xffff
    var frames: [(Int, ArraySlice<UInt8>)] = []
    var offset = 24
    while offset + 16 <= file.count {
      let count = number(file, offset + 8, 4, isLittle)
      guard offset + 16 + count <= file.count else { break }
      frames.append((link, file[offset + 16..<offset + 16 + count]))
      offset += 16 + count
    }
    return frames
  }

  private static func blocks(_ file: [UInt8]) -> [(Int, ArraySlice<UInt8>)] {
    let isLittle = file[8] == 0x4d
    var links: [Int] = []
    var frames: [(Int, ArraySlice<UInt8>)] = []
    var offset = 0
    while offset + 12 <= file.count {
      let type = number(file, offset, 4, isLittle)
      let count = number(file, offset + 4, 4, isLittle)
      guard count >= 12, offset + count <= file.count else { break }
      if type == 1 { links.append(number(file, offset + 8, 2, isLittle)) }
      if type == 6, count >= 32 {
        let interface = number(file, offset + 8, 4, isLittle)
        let captured = number(file, offset + 20, 4, isLittle)
        frames.append(
          (interface < links.count ? links[interface] : -1, file[offset + 28..<offset + 28 + captured]))
      }
      offset += count
    }
    return frames
  }

  private static func network(_ link: Int, _ frame: ArraySlice<UInt8>) -> SampleDatagram? {
    var rest = frame
    switch link {
    case 0: rest = rest.dropFirst(4)
    case 1:
      rest = rest.dropFirst(12)
      while let high = rest.first, let low = rest.dropFirst().first {
        rest = rest.dropFirst(2)
        guard (high, low) == (0x81, 0) || (high, low) == (0x88, 0xa8) else { break }
        rest = rest.dropFirst(2)
      }
    case 12, 101: break
    case 113: rest = rest.dropFirst(16)
    default: return nil
    }
    let packet = Array(rest)
    guard let first = packet.first else { return nil }
    return first >> 4 == 4 ? version4(packet) : first >> 4 == 6 ? version6(packet) : nil
  }

  private static func version4(_ packet: [UInt8]) -> SampleDatagram? {
    let header = Int(packet[0] & 15) * 4
    guard header >= 20, packet.count >= header, packet.span.uint16(at: 6) & 0x3fff == 0 else { return nil }
    let total = min(packet.count, max(header, Int(packet.span.uint16(at: 2))))
    return transport(
      Array(packet[header..<total]), packet[9], IPAddress(v4: packet.span.uint32(at: 12)),
      IPAddress(v4: packet.span.uint32(at: 16)))
  }

  private static func version6(_ packet: [UInt8]) -> SampleDatagram? {
    guard packet.count >= 40 else { return nil }
    let end = min(packet.count, 40 + Int(packet.span.uint16(at: 4)))
    return transport(
      Array(packet[40..<end]), packet[6],
      IPAddress(v6High: packet.span.uint64(at: 8), low: packet.span.uint64(at: 16)),
      IPAddress(v6High: packet.span.uint64(at: 24), low: packet.span.uint64(at: 32)))
  }

  private static func transport(
    _ segment: [UInt8], _ number: UInt8, _ source: IPAddress, _ destination: IPAddress
  ) -> SampleDatagram? {
    guard number == 6 || number == 17, segment.count >= (number == 6 ? 20 : 8) else { return nil }
    let header = number == 6 ? Int(segment[12] >> 4) * 4 : 8
    var end = segment.count
    if number == 17 { end = min(end, max(8, Int(segment.span.uint16(at: 4)))) }
    guard header <= end else { return nil }
    return SampleDatagram(
      source: source, destination: destination, sourcePort: segment.span.uint16(at: 0),
      destinationPort: segment.span.uint16(at: 2), isTCP: number == 6,
      tcpSequence: number == 6 ? segment.span.uint32(at: 4) : 0, payload: Array(segment[header..<end]))
  }
}
