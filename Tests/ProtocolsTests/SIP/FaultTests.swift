import Packets
import Protocols
import Testing

/// Each fault in one message of its own, so that exactly that fault must come out.
struct FaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let faults: SIPFaultSet
    let text: String
    var testDescription: String { faults.map(\.name).joined(separator: " ") + ": " + text.prefix(60) }

    init(_ faults: SIPFaultSet, _ lines: [String], body: String = "") {
      self.faults = faults
      text = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// A good request with one line replaced or, when its name is new, added.
    init(_ faults: SIPFaultSet, method: String = "OPTIONS", _ line: String, body: String = "") {
      var lines = ExampleMessages.request(method)
      let name = line.prefix { $0 != ":" }
      if let index = lines.firstIndex(where: { $0.hasPrefix(name + ":") }) {
        lines[index] = line
      } else {
        lines.append(line)
      }
      self.init(faults, lines, body: body)
    }

    static func start(_ faults: SIPFaultSet, _ line: String, method: String = "OPTIONS") -> Case {
      Case(faults, [line] + ExampleMessages.request(method).dropFirst())
    }

    static func without(_ name: String, method: String = "OPTIONS") -> Case {
      Case([.missingHeader], ExampleMessages.request(method).filter { !$0.hasPrefix(name + ":") })
    }
  }

  private static let long = String(repeating: "x", count: 9000)

  static let startLines: [Case] = [
    .start([.malformedStartLine], "OPTIONS  sip:bob@example.com SIP/2.0"),
    .start([.malformedStartLine], "OPTIONS sip:bob@example.com SIP/2.0 "),
    .start([.malformedStartLine], "OPTIONS sip:bob@example.com"),
    .start([.malformedStartLine, .emptyRequestURI], "OPTIONS SIP/2.0"),
    .start([.badVersion], "OPTIONS sip:bob@example.com SIP/2.1"),
    .start([], "OPTIONS sip:bob@example.com sip/2.0"),
    .start([.unknownMethod, .cseqMethodMismatch], "options sip:bob@example.com SIP/2.0"),
    .start([.requestURIInBrackets], "OPTIONS <sip:bob@example.com> SIP/2.0"),
    .start([.requestURIWhitespace], "OPTIONS sip:bob@example.com ;lr SIP/2.0"),
    .start([.requestURIHeaders], "OPTIONS sip:bob@example.com?a=b SIP/2.0"),
    .start([.oversizedRequestURI], "OPTIONS sip:\(String(long.prefix(600)))@example.com SIP/2.0"),
    .start([.badURI], "OPTIONS * SIP/2.0"),
    .start([.badURI], "OPTIONS sip:b{}b@example.com SIP/2.0"),
    .start([.badURI], "OPTIONS sip:@example.com SIP/2.0"),
    .start([.badURI], "OPTIONS bob@example.com SIP/2.0"),
    .start([], "OPTIONS sip:9/?=&()@example.com SIP/2.0"), .start([], "OPTIONS sip:?a=b@example.com SIP/2.0"),
    .start([], "OPTIONS sip:b?o+b$,;/x=1@example.com SIP/2.0"),
    .start([.badURI, .requestURIHeaders], "OPTIONS sip:example.com?a=b@x SIP/2.0"),
    .start([.badHost], "OPTIONS sip:bob@ SIP/2.0"),
    .start([.badHost], "OPTIONS sip:bob@example.com:70000 SIP/2.0"),
    .start([.badHost], "OPTIONS sip:bob@example.com: SIP/2.0"),
    .start([.badEscape], "OPTIONS sip:b%4@example.com SIP/2.0"),
    .start([.escapedNull], "OPTIONS sip:b%00@example.com SIP/2.0"),
    .start([.unknownURIScheme], "OPTIONS foo:bar SIP/2.0"),
    .start([], "OPTIONS tel:+49-30-123;phone-context=x SIP/2.0"),
    .start([], "OPTIONS urn:service:sos SIP/2.0"),
    Case([.unknownMethod], ExampleMessages.request("NEW-METHOD.1")),
    Case(
      [.unknownMethod, .oversizedMethod, .oversizedCSeqMethod],
      ExampleMessages.request(String(long.prefix(70)))),
  ]

  static let addresses: [Case] = [
    Case([.emptyFrom], "From:"), Case([.emptyTo], "To: "), Case([.emptyContact], "Contact:"),
    Case([.missingTag], "From: <sip:a@example.com>"),
    Case([.oversizedFrom], "From: \"\(long.prefix(1100))\" <sip:a@b>;tag=1"),
    Case([.oversizedTo], "To: \"\(long.prefix(1100))\" <sip:a@b>"),
    Case([.oversizedContact], "Contact: \"\(long.prefix(1100))\" <sip:a@b>"),
    Case([.badFrom, .badURI], "From: alice;tag=1"),
    Case([.badTo], "To: <sip:a@b> junk"), Case([.badTo], "To: \"Bob\" ;x"),
    Case([.badContact], "Contact: <sip:a@b>;"),
    Case([.badContactExpires], "Contact: <sip:a@b>;expires=4294967296"),
    Case([], "Contact: <sip:a@b>;expires=4294967295"),
    Case([.unbalancedQuotes], "To: \"Bob <sip:b@example.com>"),
    Case([.unbalancedBrackets], "To: <sip:b@example.com"),
    Case([.whitespaceInBrackets], "To: < sip:b@example.com>"),
    Case([.unquotedDisplayName], "To: Bob, B. <sip:b@example.com>"),
    Case([], "To: \"Bób\" <sip:b@example.com>"), Case([], "To: Bob B. <sip:b@example.com>"),
    Case([.uriHeadersInAddress], "To: <sip:b@example.com?x=y>"),
    Case([.uriHeadersInAddress, .unbracketedURI], "Contact: sip:b@example.com?x=y"),
    Case([.badReferTo], "Refer-To: \"x\" y"),
  ]

  static let values: [Case] = [
    Case([.emptyVia], "Via:"), Case([.badVia], "Via: UDP 192.0.2.1;branch=z9hG4bK1"),
    Case([.badVia, .badHost], "Via: SIP/2.0/UDP /home/a/[::1]:5060;rport;branch=z9hG4bK1"),
    Case([.badVia, .badHost, .oldBranch], "Via: SIP/2.0/UDP /home/a;branch=1"),
    Case([.badVia, .oldBranch], "Via: UDP"),
    Case([.oversizedVia], "Via: SIP/2.0/UDP h;branch=z9hG4bK1\(long.prefix(1100))"),
    Case([.badVersion], "Via: SIP/3.0/UDP h;branch=z9hG4bK1"),
    Case([.badBranch], "Via: SIP/2.0/UDP h;branch=z9hG4bK"), Case([.oldBranch], "Via: SIP/2.0/UDP h"),
    Case([.oldBranch], "Via: SIP/2.0/UDP h;branch=1"), Case([], "Via: SIP/2.0/UDP h;branch=Z9HG4BK1"),
    Case([.unknownTransport], "Via: SIP/2.0/CARRIER-PIGEON h;branch=z9hG4bK1"),
    Case([.broadcastVia], "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1"),
    Case([.broadcastVia], "Via: SIP/2.0/UDP 239.255.1.1;branch=z9hG4bK1"),
    Case([.emptyCallID], "Call-ID: "), Case([.badCallID], "Call-ID: a b"),
    Case([.oversizedCallID], "Call-ID: \(long.prefix(300))"),
    Case([.badCSeq], "CSeq: OPTIONS"), Case([.badCSeq], "CSeq: 1"),
    Case([.badCSeq], "CSeq: -1 OPTIONS"), Case([.badCSeq], "CSeq: x1 OPTIONS"),
    Case([.bareCarriageReturn], "Subject: a\rb"),
    Case([.cseqOutOfRange], "CSeq: 2147483648 OPTIONS"), Case([], "CSeq: 2147483647 OPTIONS"),
    Case([.cseqMethodMismatch], "CSeq: 1 INVITE"),
    Case([.badMaxForwards], "Max-Forwards: 256"), Case([.badMaxForwards], "Max-Forwards: x"),
    Case([.maxForwardsExhausted], "Max-Forwards: 0"), Case([.badExpires], "Expires: 4294967296"),
    Case([.badExpires], "Expires: -1"), Case([.badDate], "Date: Sat, 13 Nov 2010 23:29:00 EST"),
    Case([.badDate], "Date: Sat, 32 Nov 2010 23:29:00 GMT"), Case([], "Date: Sat, 13 Nov 2010 23:29:00 GMT"),
    Case([.badRetryAfter], "Retry-After: soon"), Case([], "Retry-After: 120 (I'm in a meeting)"),
    Case([.badWarning], "Warning: 1812 overture \"x\""), Case([.badSessionExpires], "Session-Expires: x"),
    Case([.badSessionID], "Session-ID: xyz"), Case([.badRSeq], "RSeq: 0"),
    Case([.badRSeq], "RAck: 1 x INVITE"),
    Case([.badReplaces], "Replaces: 1@x;to-tag=2"), Case([.badIdentity], "Identity: a.b"),
    Case([.badAuthorization], "Authorization: Digest username=\"x\""),
    Case([.badAuthorization], "Authorization:"),
    Case([.badAuthorization], "WWW-Authenticate: Digest nonce=\"x\""),
    Case([.badAuthorization], "WWW-Authenticate: Digest realm=, nonce=\"x\""),
    Case([], "WWW-Authenticate: Digest realm=\"\", nonce=\"x\""),
    Case([.unknownAuthScheme], "Authorization: Basic eDp5"), Case([], "Authorization: Bearer abc"),
    Case([.unknownExtension], "Require: 100rel, foo"), Case([], "Require: 100rel,timer"),
  ]

  static let lines: [Case] = [
    Case([.malformedHeader], "no colon here"), Case([.malformedHeader], ": no name"),
    Case([.malformedHeader], "bad name: x"), Case([.oversizedHeaderName], "\(long.prefix(200)): x"),
    Case([.oversizedHeader], "Subject: \(long)"), Case([.controlCharacter], "Subject: a\u{1}b"),
    Case([.controlInTag], "To: <sip:b@example.com>;tag=a\u{18}\u{1}"),
    Case([.controlInTag], "From: <sip:a@b>;tag=\u{7f}"),
    Case([.controlCharacter], "To: <sip:b@example.com>;tag=a\u{0}b"),
    Case([.controlCharacter], "To: <sip:b@example.com>;tag=a\u{1b}b"),
    Case([.controlCharacter, .controlInTag], "To: <sip:b@example.com>;tag=a\u{1}b;x=\u{1}"),
    Case([], "Subject: grüße"), .without("Via"), .without("From"), .without("To"), .without("Call-ID"),
    .without("CSeq"), .without("Max-Forwards"), .without("Contact", method: "INVITE"),
    Case([.repeatedHeader], ExampleMessages.request(extra: ["f: <sip:x@y>;tag=2"])),
    Case([.repeatedHeader], ExampleMessages.request(extra: ["CALL-ID: 2"])),
    Case([.repeatedHeader], ExampleMessages.request("INVITE", extra: ["m: <sip:x@y>"])),
    Case([], ExampleMessages.request("REGISTER", extra: ["m: <sip:x@y>"])),
    Case([.tooManyHeaders], ExampleMessages.request(extra: Array(repeating: "X-Y: z", count: 300))),
  ]

  static let bodies: [Case] = [
    Case([.negativeContentLength], "Content-Length: -1"), Case([.badContentLength], "Content-Length: one"),
    Case([.badContentLength], "Content-Length:"), Case([.contentLengthMismatch], "Content-Length: 5"),
    Case([.oversizedContentLength], "Content-Length: 4294967296000"),
    Case([.contentLengthMismatch, .oversizedContentLength], "Content-Length: 99999999"),
    Case([.multipleContentLength], ExampleMessages.request(extra: ["l: 0"])),
    Case([.contentLengthMismatch], ExampleMessages.request(), body: "surplus"),
    Case([], ExampleMessages.request(), body: "\r\n\r\n"),
    Case([.multipleMessages], ExampleMessages.request(), body: "OPTIONS sip:x SIP/2.0\r\n\r\n"),
    Case([.emptyContentType], "Content-Type:"), Case([.badContentType], "Content-Type: sdp"),
    Case([.oversizedContentType], "Content-Type: a/b;c=\(long.prefix(300))"),
    Case([.missingHeader], "Content-Length: 2", body: "hi"),
    Case(
      [.unknownContentType],
      ExampleMessages.request("INVITE").dropLast() + ["Content-Type: a/b", "Content-Length: 2"], body: "hi"),
    Case([.acceptWithoutSDP], method: "INVITE", "Accept: text/x"),
    Case([], method: "INVITE", "Accept: text/x, application/sdp;level=1"),
    Case(
      [.badMultipart], ExampleMessages.request().dropLast() + ["c: multipart/mixed", "l: 2"], body: "hi"),
    Case(
      [.badMultipart], ExampleMessages.request().dropLast() + ["c: multipart/mixed;boundary=x", "l: 2"],
      body: "hi"),
  ]

  @Test(arguments: startLines + addresses + values + lines + bodies)
  func `a message with one defect has exactly that fault`(example: Case) {
    let parsed = ParsedMessage(Array(example.text.utf8))
    #expect(parsed.status == .message)
    #expect(parsed.message.faults == example.faults, "\(parsed.faultNames)")
  }

  static let statusLines: [(String, SIPFaultSet)] = [
    ("SIP/2.0 99 x", [.badStatusCode]), ("SIP/2.0 700 x", [.badStatusCode]),
    ("SIP/2.0 2x0 x", [.badStatusCode]), ("SIP/2.0 0200 x", [.badStatusCode]),
    ("SIP/2.0 200", [.malformedStartLine]), ("SIP/2.0  200 x", [.malformedStartLine]),
    ("SIP/2.0 200 ", []), ("SIP/2.0 200 Äpfel", []), ("SIP/3.0 200 OK", [.badVersion]),
  ]

  @Test(arguments: statusLines)
  func `a status line with a defect has exactly that fault`(line: String, faults: SIPFaultSet) {
    let parsed = ParsedMessage(lines: [line] + ExampleMessages.request().dropFirst())
    #expect(parsed.status == .message)
    #expect(parsed.message.kind == .response)
    #expect(parsed.message.faults == faults, "\(parsed.faultNames)")
  }

  @Test
  func `line ends of every kind are read and the odd ones named`() {
    let good = ExampleMessages.request().joined(separator: "\r\n") + "\r\n\r\n"
    let bare = ParsedMessage(Array(good.utf8.filter { $0 != 0x0d }))
    #expect(bare.message.faults == [.bareLineFeed])
    #expect(bare.message.cseq.number == 1)
    let unfinished = ParsedMessage(Array(good.utf8.dropLast(2)))
    #expect(unfinished.message.faults == [.missingBlankLine])
    let leading = ParsedMessage(Array(("\r\n\r\n" + good).utf8))
    #expect(leading.message.faults == [.leadingLineBreaks])
    #expect(leading.text(leading.message.callID) == "1@example.com")
  }

  @Test
  func `bytes that are no UTF-8 are named`() {
    var bytes = Array((ExampleMessages.request().joined(separator: "\r\n") + "\r\nSubject: ").utf8)
    bytes += [0xff, 0x0d, 0x0a, 0x0d, 0x0a]
    #expect(ParsedMessage(bytes).message.faults == [.invalidUTF8])
  }

  @Test
  func `a response whose CSeq names no known method is named`() {
    var lines = ExampleMessages.request()
    (lines[0], lines[6]) = ("SIP/2.0 200 OK", "CSeq: 1 FOO")
    #expect(ParsedMessage(lines: lines).message.faults == [.cseqUnknownMethod])
  }

  @Test
  func `in a stream the Content-Length may not be missing`() {
    let lines = Array(ExampleMessages.request().dropLast())
    #expect(ParsedMessage(lines: lines).message.faults == [])
    #expect(ParsedMessage(lines: lines, transport: .stream).message.faults == [.missingContentLength])
  }

  @Test
  func `what the capture cut off is no fault of the message`() {
    let bytes = ExampleMessages.richInviteBytes
    for length in stride(from: 60, to: bytes.count, by: 7) {
      let parsed = ParsedMessage(Array(bytes.prefix(length)), isCaptureTruncated: true)
      #expect(!parsed.message.faults.contains(.missingBlankLine))
      #expect(!parsed.message.faults.contains(.contentLengthMismatch))
      #expect(!parsed.message.faults.contains(.missingHeader))
    }
  }
}
