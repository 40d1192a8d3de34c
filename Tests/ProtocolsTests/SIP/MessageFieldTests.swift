import Packets
import Protocols
import Testing
import Values

struct MessageFieldTests {
  private let parsed = ParsedMessage(ExampleMessages.richInviteBytes)

  @Test
  func `the rich INVITE has only the faults that were put in`() {
    #expect(parsed.status == .message)
    #expect(parsed.message.faults == [.requestURIHeaders, .repeatedHeader], "\(parsed.faultNames)")
    #expect(parsed.headers(with: .repeatedHeader) == ["Contact"])
  }

  @Test
  func `the request line is taken apart`() {
    let uri = parsed.message.startLine.uri
    #expect(parsed.message.kind == .request)
    #expect(parsed.message.method == .invite)
    #expect(uri.scheme == .sip)
    #expect(parsed.text(uri.user) == "bob;ext=1")
    #expect(uri.hasPassword)
    #expect(parsed.text(uri.host) == "biloxi.example.com")
    #expect(uri.port == 5070)
    #expect(parsed.text(uri.parameters) == "transport=tcp")
    #expect(parsed.text(uri.headers) == "Subject=x")
    #expect(parsed.text(parsed.message.startLine.version) == "SIP/2.0")
  }

  @Test
  func `addresses give display name, URI and tag`() {
    #expect(parsed.text(parsed.message.from.displayName) == #"Alice \"A\" Äpfel"#)
    #expect(parsed.message.from.isQuoted)
    #expect(parsed.text(parsed.message.from.uri.user) == "alice")
    #expect(parsed.text(parsed.message.from.tag) == "9fxced76sl")
    #expect(parsed.text(parsed.message.to.displayName) == "Bob")
    #expect(parsed.message.to.uri.scheme == .sips)
    #expect(parsed.text(parsed.message.to.tag) == "8321234356")
    #expect(parsed.message.contactCount == 2)
    #expect(parsed.message.contactExpires == 3600)
    #expect(parsed.text(parsed.message.contact.uri.host) == "bell.example.com")
  }

  @Test
  func `all Via values count and the top one is taken apart`() {
    #expect(parsed.message.viaCount == 3)
    #expect(parsed.message.via.transport == .tcp)
    #expect(parsed.text(parsed.message.via.host) == "client.example.com")
    #expect(parsed.message.via.port == 5060)
    #expect(parsed.text(parsed.message.via.branch) == "z9hG4bK74bf9")
    #expect(parsed.message.via.hasMagicCookie)
    #expect(parsed.text(parsed.message.via.received) == "192.0.2.9")
    #expect(parsed.message.via.hasRport)
    #expect(parsed.message.via.rport == 5080)
    #expect(parsed.message.routeCount == 2)
    #expect(parsed.message.recordRouteCount == 1)
  }

  @Test
  func `numbers and plain values are read`() {
    #expect(parsed.message.cseq.number == 2)
    #expect(parsed.message.cseq.method == .invite)
    #expect(parsed.message.maxForwards == 70)
    #expect(parsed.message.expires == 300)
    #expect(parsed.text(parsed.message.callID) == "3848276298220188511@atlanta.example.com")
    #expect(parsed.text(parsed.message.userAgent) == "Softphone/1.0 (x; y)")
    #expect(parsed.text(parsed.message.mediaType) == "application/sdp")
    #expect(parsed.message.contentLength.map(Int.init) == ExampleMessages.description.utf8.count)
    #expect(parsed.text(parsed.message.body) == ExampleMessages.description)
    #expect(parsed.message.size == parsed.bytes.count)
    #expect(parsed.message.headerCount == ExampleMessages.richInvite.count - 1)
  }

  @Test
  func `headers are found by any spelling of their name`() {
    for name in ["From", "FROM", "f", "F"] {
      #expect(parsed.header(name)?.hasSuffix("tag=9fxced76sl") == true)
    }
    #expect(parsed.header("Call-ID") == parsed.header("I"))
    #expect(parsed.header("X-TRACE") == "one, two")
    #expect(parsed.header("x-other") == nil)
    #expect(parsed.header("Via") != nil)
    #expect(parsed.header("subject") == "a\r\n  folded subject")
    #expect(parsed.message.firstHeader(.subject)?.isFolded == true)
    #expect(parsed.message.firstHeader(.from)?.isFolded == false)
  }

  @Test
  func `repeated and comma-joined headers iterate alike`() {
    var values: [String] = []
    let bytes = parsed.bytes
    parsed.message.forEachValue(of: .via, in: bytes.span) { values.append(parsed.text($0)) }
    #expect(values.count == 3)
    #expect(values[1] == "SIP/2.0/UDP [2001:db8::9]:5090;branch=z9hG4bKabc")
    values = []
    parsed.message.forEachValue(of: .contact, in: bytes.span) { values.append(parsed.text($0)) }
    #expect(values.last == "<mailto:w@bell.example.com>;q=0.1")
  }

  @Test
  func `all lines of a header are found by any spelling of its name`() {
    var values: [String] = []
    let bytes = parsed.bytes
    parsed.message.forEachLine(of: SIPHeaderKey("x-TRACE"), in: bytes.span) {
      values.append(parsed.text($0))
    }
    #expect(values == ["one, two", "three"])
    values = []
    parsed.message.forEachLine(of: SIPHeaderKey("v"), in: bytes.span) {
      values.append(parsed.text($0))
    }
    #expect(values.count == 2)
  }

  @Test
  func `headers of identity are read on demand`() throws {
    let asserted = try #require(parsed.read { $0.address(.pAssertedIdentity, in: $1) })
    #expect(parsed.text(asserted.uri.user) == "fluffy")
    #expect(parsed.text(asserted.displayName) == "Cullen")
    let diversion = try #require(parsed.read { $0.address(.diversion, in: $1) })
    #expect(parsed.text(diversion.uri.user) == "+15551234")
    let referredBy = try #require(parsed.read { $0.address(.referredBy, in: $1) })
    #expect(parsed.text(referredBy.uri.user) == "referrer")
    let referTo = try #require(parsed.read { $0.address(.referTo, in: $1) })
    #expect(parsed.text(referTo.uri.user) == "target")
    let session = try #require(parsed.read { $0.sessionID(in: $1) })
    #expect(parsed.text(session.local) == "ab30317f1a784dc48ff824d0d3715d86")
    #expect(parsed.text(session.remote) == "00000000000000000000000000000000")
  }

  @Test
  func `headers of dialogs are read on demand`() throws {
    let reason = try #require(parsed.read { $0.reason(in: $1) })
    #expect(parsed.text(reason.protocolName) == "Q.850")
    #expect(reason.cause == 16)
    #expect(parsed.text(reason.text) == "Terminated")
    let replaces = try #require(parsed.read { $0.replaces(in: $1) })
    #expect(parsed.text(replaces.callID) == "98732@sip.example.com")
    #expect(parsed.text(replaces.fromTag) == "r33th4x0r")
    #expect(parsed.text(replaces.toTag) == "ff87ff")
    #expect(parsed.read { $0.sessionExpires(in: $1) } == 4000)
    let rack = try #require(parsed.read { $0.rack(in: $1) })
    #expect(rack.rseq == 776_656)
    #expect(rack.cseq == 1)
    #expect(rack.method == .invite)
  }

  @Test
  func `credentials give everything but the nonce and the response`() throws {
    let credentials = try #require(parsed.read { $0.credentials(in: $1) })
    #expect(credentials.scheme == .digest)
    #expect(parsed.text(credentials.username) == "alice")
    #expect(parsed.text(credentials.realm) == "atlanta.example.com")
    #expect(parsed.text(credentials.algorithm) == "SHA-256")
    #expect(parsed.text(credentials.qop) == "auth")
    #expect(credentials.nonceCount == 10)
    #expect(credentials.nonceHash != nil)
    #expect(credentials.responseHash != nil)
    #expect(credentials.nonceHash != credentials.responseHash)
  }

  @Test
  func `a challenge says whether it is stale, and equal nonces have equal hashes`() throws {
    func challenge(_ text: String) throws -> SIPCredentials {
      let parsed = ParsedMessage(lines: ["SIP/2.0 401 Unauthorized", "WWW-Authenticate: " + text])
      return try #require(parsed.read { $0.challenge(in: $1) })
    }
    let first = try challenge(#"Digest realm="a", nonce="n1", stale=TRUE, algorithm=MD5"#)
    let second = try challenge(#"Digest realm="b", nonce="n1""#)
    let third = try challenge(#"Digest realm="b", nonce="n2""#)
    #expect(first.isStale)
    #expect(!second.isStale)
    #expect(first.nonceHash == second.nonceHash)
    #expect(second.nonceHash != third.nonceHash)
  }

  @Test
  func `a response has the method of its CSeq and its status line parsed`() {
    let parsed = ParsedMessage(lines: ["SIP/2.0 486 Busy: Here 200", "CSeq: 7 INVITE", "Server: x"])
    #expect(parsed.message.kind == .response)
    #expect(parsed.message.method == .invite)
    #expect(parsed.message.startLine.statusCode == 486)
    #expect(parsed.text(parsed.message.startLine.reason) == "Busy: Here 200")
    #expect(parsed.text(parsed.message.userAgent) == "x")
  }

  @Test
  func `the wildcard Contact and scalar headers of responses are read`() throws {
    let register = ParsedMessage(lines: ["REGISTER sip:a.example SIP/2.0", "Contact: *", "Expires: 0"])
    #expect(register.message.hasContactWildcard == true)
    #expect(register.message.expires == 0)
    let response = ParsedMessage(lines: [
      "SIP/2.0 503 No", "Retry-After: 18000;duration=3600", "RSeq: 988789",
      #"Warning: 307 isi.edu "Session parameter 'foo' not understood""#,
    ])
    #expect(response.read { $0.retryAfter(in: $1) } == 18_000)
    #expect(response.read { $0.rseq(in: $1) } == 988_789)
    let warning = try #require(response.read { $0.warning(in: $1) })
    #expect(warning.code == 307)
    #expect(response.text(warning.agent) == "isi.edu")
    #expect(response.text(warning.text) == "Session parameter 'foo' not understood")
  }
}
