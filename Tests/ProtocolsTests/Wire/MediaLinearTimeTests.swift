import Packets
import Testing
import Values

@testable import Protocols

/// The nastiest inputs of the protocols beside SIP, doubled.
struct MediaLinearTimeTests {
  typealias Input = BinaryLinearTimeTests.Input

  private static func repeated(_ unit: [UInt8], _ count: Int) -> [UInt8] {
    BinaryLinearTimeTests.repeated(unit, count)
  }

  @Sendable private static func readRTCP(_ bytes: Bytes) {
    guard var compound = try? RTCPCompound(parsing: bytes) else { return }
    while let packet = compound.next(in: bytes) { RTCPCompoundTests.readEverything(bytes, packet) }
  }

  /// An RTCP packet of a type around a body of whole words.
  private static func packet(_ type: UInt8, _ body: [UInt8], count: UInt8 = 31) -> [UInt8] {
    [0x80 | count, type] + WireSample.big(UInt16(body.count / 4)) + body
  }

  static let control: [Input] = [
    Input("RTCP: shortest packets") { size in
      repeated([0x80, 0xcb, 0, 0], size)
    } _: {
      readRTCP($0)
    },
    Input("RTCP: reports without their blocks") { size in
      repeated([0x9f, 0xc9, 0, 1, 0, 0, 0, 1], size)
    } _: {
      readRTCP($0)
    },
    Input("RTCP: descriptions of empty items") { size in
      packet(202, [0, 0, 0, 1] + repeated([2, 0], 2 * size))
    } _: {
      readRTCP($0)
    },
    Input("RTCP: descriptions of empty chunks") { size in
      repeated(packet(202, repeated([0, 0, 0, 1, 0, 0, 0, 0], 31)), size / 31)
    } _: {
      readRTCP($0)
    },
    Input("RTCP: empty extended blocks") { size in
      packet(207, [0, 0, 0, 1] + repeated([99, 0, 0, 0], size), count: 0)
    } _: {
      readRTCP($0)
    },
    Input("RTCP: loss runs") { size in
      let head: [UInt8] = [0, 0, 0, 1, 1, 0] + WireSample.big(UInt16(2 + size / 2))
      return packet(207, head + [0, 0, 0, 1, 0, 0, 255, 255] + repeated([0x80, 0], size), count: 0)
    } _: {
      readRTCP($0)
    },
  ]

  private static func stun(_ attributes: [UInt8]) -> [UInt8] {
    let head: [UInt8] = [0, 1] + WireSample.big(UInt16(attributes.count)) + [0x21, 0x12, 0xa4, 0x42]
    return head + [UInt8](repeating: 5, count: 12) + attributes
  }

  @Sendable private static func readSTUN(_ bytes: Bytes) { _ = try? STUNMessage(parsing: bytes) }

  static let negotiation: [Input] = [
    Input("STUN: empty attributes") { size in
      stun(repeated([0x7f, 0, 0, 0], size))
    } _: {
      readSTUN($0)
    },
    Input("STUN: check values") { size in
      stun(repeated([0x80, 0x28, 0, 4, 0, 0, 0, 0], size))
    } _: {
      readSTUN($0)
    },
    Input("STUN: addresses") { size in
      stun(repeated([0, 0x20, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0], size))
    } _: {
      readSTUN($0)
    },
    Input("ZRTP: a long message") { size in
      let head: [UInt8] = [0x10, 0, 0, 1, 0x5a, 0x52, 0x54, 0x50, 0, 0, 0, 1, 0x50, 0x5a]
      let name = WireSample.big(UInt16(size)) + Array("Hello   ".utf8)
      return head + name + [UInt8](repeating: 1, count: 4 * size - 12) + [0, 0, 0, 0]
    } _: {
      _ = try? ZRTPPacket(parsing: $0)
    },
    Input("T.38: recovery packets") { size in
      let count: [UInt8] = [UInt8(0x80 | size >> 8), UInt8(size & 0xff)]
      return [0, 1, 1, 0, 0] + count + repeated([1, 0], size)
    } _: {
      _ = try? UDPTLPacket(parsing: $0)
    },
    Input("RTP: elements of the header extension") { size in
      let head: [UInt8] = [0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xbe, 0xde]
      return head + WireSample.big(UInt16(size)) + repeated([0x10, 1], 2 * size)
    } _: {
      readExtension($0)
    },
    Input("RTP: padding in the header extension") { size in
      let head: [UInt8] = [0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x10, 0]
      return head + WireSample.big(UInt16(size)) + repeated([0, 0, 1, 0], size)
    } _: {
      readExtension($0)
    },
    Input("HEP: empty chunks") { size in
      HEPSample.message(Array(repeating: HEPSample.chunk(99, []), count: size))
    } _: {
      _ = try? HEPMessage(parsing: $0)
    },
    Input("HEP: chunks that are too short") { size in
      HEPSample.message(Array(repeating: HEPSample.chunk(3, [1]), count: size))
    } _: {
      _ = try? HEPMessage(parsing: $0)
    },
  ]

  @Sendable private static func readExtension(_ bytes: Bytes) {
    guard let header = try? RTPHeader(parsing: bytes) else { return }
    var elements = RTPExtensionElements(header)
    while elements.next(in: bytes) != nil {}
  }

  @Test(arguments: control + negotiation)
  func `reading a datagram takes time that is linear in its length`(input: Input) {
    expectLinear(input.name) { size in
      let bytes = input.make(size)
      return Work.steps { input.read(bytes.span) }
    }
  }

  static let mirrored: [String] = [
    "H", "HE", "HEP", "HEP3", "HEP2", "x", "HEP3\0\u{6}", "HEP3\0\u{40}aaaa", "HEP3\0\0",
  ]

  @Test(arguments: mirrored, [1, 13, 1_000_000])
  func `framing a stream of HEP takes time that is linear in its length`(unit: String, chunk: Int) {
    expectLinear("\(unit.debugDescription) in chunks of \(chunk)") { size in
      let bytes = Self.repeated(Array(unit.utf8), size)
      var framer = HEPStreamFramer()
      return Work.steps {
        for start in stride(from: 0, to: bytes.count, by: chunk) {
          var offset = 0
          let part = bytes.span.extracting(start..<min(start + chunk, bytes.count))
          while framer.next(in: part, from: &offset) != nil {}
        }
      }
    }
  }

  /// Frames of a WebSocket: empty and short fragments, masked ones, pings between them, whole messages.
  static let frames: [[UInt8]] = [
    [0, 0], [0, 1, 65], [0, 0x81, 1, 2, 3, 4, 65], [0x89, 0], [0x89, 1, 9, 0, 1, 65], [0, 126, 0, 1, 65],
    [0, 127, 0, 0, 0, 0, 0, 0, 0, 1, 65], [0x80, 0, 1, 0],
  ]

  @Test(arguments: frames, [1, 13, 1_000_000])
  func `framing a WebSocket takes time that is linear in its length`(unit: [UInt8], chunk: Int) {
    expectLinear("\(unit) in chunks of \(chunk)") { size in
      let bytes = [1, 0] + Self.repeated(unit, size)
      var framer = WebSocketFramer()
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        framer.feed(bytes.span.extracting(start..<min(start + chunk, bytes.count))) { _, _ in }
      }
      return framer.workCount
    }
  }

  @Test(arguments: ["a: b\r\n", "x", " \n", ":", "Upgrade: a,,,\r\n", "Sec-WebSocket-Protocol: \"\r\n"])
  func `the head of a WebSocket byte by byte takes time that is linear in its length`(unit: String) {
    expectLinear(unit.debugDescription, size: 100) { size in
      let bytes = Array(("GET / HTTP/1.1\r\n" + String(repeating: unit, count: size)).utf8)
      return Work.steps {
        for count in 1...bytes.count {
          let known = bytes.span.extracting(0..<count)
          guard WebSocketHandshake.mayBeDecided(known, from: count - 1) else { continue }
          guard WebSocketHandshake(known) == .incomplete else { return }
        }
      }
    }
  }

  static let claims: [String] = [
    "\"", "\"\"", "\"a\":", "\"a\" ", "\"orig\":", "\"orig\":{\"tn\":\"1\"},", "1", "1,", "{", "\\", "\"\\\"",
    " ", "\"iat\":1,",
  ]

  @Test(arguments: claims)
  func `reading claims takes time that is linear in their length`(unit: String) {
    expectLinear(unit) { size in
      let bytes = Array(String(repeating: unit, count: size).utf8)
      var claims = JSONClaims(ByteRange(0, bytes.count))
      return Work.steps { while claims.next(in: bytes.span) != nil {} }
    }
  }

  /// Bodies of many parts: near misses of the boundary, headers without end, parts in parts.
  static let parts: [String] = [
    "--\(String(repeating: "b", count: 69))\r\n", "--\r\n", "\r\n",
    "--\(String(repeating: "b", count: 70))\r\n",
    "--\(String(repeating: "b", count: 70))\r\nContent-Type: a\r\n", "Content-Type: ;;;\r\n", "-", "\n--",
  ]

  @Test(arguments: parts)
  func `taking a multipart body apart takes time that is linear in its length`(unit: String) {
    expectLinear(unit) { size in
      let boundary = String(repeating: "b", count: 70)
      let text =
        "MESSAGE sip:x SIP/2.0\r\nContent-Type: multipart/mixed;boundary=\(boundary)\r\n\r\n--\(boundary)\r\n"
      let bytes = Array((text + String(repeating: unit, count: size)).utf8)
      var message = SIPMessage()
      return Work.steps {
        message.parse(bytes.span, transport: .datagram)
        _ = message.sessionDescriptionRange(in: bytes.span)
      }
    }
  }
}
