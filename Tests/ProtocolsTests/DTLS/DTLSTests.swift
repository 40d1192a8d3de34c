import Packets
import Testing
import Values

@testable import Protocols

enum DTLSSample {
  static func record(_ content: [UInt8], type: UInt8 = 22, epoch: UInt16 = 0, sequence: UInt64 = 1) -> [UInt8]
  {
    [type, 0xfe, 0xfd] + WireSample.big(UInt64(epoch) << 48 | sequence) + TLSSample.vector16(content)
  }

  static func fragment(
    _ type: UInt8, _ body: [UInt8], sequence: UInt16 = 0, _ part: Range<Int>? = nil
  ) -> [UInt8] {
    let part = part ?? 0..<body.count
    return [type] + WireSample.big(UInt32(body.count)).suffix(3) + WireSample.big(sequence)
      + WireSample.big(UInt32(part.lowerBound)).suffix(3) + TLSSample.vector24(Array(body[part]))
  }

  static let hello = TLSSample.clientHello(
    version: 0xfefd, cookie: [7, 7, 7], ciphers: [0xc02b, 0xc02f],
    extensions: [
      (14, TLSSample.vector16(TLSSample.codes([7, 1])) + [0]), (10, TLSSample.vector16([0, 29])),
    ])
}

struct DTLSTests {
  static func fragments(_ datagram: [UInt8]) throws -> [DTLSHandshakeFragment] {
    var found: [DTLSHandshakeFragment] = []
    var records = DTLSRecords()
    while let record = try records.next(in: datagram.span) {
      var fragments = DTLSHandshakeFragments(record)
      while let fragment = try fragments.next(in: datagram.span) { found.append(fragment) }
    }
    return found
  }

  @Test func `several records share a datagram`() throws {
    let datagram =
      DTLSSample.record(DTLSSample.fragment(14, [], sequence: 3), sequence: 5)
      + DTLSSample.record([1], type: 20, sequence: 6) + DTLSSample.record([9, 9, 9], epoch: 1, sequence: 0)
    var records = DTLSRecords()
    let first = try records.next(in: datagram.span)
    #expect(first?.content == .handshake)
    #expect(first?.sequence == 5)
    #expect(first?.version == 0xfefd)
    #expect(try records.next(in: datagram.span)?.content == .changeCipherSpec)
    #expect(try records.next(in: datagram.span)?.isEncrypted == true)
    #expect(try records.next(in: datagram.span) == nil)
    #expect(try Self.fragments(datagram).count == 1)
  }

  @Test func `the short header of DTLS 1.3 is recognised with and without a length`() throws {
    let sealed = [UInt8](repeating: 0xaa, count: 20)
    for (header, end) in [("2f 1234 0014", 25), ("2a 1234", 23), ("22 12", 22), ("3f 112233", 24)] {
      let datagram = WireSample.hex(header) + sealed
      var records = DTLSRecords()
      let record = try records.next(in: datagram.span)
      #expect(record?.content == .ciphertext)
      #expect(record?.fragment.end == end)
      #expect(record?.isEncrypted == true)
    }
    var records = DTLSRecords()
    #expect(throws: WireError.self) { try records.next(in: WireSample.hex("2f 1234 0002 aabb").span) }
  }

  @Test func `a hello carries cookie and SRTP profiles`() throws {
    let hello = try TLSHelloTests.hello(DTLSSample.hello, isDTLS: true)
    #expect(hello.cookie.count == 3)
    #expect(hello.extensions.srtpProfiles.count == 2)
    #expect(hello.extensions.srtpProfiles.code(0, in: DTLSSample.hello.span) == 7)
    #expect(hello.newestVersion(in: DTLSSample.hello.span) == 0xfefd)
    let server = TLSSample.serverHello(
      version: 0xfefd, cipher: 0xc02b, extensions: [(14, TLSSample.vector16([0, 7]) + [0])])
    let answer = try TLSServerHello(parsing: server.span, body: ByteRange(0, server.count), isDTLS: true)
    #expect(answer.srtpProfile(in: server.span) == 7)
    let request = WireSample.hex("fefd 04 01020304")
    let verify = try DTLSHelloVerifyRequest(parsing: request.span, body: ByteRange(0, 7))
    #expect(verify.version == 0xfefd)
    #expect(verify.cookie == ByteRange(3, 7))
  }

  @Test func `truncated records and fragments name what is missing`() {
    let datagram = DTLSSample.record(DTLSSample.fragment(1, DTLSSample.hello))
    feedTruncations(of: datagram) { bytes, count in
      guard count > 0 else { return }
      var records = DTLSRecords()
      let error = #expect(throws: WireError.self) { try records.next(in: bytes) }
      #expect(error?.field.description == (count < 13 ? "record_header" : "record"))
      #expect(error.map { $0.offset + $0.available } == count)
      let next = try? records.next(in: bytes)
      #expect(next == .some(nil))
    }
  }

  @Test func `a part outside of its message is refused`() throws {
    var part = DTLSSample.fragment(1, DTLSSample.hello, 10..<20)
    part[8] = UInt8(DTLSSample.hello.count - 9)
    let datagram = DTLSSample.record(part)
    let error = #expect(throws: WireError.self) { try Self.fragments(datagram) }
    #expect(error?.field.description == "fragment_offset")
  }

  @Test func `the shortest fragments are walked in linear steps`() throws {
    for count in [1000, 2000, 4000] {
      let fragments = Array(repeatElement(DTLSSample.fragment(14, []), count: count).joined())
      #expect(try Self.fragments(DTLSSample.record(fragments)).count == count)
    }
  }

  @Test func `mutated datagrams never trap`() {
    let body = DTLSSample.hello
    let samples = [
      DTLSSample.record(DTLSSample.fragment(1, body)),
      DTLSSample.record(DTLSSample.fragment(1, body, 0..<40))
        + DTLSSample.record(DTLSSample.fragment(1, body, 30..<body.count)),
      WireSample.hex("2f 1234 0010") + [UInt8](repeating: 1, count: 16),
    ]
    var assembler = DTLSHandshakeAssembler(maximumMessageCount: 4096)
    feedMutations("DTLS", seed: 6347, of: samples) { bytes in
      var records = DTLSRecords()
      while let record = try? records.next(in: bytes) {
        #expect(record.fragment.end <= bytes.count)
        var fragments = DTLSHandshakeFragments(record)
        while let fragment = try? fragments.next(in: bytes) {
          #expect(fragment.data.end <= record.fragment.end)
          if case .assembled(_, let body) = assembler.process(fragment, in: bytes) {
            let buffer = assembler.buffer
            _ = try? TLSClientHello(parsing: buffer.span, body: body, isDTLS: true)
          }
        }
      }
      #expect(assembler.buffer.count <= 4096)
    }
  }
}

struct DTLSHandshakeAssemblerTests {
  static func feed(_ assembler: inout DTLSHandshakeAssembler, _ part: [UInt8]) throws
    -> DTLSHandshakeAssembler.Step
  {
    let datagram = DTLSSample.record(part)
    let fragment = try DTLSTests.fragments(datagram)[0]
    return assembler.process(fragment, in: datagram.span)
  }

  @Test func `every pair of parts in both orders gives the message`() throws {
    let body = DTLSSample.hello
    for cut in 1..<body.count {
      for isReversed in [false, true] {
        var assembler = DTLSHandshakeAssembler()
        // The first part overlaps the second one by up to five bytes.
        let parts = [0..<min(body.count - 1, cut + 5), cut..<body.count]
        for (index, part) in (isReversed ? parts.reversed() : parts).enumerated() {
          let step = try Self.feed(&assembler, DTLSSample.fragment(1, body, part))
          #expect(step == (index == 0 ? .needsMore : .assembled(type: 1, body: ByteRange(0, body.count))))
        }
        #expect(Array(assembler.buffer[..<body.count]) == body)
      }
    }
  }

  @Test func `a whole message stays in the datagram`() throws {
    var assembler = DTLSHandshakeAssembler()
    let step = try Self.feed(&assembler, DTLSSample.fragment(1, DTLSSample.hello))
    #expect(step == .whole(type: 1, body: ByteRange(25, 25 + DTLSSample.hello.count)))
    #expect(assembler.buffer.isEmpty)
  }

  @Test func `two interleaved messages are both put together and a third replaces one`() throws {
    var assembler = DTLSHandshakeAssembler()
    let body = DTLSSample.hello
    for sequence: UInt16 in [1, 2] {
      #expect(
        try Self.feed(&assembler, DTLSSample.fragment(1, body, sequence: sequence, 0..<20)) == .needsMore)
    }
    for sequence: UInt16 in [1, 2] {
      let step = try Self.feed(&assembler, DTLSSample.fragment(1, body, sequence: sequence, 20..<body.count))
      #expect(step == .assembled(type: 1, body: ByteRange(0, body.count)))
      #expect(Array(assembler.buffer[..<body.count]) == body)
    }
    for sequence: UInt16 in [3, 4, 5] {
      _ = try Self.feed(&assembler, DTLSSample.fragment(1, body, sequence: sequence, 0..<20))
    }
    #expect(assembler.replacedMessages == 1)
  }

  @Test func `a repeated part does not count twice and the first bytes stay`() throws {
    var assembler = DTLSHandshakeAssembler()
    let body = DTLSSample.hello
    var changed = body
    changed[3] ^= 0xff
    _ = try Self.feed(&assembler, DTLSSample.fragment(1, body, 0..<20))
    #expect(try Self.feed(&assembler, DTLSSample.fragment(1, changed, 0..<20)) == .needsMore)
    _ = try Self.feed(&assembler, DTLSSample.fragment(1, body, 20..<body.count))
    #expect(Array(assembler.buffer[..<body.count]) == body)
  }

  @Test func `a message over the limit and a far offset take no memory`() throws {
    var assembler = DTLSHandshakeAssembler(maximumMessageCount: 100)
    let long = [UInt8](repeating: 1, count: 101)
    #expect(try Self.feed(&assembler, DTLSSample.fragment(1, long, 0..<50)) == .oversized)
    #expect(try Self.feed(&assembler, DTLSSample.fragment(1, long, 0..<0)) == .oversized)
    #expect(assembler.buffer.isEmpty)
  }
}
