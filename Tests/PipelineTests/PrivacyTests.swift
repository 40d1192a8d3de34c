import Foundation
import Pipeline
import TestCaptures
import Testing

/// Secrets and contents on the wire stay out of the log.
@Suite struct PrivacyTests {
  /// What is searched for; no other part of the messages has these words.
  static let secrets = [
    "5ec4e7resp0nse", "5ec4e7n0nce", "5ec4e7cn0nce", "5ec4e70paque", "5ec4e7nextn0nce", "5ec4e7rspauth",
    "U0VDUkVUU0RQS0VZMDEyMzQ1Njc4OWFiY2RlZg", "5ec4e7icepwd", "5ec4e7mikey", "5ec4e7body", "5ec4e7digits",
    "5ec4e7basic",
  ]

  static let rules = """
    rules:
      - {id: every-message, sid: 9100001, title: Message, event: sip}
      - {id: every-fault, sid: 9100002, title: Fault, event: anomaly}

    """

  static func capture() -> CaptureBytes {
    var capture = CaptureBytes()
    let (phone, proxy) = (EVEContractTests.phone, EVEContractTests.proxy)
    for (index, message) in ([registration(), challenge(), answer(), invite(), chat(), digits()] + [basic()])
      .enumerated()
    {
      capture.add(datagram: message.bytes, from: phone, to: proxy, at: Int64(index) * 100)
    }
    return capture
  }

  private static func registration() -> SIPText {
    var message = SIPText.request("REGISTER", callID: "a", branch: "z9hG4bKa")
    for name in ["Authorization", "Proxy-Authorization"] {
      message.set(
        name,
        """
        Digest username="alice", realm="example.com", nonce="5ec4e7n0nce", uri="sip:example.com", \
        response="5ec4e7resp0nse", algorithm=MD5, cnonce="5ec4e7cn0nce", opaque="5ec4e70paque", qop=auth, \
        nc=00000001
        """)
    }
    return message
  }

  private static func challenge() -> SIPText {
    var message = SIPText.response(401, "Unauthorized", to: "REGISTER", callID: "a", branch: "z9hG4bKa")
    message.set(
      "WWW-Authenticate",
      "Digest realm=\"example.com\", nonce=\"5ec4e7n0nce\", opaque=\"5ec4e70paque\", qop=\"auth\"")
    return message
  }

  private static func answer() -> SIPText {
    var message = SIPText.response(200, "OK", to: "REGISTER", callID: "a", branch: "z9hG4bKb")
    message.set("Authentication-Info", "nextnonce=\"5ec4e7nextn0nce\", rspauth=\"5ec4e7rspauth\"")
    return message
  }

  private static func invite() -> SIPText {
    var message = SIPText.request("INVITE", callID: "c", branch: "z9hG4bKc")
    message.set("Content-Type", "application/sdp")
    message.body = Array(
      """
      v=0\r\no=- 1 1 IN IP4 192.0.2.101\r\ns=-\r\nc=IN IP4 192.0.2.101\r\nt=0 0\r\n\
      k=clear:5ec4e7mikey\r\na=key-mgmt:mikey 5ec4e7mikey\r\n\
      m=audio 49170 RTP/SAVP 0\r\n\
      a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:U0VDUkVUU0RQS0VZMDEyMzQ1Njc4OWFiY2RlZg|2^20|1:4\r\n\
      a=ice-pwd:5ec4e7icepwd\r\n
      """.utf8)
    return message
  }

  private static func chat() -> SIPText {
    var message = SIPText.request("MESSAGE", callID: "d", branch: "z9hG4bKd")
    message.set("Content-Type", "text/plain")
    message.body = Array("Meet me at 5ec4e7body.".utf8)
    return message
  }

  private static func digits() -> SIPText {
    var message = SIPText.request("INFO", callID: "e", branch: "z9hG4bKe")
    message.set("Content-Type", "application/dtmf-relay")
    message.body = Array("Signal=5ec4e7digits\r\nDuration=160\r\n".utf8)
    return message
  }

  private static func basic() -> SIPText {
    var message = SIPText.request("REGISTER", callID: "f", branch: "z9hG4bKf")
    message.set("Authorization", "Basic 5ec4e7basic")
    return message
  }

  @Test func `no secret, key or body is in the log or on the terminal`() throws {
    let capture = Self.capture()
    let wire = String(decoding: capture.bytes, as: UTF8.self)
    for secret in Self.secrets { #expect(wire.contains(secret), "the capture lacks \(secret)") }
    let run = try SensorRun(capture, rules: .compile(Self.rules))
    #expect(try run.objects(of: "sip").count == 7)
    #expect(try run.objects(of: "alert").count >= 7)
    let shown = String(decoding: run.log + run.terminal, as: UTF8.self)
    for secret in Self.secrets { #expect(!shown.contains(secret), "\(secret) is in the log") }
  }

  @Test func `credentials stay out of the start line when the lines of a message end with CR alone`() throws {
    var capture = CaptureBytes()
    for (index, message) in [Self.registration(), Self.challenge()].enumerated() {
      let lines = message.bytes.filter { $0 != 0x0a }
      capture.add(
        datagram: lines, from: EVEContractTests.phone, to: EVEContractTests.proxy, at: Int64(index))
    }
    let run = try SensorRun(capture, rules: .compile(Self.rules))
    let messages = try run.objects(of: "sip").map { try $0.object("sip") }
    let requestLine = try #require(messages.first?["request_line"] as? String)
    #expect(requestLine.hasSuffix(" SIP/2.0") && requestLine.hasPrefix("REGISTER "))
    #expect(messages.last?["response_line"] as? String == "SIP/2.0 401 Unauthorized")
    let shown = String(decoding: run.log + run.terminal, as: UTF8.self)
    for secret in Self.secrets { #expect(!shown.contains(secret), "\(secret) is in the log") }
  }

  @Test(arguments: [
    "Digest username=alice response=5ecr3t nonce=5ecr3t", "Digest realm=a;nonce=5ecr3t;response=5ecr3t",
    "Digest username='alice' response='5ecr3t'", "Digest username=\"alice response=5ecr3t",
    "Digest algorithm=MD5 response=5ecr3t", "Digest qop=auth\tresponse=5ecr3t",
    "Digest username=\"alice\" response=\"5ecr3t\"",
  ])
  func `parameters that no comma parts show no response`(credentials: String) throws {
    var message = SIPText.request("REGISTER")
    message.set("Authorization", credentials)
    var capture = CaptureBytes()
    capture.add(datagram: message.bytes, from: EVEContractTests.phone, to: EVEContractTests.proxy, at: 0)
    let run = try SensorRun(capture, rules: .compile(Self.rules))
    let auth = try #require(try run.objects(of: "sip").first).object("sip").object("auth")
    #expect(auth["scheme"] as? String == "Digest" && auth.count == 2)
    #expect(!String(decoding: run.log + run.terminal, as: UTF8.self).contains("5ecr3t"))
  }

  @Test func `what may be known of a login is in the log`() throws {
    let line = try #require(try SensorRun(Self.capture()).objects(of: "sip").first)
    let auth = try line.object("sip").object("auth")
    #expect(auth["username"] as? String == "alice")
    #expect(auth["realm"] as? String == "example.com")
  }
}
