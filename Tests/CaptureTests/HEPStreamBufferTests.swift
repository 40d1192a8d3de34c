import TestCaptures
import Testing

@testable import Capture

@Suite struct HEPStreamBufferTests {
  /// Reads a stream that comes in pieces; the messages, and whether it was broken.
  private func read(_ stream: [UInt8], piece: (Int) -> Int) -> (messages: [[UInt8]], isBroken: Bool) {
    var buffer = HEPStreamBuffer()
    var messages: [[UInt8]] = []
    var offset = 0
    while true {
      switch buffer.next() {
      case .message(let range): messages.append(Array(buffer.bytes[range]))
      case .broken: return (messages, true)
      case .incomplete:
        guard offset < stream.count else { return (messages, false) }
        let count = unsafe buffer.fill { room in
          let count = min(piece(offset), stream.count - offset, room.count)
          for index in 0..<count { unsafe room[index] = stream[offset + index] }
          return count
        }
        #expect(count > 0, "no room at \(offset)")
        offset += count
      }
      #expect(buffer.bytes.count <= 65_536)
    }
  }

  private static func message(_ count: Int, _ seed: Int = 0) -> [UInt8] {
    let filling = (6..<max(6, count)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ seed) }
    return Array("HEP3".utf8) + Mirrored.word(UInt16(count)) + filling
  }

  @Test func `messages are found wherever the stream is cut once`() {
    let messages = [Self.message(40), Self.message(6), Self.message(25, 3)]
    let stream = Array(messages.joined())
    for cut in 1..<stream.count {
      let found = read(stream) { $0 < cut ? cut - $0 : stream.count }
      #expect(found.messages == messages)
      #expect(!found.isBroken)
    }
  }

  @Test(arguments: [1, 2, 5, 1000, 8191, 8192, 8193, 100_000])
  func `messages of all sizes are found in pieces of any size`(piece: Int) {
    let sizes = [6, 100, 8191, 8192, 8193, 20_000, 65_535, 7, 65_535, 8192, 50]
    let messages = sizes.enumerated().map { Self.message($1, $0) }
    let found = read(Array(messages.joined())) { _ in piece }
    #expect(found.messages == messages)
    #expect(!found.isBroken)
  }

  @Test(arguments: ["X", "H", "HE", "HEP", "HEP2", "hep3", "GET / HTTP/1.1\r\n", "HEP3\u{0}\u{5}"])
  func `what is no message breaks the stream behind the messages before it`(garbage: String) {
    let good = Self.message(30)
    let found = read(good + Array(garbage.utf8) + good) { _ in 11 }
    #expect(found.messages == [good])
    #expect(found.isBroken)
  }

  @Test func `the end within a message is known`() {
    var buffer = HEPStreamBuffer()
    #expect(!buffer.isInsideMessage)
    _ = unsafe buffer.fill { room in
      unsafe room[0] = UInt8(ascii: "H")
      return 1
    }
    #expect(buffer.next() == .incomplete)
    #expect(buffer.isInsideMessage)
    let count = unsafe buffer.fill { _ in -11 }
    #expect(count == -11)
    #expect(buffer.next() == .incomplete)
  }
}
