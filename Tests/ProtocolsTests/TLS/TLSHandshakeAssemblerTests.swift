import Packets
import Testing
import Values

@testable import Protocols

struct TLSHandshakeAssemblerTests {
  /// A hello over two records, two messages in one record, an alert, then the cipher changes.
  static let stream: [UInt8] = {
    let hello = TLSSample.handshake(1, TLSSample.browser)
    let certificate = TLSSample.handshake(11, TLSSample.vector24(TLSSample.vector24(TLSSample.certificate())))
    return TLSSample.record(22, Array(hello[..<3])) + TLSSample.record(22, Array(hello[3...]))
      + TLSSample.record(22, []) + TLSSample.record(22, certificate + TLSSample.handshake(14, []))
      + TLSSample.record(21, [1, 0]) + TLSSample.record(20, [1]) + TLSSample.record(22, [9, 9, 9, 9])
  }()

  /// Types and body lengths of all messages when the stream comes in the given chunks.
  static func messages(_ chunks: [[UInt8]], limit: Int = 65_536) -> ([String], TLSHandshakeAssembler.Step) {
    var assembler = TLSHandshakeAssembler(maximumMessageCount: limit)
    var found: [String] = []
    var last = TLSHandshakeAssembler.Step.needsMore
    for chunk in chunks {
      var offset = 0
      while true {
        last = assembler.next(in: chunk.span, from: &offset)
        guard case .message(let type, let body) = last else { break }
        let sum = assembler.buffer[body.range].reduce(0) { $0 &* 31 &+ Int($1) }
        found.append("\(type) \(body.count) \(sum)")
      }
    }
    return (found, last)
  }

  @Test func `messages are given whole until the cipher changes`() throws {
    let (found, last) = Self.messages([Self.stream])
    #expect(found.map { $0.prefix(2) } == ["1 ", "11", "14"])
    #expect(last == .ended(.encrypted))
    var assembler = TLSHandshakeAssembler()
    var offset = 0
    guard case .message(1, let body) = assembler.next(in: Self.stream.span, from: &offset) else {
      Issue.record("no hello")
      return
    }
    let hello = try TLSClientHello(parsing: assembler.buffer.span, body: body)
    #expect(TLSHelloTests.text(assembler.buffer, hello.extensions.serverName) == "example.com")
    #expect(assembler.recordVersion == 0x0303)
  }

  @Test func `every split of the stream gives the same messages`() {
    let whole = Self.messages([Self.stream])
    for split in 0...Self.stream.count {
      let parts = Self.messages([Array(Self.stream[..<split]), Array(Self.stream[split...])])
      #expect(parts == whole)
    }
    #expect(Self.messages(Self.stream.map { [$0] }) == whole)
  }

  @Test func `an alert is kept`() {
    var assembler = TLSHandshakeAssembler()
    var offset = 0
    let bytes = TLSSample.record(21, [2, 40])
    #expect(assembler.next(in: bytes.span, from: &offset) == .needsMore)
    #expect(assembler.alert?.level == 2)
    #expect(assembler.alert?.description == 40)
  }

  @Test func `other protocols and oversized messages end the direction`() {
    for text in ["GET / HTTP/1.1\r\n", "INVITE sip:a@b SIP/2.0\r\n"] {
      guard case .ended(.invalid(let error)) = Self.messages([Array(text.utf8)]).1 else {
        Issue.record("\(text) was taken for TLS")
        continue
      }
      #expect(error.field.description == "record_header")
    }
    let long = TLSSample.record(22, TLSSample.handshake(1, [UInt8](repeating: 0, count: 300)))
    guard case .ended(.invalid(let error)) = Self.messages([long], limit: 299).1 else {
      Issue.record("an oversized message was put together")
      return
    }
    #expect(error.fault == .oversized)
    #expect(error.needed == 300)
    guard case .ended(.invalid(let record)) = Self.messages([[22, 3, 3, 0xff, 0xff]]).1 else {
      Issue.record("an oversized record was taken")
      return
    }
    #expect(record.field.description == "record")
  }

  @Test func `the buffer stays within a message and a record`() {
    var assembler = TLSHandshakeAssembler(maximumMessageCount: 1000)
    let record = TLSSample.record(22, Array(repeatElement(TLSSample.handshake(0, []), count: 4000).joined()))
    var count = 0
    for _ in 0..<50 {
      var offset = 0
      while case .message = assembler.next(in: record.span, from: &offset) { count += 1 }
    }
    #expect(count == 50 * 4000)
    #expect(assembler.buffer.count <= 16_004)
  }

  @Test func `reset makes it ready for another stream`() {
    var assembler = TLSHandshakeAssembler()
    for _ in 0..<2 {
      var offset = 0
      guard case .message(1, _) = assembler.next(in: Self.stream.span, from: &offset) else {
        Issue.record("no hello")
        return
      }
      assembler.reset()
    }
  }

  @Test func `the start of a stream is recognised`() {
    #expect(TLSHandshakeAssembler.isPlausibleStart(Self.stream.span) == true)
    #expect(TLSHandshakeAssembler.isPlausibleStart(Array("INVITE".utf8).span) == false)
    #expect(TLSHandshakeAssembler.isPlausibleStart(Array(Self.stream[..<5]).span) == false)
  }

  @Test func `mutated streams never trap`() {
    feedMutations("TLS stream", seed: 5246, of: [Self.stream, TLSSample.record(21, [1, 0])]) { bytes in
      var assembler = TLSHandshakeAssembler()
      var offset = 0
      var steps = 0
      while case .message(let type, let body) = assembler.next(in: bytes, from: &offset) {
        steps += 1
        let buffer = assembler.buffer
        if type == 1 { _ = try? TLSClientHello(parsing: buffer.span, body: body) }
      }
      #expect(steps <= bytes.count / 4 + 1)
    }
  }
}
