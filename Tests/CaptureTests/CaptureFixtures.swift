import Capture
import Foundation
import Packets
import Values

/// Keeps what a source gives.
struct FrameCollector: FrameVisitor {
  var frames: [[UInt8]] = []
  var headers: [FrameHeader] = []

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    var bytes: [UInt8] = []
    for index in frame.indices { bytes.append(frame[index]) }
    frames.append(bytes)
    headers.append(header)
  }

  var numbers: [UInt64] { headers.map(\.number) }
  var times: [Int64] { headers.map(\.timestamp.nanoseconds) }
}

/// Everything that can be read from some files, and the errors on the way.
func readAll(_ paths: [String], filter: String? = nil) throws -> (
  found: FrameCollector, errors: [CaptureError]
) {
  var reader = try PcapReader(paths, filter: filter)
  return readAll(&reader)
}

/// Everything that a reader gives, and the errors on the way.
func readAll(_ reader: inout PcapReader) -> (found: FrameCollector, errors: [CaptureError]) {
  var collector = FrameCollector()
  var errors: [CaptureError] = []
  var isDone = false
  while !isDone {
    do throws(CaptureError) {
      isDone = try reader.read(upTo: 3, visitor: &collector) == .ended
    } catch {
      errors.append(error)
    }
  }
  return (collector, errors)
}

/// A folder that is removed at the end of a test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("capture-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func write(_ bytes: [UInt8], as name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }
}

/// Capture files built by hand.
enum CaptureBytes {
  static func number(_ value: Int, _ width: Int, big: Bool) -> [UInt8] {
    let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return big ? little.reversed() : little
  }

  /// A classic pcap file; times are seconds and a fraction in the file's unit.
  static func pcap(
    _ frames: [(seconds: Int, fraction: Int, bytes: [UInt8])], big: Bool = false, nano: Bool = false,
    linkType: Int = 1
  ) -> [UInt8] {
    var file = number(nano ? 0xa1b2_3c4d : 0xa1b2_c3d4, 4, big: big)
    file += number(2, 2, big: big) + number(4, 2, big: big) + number(0, 8, big: big)
    file += number(65_535, 4, big: big) + number(linkType, 4, big: big)
    for frame in frames {
      file += number(frame.seconds, 4, big: big) + number(frame.fraction, 4, big: big)
      file += number(frame.bytes.count, 4, big: big) + number(frame.bytes.count + 1, 4, big: big)
      file += frame.bytes
    }
    return file
  }

  static func block(_ type: Int, _ body: [UInt8], big: Bool = false) -> [UInt8] {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = number(padded.count + 12, 4, big: big)
    return number(type, 4, big: big) + length + padded + length
  }

  static func section(big: Bool = false, major: Int = 1) -> [UInt8] {
    var body = number(0x1a2b_3c4d, 4, big: big) + number(major, 2, big: big) + number(0, 2, big: big)
    body += [UInt8](repeating: 0xff, count: 8)
    return block(0x0a0d_0d0a, body, big: big)
  }

  static func interface(
    linkType: Int = 1, snapLength: Int = 0, resolution: UInt8? = nil, offset: Int? = nil, big: Bool = false
  ) -> [UInt8] {
    var body = number(linkType, 2, big: big) + [0, 0] + number(snapLength, 4, big: big)
    if let resolution { body += number(9, 2, big: big) + number(1, 2, big: big) + [resolution, 0, 0, 0] }
    if let offset { body += number(14, 2, big: big) + number(8, 2, big: big) + number(offset, 8, big: big) }
    return block(1, body, big: big)
  }

  static func packet(_ bytes: [UInt8], ticks: Int, interface: Int = 0, big: Bool = false) -> [UInt8] {
    var body = number(interface, 4, big: big)
    body += number(ticks >> 32, 4, big: big) + number(ticks & 0xffff_ffff, 4, big: big)
    body += number(bytes.count, 4, big: big) + number(bytes.count, 4, big: big)
    return block(6, body + bytes, big: big)
  }
}
