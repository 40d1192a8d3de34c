import Packets
import Protocols
import Testing

struct WebSocketTests {
  private struct Delivered: Equatable {
    var messages: [String] = []
    var kinds: [WebSocketMessageKind] = []
    var controls = 0
    var dropped = 0
    var isClosed = false
    var isBroken = false
  }

  private func frame(
    _ payload: [UInt8], opcode: UInt8 = 1, isFinal: Bool = true, mask: [UInt8] = [], longLength: Bool = false
  ) -> [UInt8] {
    var bytes = [(isFinal ? 0x80 : 0) | opcode]
    let maskBit: UInt8 = mask.isEmpty ? 0 : 0x80
    if longLength || payload.count > 65_535 {
      bytes.append(maskBit | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
      }
    } else if payload.count > 125 {
      bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    } else {
      bytes.append(maskBit | UInt8(payload.count))
    }
    bytes += mask
    for (index, byte) in payload.enumerated() { bytes.append(mask.isEmpty ? byte : byte ^ mask[index % 4]) }
    return bytes
  }

  private func feed(_ chunks: [[UInt8]], limit: Int = 262_144) -> Delivered {
    var framer = WebSocketFramer(maximumLength: limit)
    var result = Delivered()
    for chunk in chunks {
      framer.feed(chunk.span) { bytes, kind in
        var text: [UInt8] = []
        for index in bytes.indices { text.append(bytes[index]) }
        result.messages.append(String(decoding: text, as: UTF8.self))
        result.kinds.append(kind)
      }
    }
    (result.controls, result.dropped) = (framer.controlCount, framer.droppedCount)
    (result.isClosed, result.isBroken) = (framer.isClosed, framer.isBroken)
    return result
  }

  /// The examples of RFC 6455 §5.7, and what they spell.
  @Test(
    arguments: [
      [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f],
      [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
      [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f],
      [0x01, 0x03, 0x48, 0x65, 0x6c, 0x89, 0x05, 1, 2, 3, 4, 5, 0x80, 0x02, 0x6c, 0x6f],
    ] as [[UInt8]])
  func `the examples of the RFC spell Hello`(bytes: [UInt8]) {
    #expect(feed([bytes]).messages == ["Hello"])
    #expect(feed(bytes.map { [$0] }).messages == ["Hello"])
  }

  @Test
  func `every cut of a stream of frames gives the same messages`() {
    let sip = Array("OPTIONS sip:x SIP/2.0\r\n\r\n".utf8)
    let long = Array(String(repeating: "long ", count: 60).utf8)
    let mask: [UInt8] = [1, 2, 3, 4]
    let stream =
      frame(sip, mask: mask) + frame([1, 2], opcode: 9) + frame(long, opcode: 2) + frame([], mask: mask)
      + frame(Array(long.prefix(100)), isFinal: false, mask: mask) + frame([], opcode: 10, mask: mask)
      + frame(Array(long.suffix(200)), opcode: 0, mask: mask) + frame(sip, longLength: true)
      + frame([3, 0xe8], opcode: 8) + frame(sip)
    let whole = feed([stream])
    #expect(whole.messages.count == 5)
    #expect(whole.messages[3] == whole.messages[1])
    #expect(whole.messages[2] == "")
    #expect(whole.kinds == [.text, .binary, .text, .text, .text])
    #expect(whole.controls == 3)
    #expect(whole.isClosed)
    #expect(!whole.isBroken)
    for cut in 0...stream.count {
      #expect(feed([Array(stream[..<cut]), Array(stream[cut...])]) == whole)
    }
  }

  @Test
  func `a message above the limit is passed over and the next one read`() {
    let result = feed([frame(Array(repeating: 0x61, count: 200)) + frame([0x62])], limit: 100)
    #expect(result.messages == ["b"])
    #expect(result.dropped == 1)
    let masked = feed(
      [frame(Array(repeating: 0x61, count: 200), mask: [1, 2, 3, 4]) + frame([0x62])], limit: 100)
    #expect(masked.messages == ["b"])
    #expect(masked.dropped == 1)
  }

  @Test(
    arguments: [
      [0xc1, 0x00], [0x83, 0x00], [0x80, 0x00], [0x09, 0x00], [0x89, 0x7e, 0x00, 0x80],
      [0x01, 0x00, 0x01, 0x00], [0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]])
  func `bytes that are no frames end the stream`(bytes: [UInt8]) {
    let result = feed([bytes + frame([0x61])])
    #expect(result.isBroken)
    #expect(result.messages.isEmpty)
  }

  @Test
  func `a gap within a payload costs that message only`() {
    var framer = WebSocketFramer()
    let first = frame(Array(repeating: 0x61, count: 50), mask: [9, 8, 7, 6])
    var messages = 0
    framer.feed(Array(first[..<20]).span) { _, _ in messages += 1 }
    framer.gap(byteCount: 10)
    framer.feed((Array(first[30...]) + frame([0x62])).span) { _, _ in messages += 1 }
    #expect(messages == 1)
    #expect(framer.droppedCount == 1)
    framer.gap(byteCount: 1)
    #expect(framer.isBroken)
  }

  private func handshake(_ text: String) -> WebSocketHandshake {
    let bytes = Array(text.utf8)
    return WebSocketHandshake(bytes.span)
  }

  @Test
  func `handshakes for SIP are recognised on both sides`() {
    let request =
      "GET / HTTP/1.1\r\nHost: sip-ws.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat, sip\r\n\r\n"
    let response =
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nsec-websocket-protocol: sip\r\n\r\n"
    #expect(handshake(request) == .upgrade(length: request.utf8.count, isResponse: false, isSIP: true))
    #expect(handshake(response + "x") == .upgrade(length: response.utf8.count, isResponse: true, isSIP: true))
    for length in 0..<request.utf8.count {
      let cut = String(decoding: request.utf8.prefix(length), as: UTF8.self)
      #expect(handshake(cut) == .incomplete)
    }
    let chat = request.replacing("chat, sip", with: "chat")
    #expect(handshake(chat) == .upgrade(length: chat.utf8.count, isResponse: false, isSIP: false))
    for text in [
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "INVITE sip:x SIP/2.0\r\n", "POST",
    ] {
      #expect(handshake(text) == .other)
    }
    #expect(handshake("GET /" + String(repeating: "x", count: 20_000)) == .other)
  }
}
