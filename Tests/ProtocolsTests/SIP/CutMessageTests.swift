import Packets
import Protocols
import Testing
import Values

/// Messages of which the capture has the beginning only.
struct CutMessageTests {
  private static let description =
    "v=0\r\no=- 1 2 IN IP4 192.0.2.7\r\ns=call\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\na=group:BUNDLE a\r\n"
    + "m=audio 4000 RTP/SAVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=crypto:1 AES inline:x\r\n"
    + "m=video 4002 RTP/AVP 96\r\nc=IN IP4 192.0.2.8\r\na=rtpmap:96 H264/90000\r\na=mid:a\r\n"

  private static func text(_ lines: [String], body: String = "") -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  /// Valid messages that between them have every header which a cut could turn into a fault.
  static var samples: [[UInt8]] {
    let head = Array(ExampleMessages.request("INVITE").dropLast())
    let types = ["Session-ID: 47755a9de7794ba387653f2099600ef2", "Content-Type: application/sdp"]
    let part = "--b 1\r\nContent-Type: application/sdp\r\n\r\n\(description)\r\n--b 1--\r\n"
    let multipart = head + ["c: multipart/mixed;boundary=\"b 1\"", "l: \(part.utf8.count)"]
    let folded = [
      "SIP/2.0 200 OK then", "v: SIP/2.0/UDP [2001:db8::1]:5060\r\n ;branch=z9hG4bK1",
      "f: <sip:a@b>;tag=12",
      "t: \"Grüße \\\"x\\\"\" <sips:a%41:p@[2001:db8::10]:5061>\r\n\t;tag=99", "i: full@host",
      "CSeq: 314 INVITE",
      "m: <sip:a@b>;expires=3600,\r\n <sip:c@d>", "Expires: 3600", "Server: phone", "Require: 100rel",
      "Retry-After: 120 (busy)", "Date: Sat, 13 Nov 2010 23:29:00 GMT", "Warning: 399 h \"t\"",
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5", "l: 0",
    ]
    let unsized = head + ["Content-Type: application/sdp"]
    return [
      text(ExampleMessages.request()), ExampleMessages.richInviteBytes, text(folded),
      text(head + types + ["Content-Length: \(description.utf8.count)"], body: description),
      text(multipart, body: part), text(unsized, body: description),
      text(ExampleMessages.request()) + text(ExampleMessages.request("BYE")),
    ]
  }

  private static let ranges: [@Sendable (borrowing SIPMessage) -> ByteRange] = [
    { $0.startLine.range }, { $0.startLine.methodRange }, { $0.startLine.version }, { $0.startLine.reason },
    { $0.startLine.uri.range }, { $0.startLine.uri.host }, { $0.from.range }, { $0.from.tag },
    { $0.to.range }, { $0.to.tag }, { $0.contact.range }, { $0.via.range }, { $0.via.host },
    { $0.via.branch }, { $0.cseq.methodRange }, { $0.callID }, { $0.contentType }, { $0.mediaType },
    { $0.userAgent },
  ]

  private static let numbers: [@Sendable (borrowing SIPMessage) -> Int?] = [
    { $0.startLine.statusCode == 0 ? nil : $0.startLine.statusCode }, { $0.cseq.number.map(Int.init) },
    { $0.maxForwards.map(Int.init) }, { $0.expires.map(Int.init) }, { $0.contentLength.map(Int.init) },
    { $0.contactExpires.map(Int.init) }, { $0.via.port.map(Int.init) },
  ]

  /// What of a cut message the whole one does not have; empty when all is well.
  private func excess(_ cut: borrowing SIPMessage, _ whole: borrowing SIPMessage) -> [String] {
    var found = cut.faults.filter { !whole.faults.contains($0) }.map(\.name)
    if cut.kind != whole.kind || cut.method != whole.method && cut.method != .none { found.append("method") }
    if !whole.headers.starts(with: cut.headers) { found.append("headers") }
    for (index, range) in Self.ranges.enumerated() where !range(cut).isEmpty && range(cut) != range(whole) {
      found.append("range \(index)")
    }
    for (index, number) in Self.numbers.enumerated() where number(cut) ?? number(whole) != number(whole) {
      found.append("number \(index)")
    }
    return found
  }

  @Test(arguments: samples.indices, [SIPTransport.datagram, .stream])
  func `every prefix marked as cut has no fault and no value that the whole message lacks`(
    sample: Int, transport: SIPTransport
  ) {
    let bytes = Self.samples[sample]
    let whole = ParsedMessage(bytes, transport: transport)
    var messages = 0
    for count in 1...bytes.count {
      let cut = ParsedMessage(Array(bytes.prefix(count)), transport: transport, isCaptureTruncated: true)
      guard cut.status == .message else { continue }
      messages += 1
      #expect(excess(cut.message, whole.message) == [], "sample \(sample) cut at \(count)")
      // What ends before the cut, with a byte behind its line that is no continuation, is there.
      let complete = whole.message.headers.count { $0.value.end + 2 < count }
      #expect(cut.message.headers.count == complete, "sample \(sample) cut at \(count)")
      #expect(cut.message.isHeaderCut == (count < whole.message.headerSection.end + 2))
    }
    #expect(messages >= bytes.count - 20)
  }

  @Test(arguments: samples.indices)
  func `a cut session description has no fault and no line that the whole one lacks`(sample: Int) {
    let bytes = Self.samples[sample]
    let parsed = ParsedMessage(bytes)
    guard let place = parsed.read({ $0.sessionDescriptionRange(in: $1) }) else { return }
    var whole = SessionDescription()
    whole.parse(bytes.span, place)
    #expect(whole.faults == [] && !whole.isCut && !whole.media.isEmpty)
    var description = SessionDescription()
    var found = 0
    for count in place.start...bytes.count {
      let cut = ParsedMessage(Array(bytes.prefix(count)), isCaptureTruncated: true)
      guard let range = cut.read({ $0.sessionDescriptionRange(in: $1) }) else { continue }
      found += 1
      let bytes = cut.bytes
      description.parse(bytes.span, range, isCut: cut.message.isCut(range))
      #expect(description.faults == [], "sample \(sample) cut at \(count)")
      for (range, other) in [
        (description.origin.range, whole.origin.range), (description.sessionName, whole.sessionName),
        (description.time, whole.time),
        (description.connection.range, whole.connection.range), (description.bundle, whole.bundle),
      ] { #expect(range.isEmpty || range == other, "sample \(sample) cut at \(count)") }
      // The last medium may lack attributes; its line is whole.
      #expect(whole.media.map(\.line).starts(with: description.media.map(\.line)))
      #expect(whole.media.dropLast().starts(with: description.media.dropLast()))
      #expect(whole.formats.map(\.range).starts(with: description.formats.map(\.range)))
    }
    #expect(found >= bytes.count - place.start - 20)
    #expect(description.media == whole.media)
  }

  @Test
  func `what follows the body of a cut datagram is not blamed before its line is complete`() {
    let bytes = Self.text(ExampleMessages.request())
    for (rest, faults) in [("INV", [] as SIPFaultSet), ("junk\r\nINV", [.contentLengthMismatch])] {
      let cut = ParsedMessage(bytes + Array(rest.utf8), isCaptureTruncated: true)
      #expect(cut.message.faults == faults)
    }
  }

  @Test
  func `faults of what was captured are raised of a cut message too`() {
    let lines = ExampleMessages.request(extra: ["no colon here", "Expires: x", "Subject: y"])
    let bytes = Array(lines.joined(separator: "\r\n").utf8)
    let cut = ParsedMessage(bytes, transport: .stream, isCaptureTruncated: true)
    #expect(cut.message.faults == [.malformedHeader, .badExpires])
    #expect(cut.message.contentLength == nil)
  }
}
