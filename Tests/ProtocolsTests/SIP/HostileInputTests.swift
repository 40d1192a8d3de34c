import Packets
import Protocols
import Testing
import Values

/// No bytes may trap, and every range that comes out must lie inside the message.
struct HostileInputTests {
  /// Reads everything that a message offers; a trap or a range outside of the bytes fails the test.
  private func exercise(
    _ bytes: [UInt8], _ message: inout SIPMessage, _ description: inout SessionDescription
  ) -> Bool {
    var isInside = true
    func check(_ range: ByteRange) {
      isInside = isInside && range.start <= range.end && range.end <= bytes.count
    }
    let span = bytes.span
    let transport: SIPTransport = bytes.count & 1 == 0 ? .datagram : .stream
    if message.parse(span, transport: transport, isCaptureTruncated: bytes.count % 3 == 0) == .message {
      checkRanges(message, check)
      for header in message.headers {
        check(header.nameRange)
        check(header.value)
      }
      for name in message.presentHeaders where name != .other {
        message.forEachValue(of: name, in: span, check)
        if let address = message.address(name, in: span) { checkAddress(address, check) }
      }
      if let credentials = message.credentials(in: span) ?? message.challenge(in: span) {
        for range in [credentials.username, credentials.realm, credentials.uri, credentials.qop] {
          check(range)
        }
      }
      if let reason = message.reason(in: span) { check(reason.text) }
      if let replaces = message.replaces(in: span) { check(replaces.callID) }
      if let session = message.sessionID(in: span) { check(session.remote) }
      if let warning = message.warning(in: span) { check(warning.text) }
      _ = (message.rack(in: span), message.rseq(in: span), message.retryAfter(in: span))
      var passport = PASSporT()
      if let identity = message.value(.identity) { _ = passport.parse(span, identity) }
      if let range = message.sessionDescriptionRange(in: span) {
        check(range)
        description.parse(span, range, isCut: message.isCut(range))
      }
    }
    return isInside
  }

  private func checkRanges(_ message: borrowing SIPMessage, _ check: (ByteRange) -> Void) {
    let line = message.startLine
    for range in [line.range, line.methodRange, line.version, line.reason, message.callID, message.body] {
      check(range)
    }
    for range in [message.headerSection, message.remainder, message.contentType, message.mediaType] {
      check(range)
    }
    for range in [message.userAgent, message.cseq.methodRange, message.via.range, message.via.host] {
      check(range)
    }
    for range in [message.via.branch, message.via.received, message.via.transportRange] { check(range) }
    checkURI(line.uri, check)
    for address in [message.from, message.to, message.contact] { checkAddress(address, check) }
  }

  private func checkAddress(_ address: SIPAddress, _ check: (ByteRange) -> Void) {
    for range in [address.range, address.displayName, address.parameters, address.tag, address.expires] {
      check(range)
    }
    checkURI(address.uri, check)
  }

  private func checkURI(_ uri: SIPURI, _ check: (ByteRange) -> Void) {
    for range in [uri.range, uri.schemeRange, uri.user, uri.host, uri.parameters, uri.headers] {
      check(range)
    }
  }

  private static let passport =
    "Identity: eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiIsIng1dSI6Imh0dHBzOi8vYy5leGFtcGxlL2EucGVtIn0"
    + ".eyJhdHRlc3QiOiJBIiwiZGVzdCI6eyJ0biI6WyIxMjE1NTU1MTIxMiJdfSwiaWF0IjoxNDQzMjA4MzQ1LCJvcmlnIjp7InRuIjoiMTIxNTU1NTEyMTIifX0"
    + ".c2lnbmF0dXJl;info=<https://c.example/a.pem>;alg=ES256"

  /// Messages that between them reach every parser.
  static var seeds: [[UInt8]] {
    let description =
      "v=0\r\no=- 1 2 IN IP6 ::1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=group:BUNDLE a\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
      + "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 x=1\r\na=rtcp:9 IN IP4 1.2.3.4\r\na=setup:active\r\na=mid:a\r\n"
      + "a=fingerprint:sha-256 AA\r\na=crypto:1 AES inline:x\r\na=candidate:1 1 UDP 1 192.0.2.1 1 typ host\r\n"
    let part = "--b\r\nContent-Type: application/sdp\r\n\r\n\(description)\r\n--b--\r\n"
    let multipart = ExampleMessages.request("INVITE", extra: [passport, "c: multipart/mixed;boundary=\"b\""])
      .dropLast()
    let response = [
      "SIP/2.0 401 Unauthorized",
      "v: SIP / 2.0 / TCP [2001:db8::1]:5060 ; received=[::1];branch=z9hG4bK1,SIP/2.0/UDP h",
      "f: \"A\\\"b\" <sips:a%41:p@[2001:db8::10:5070]:5061;x=y?z=1>;tag=1", "t: tel:+1;tag=2;q", "i: x",
      "CSeq: 1 INVITE",
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", stale=TRUE, Digest realm=\"s\"",
      "Warning: 399 h \"t\", 1 x",
      "RSeq: 1", "Retry-After: 5 (busy);duration=1", "m: *", "Date: Sat, 13 Nov 2010 23:29:00 GMT", "l: 3",
    ]
    return [
      ExampleMessages.richInviteBytes,
      Array((multipart.joined(separator: "\r\n") + "\r\n\r\n" + part).utf8),
      Array((response.joined(separator: "\r\n") + "\r\n\r\nabc\r\nBYE sip:x SIP/2.0\r\n\r\n").utf8),
    ]
  }

  @Test
  func `every truncation of a rich message is read without harm`() {
    var message = SIPMessage()
    var description = SessionDescription()
    for seed in Self.seeds {
      for length in 0...seed.count {
        if !exercise(Array(seed.prefix(length)), &message, &description) { Issue.record("cut at \(length)") }
      }
    }
  }

  @Test
  func `a truncated rich INVITE keeps the fields that came before the cut`() {
    let bytes = ExampleMessages.richInviteBytes
    let whole = ParsedMessage(bytes)
    for length in whole.message.startLine.range.end..<bytes.count {
      let cut = ParsedMessage(Array(bytes.prefix(length)))
      #expect(cut.message.method == .invite)
      if length > whole.message.via.range.end { #expect(cut.message.via == whole.message.via) }
      if length > whole.message.from.range.end { #expect(cut.message.from == whole.message.from) }
      if length > whole.message.callID.end { #expect(cut.message.callID == whole.message.callID) }
    }
  }

  /// Bytes that mean something somewhere in the grammar, so that mutations reach deep.
  private static let telling =
    Array("<>\"\\;,=:@?%[]*/ \r\n\t\0(){}0919-+.&~\u{7f}".utf8) + [0x80, 0xc3, 0xff]

  private func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    for _ in 0...Int.random(in: 0...5, using: &random) where !result.isEmpty {
      let index = Int.random(in: 0..<result.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: result[index] = UInt8.random(in: 0...255, using: &random)
      case 1: result[index] = Self.telling.randomElement(using: &random) ?? 0
      case 2: result.insert(Self.telling.randomElement(using: &random) ?? 0, at: index)
      case 3: result.removeSubrange(index..<min(index + Int.random(in: 1...20, using: &random), result.count))
      case 4:
        let end = min(index + Int.random(in: 1...40, using: &random), result.count)
        result.insert(contentsOf: result[index..<end], at: Int.random(in: 0...result.count, using: &random))
      default: result.removeLast(Int.random(in: 0..<result.count, using: &random) / 4)
      }
    }
    return result
  }

  @Test
  func `mutated messages are read without harm`() {
    let seed: UInt64 = 0x51_5021
    print("SIP messages: 20000 mutated inputs from seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var message = SIPMessage()
    var description = SessionDescription()
    var messages = 0
    for round in 0..<20_000 {
      let bytes = mutate(Self.seeds[round % 3], &random)
      if !exercise(bytes, &message, &description) { Issue.record("seed \(seed), round \(round)") }
      if message.kind != .none { messages += 1 }
    }
    // Most mutants must still be messages, or the test reaches nothing.
    #expect(messages > 10_000)
  }

  @Test
  func `mutated streams are framed without harm and without losing bytes`() {
    let seed: UInt64 = 0x7_1c1d
    print("SIP streams: 3000 mutated inputs from seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for round in 0..<3000 {
      let bytes = mutate(Self.seeds[0] + Self.seeds[1] + Self.seeds[2], &random)
      var framer = SIPStreamFramer()
      var delivered = 0
      var position = 0
      while position < bytes.count {
        let end = min(position + Int.random(in: 1...700, using: &random), bytes.count)
        framer.feed(Array(bytes[position..<end]).span) { message, _ in delivered += message.count }
        if Int.random(in: 0..<20, using: &random) == 0 {
          framer.gap(byteCount: Int.random(in: 1...500, using: &random)) { message, _ in
            delivered += message.count
          }
        }
        position = end
      }
      framer.finish { message, _ in delivered += message.count }
      #expect(delivered + framer.skippedByteCount <= bytes.count, "seed \(seed), round \(round)")
      #expect(framer.bufferedByteCount == 0)
    }
  }

  @Test
  func `random bytes are no WebSocket message larger than the limit`() {
    let seed: UInt64 = 0x6455
    print("WebSocket chunks: 20000 random inputs from seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for round in 0..<5000 {
      var framer = WebSocketFramer(maximumLength: 100)
      for _ in 0..<4 {
        let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0x8f : 0xff)
        }
        framer.feed(bytes.span) { message, _ in #expect(message.count <= 100, "seed \(seed), round \(round)")
        }
        #expect(framer.bufferedByteCount <= 100)
      }
    }
  }
}
