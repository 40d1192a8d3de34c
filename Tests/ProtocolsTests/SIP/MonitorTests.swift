import Packets
import Protocols
import Testing
import Values

/// What other systems fail at and a monitor must not do.
struct MonitorTests {
  @Test
  func `a UTF-8 display name is read and is no fault`() {
    var lines = ExampleMessages.request("INVITE")
    lines[3] = "From: \"Jörg Müller 日本\" <sip:joerg@example.com>;tag=1"
    let parsed = ParsedMessage(lines: lines)
    #expect(parsed.message.faults == [])
    #expect(parsed.text(parsed.message.from.displayName) == "Jörg Müller 日本")
  }

  @Test
  func `parentheses in a user part belong to the user`() {
    let parsed = ParsedMessage(lines: ExampleMessages.request(uri: "sip:+1(555)123@gw.example.com"))
    #expect(parsed.message.faults == [])
    #expect(parsed.text(parsed.message.startLine.uri.user) == "+1(555)123")
  }

  @Test
  func `every token character may stand in a method`() {
    let method = "NEW-METHOD.!%*_+`'~1"
    let parsed = ParsedMessage(lines: ExampleMessages.request(method))
    #expect(parsed.message.method == .other)
    #expect(parsed.text(parsed.message.methodRange) == method)
    #expect(parsed.message.faults == [.unknownMethod])
  }

  @Test
  func `capital and compact header names are the headers they stand for`() {
    let parsed = ParsedMessage(lines: [
      "INVITE sip:b@example.com SIP/2.0", "V: SIP/2.0/UDP h;branch=z9hG4bK1", "MAX-FORWARDS: 70",
      "FROM: <sip:a@example.com>;TAG=1", "T : <sip:b@example.com>", "i: 1", "cSeQ: 1 INVITE",
      "M\t: <sip:a@h>",
      "k: timer", "L: 0",
    ])
    #expect(parsed.message.faults == [])
    #expect(parsed.text(parsed.message.from.tag) == "1")
    #expect(parsed.text(parsed.message.callID) == "1")
    #expect(parsed.header("Supported") == "timer")
  }

  @Test
  func `a text body over a stream is not glued to the next method`() {
    let first =
      ExampleMessages.request("MESSAGE").dropLast() + ["Content-Type: text/plain", "Content-Length: 5"]
    let second = ExampleMessages.request("INVITE")
    let stream =
      first.joined(separator: "\r\n") + "\r\n\r\nhello" + second.joined(separator: "\r\n") + "\r\n\r\n"
    let framed = FramedStream.framing(stream)
    #expect(framed.starts == ["MESSAGE sip:bob@example.com SIP/2.0", "INVITE sip:bob@example.com SIP/2.0"])
  }

  @Test
  func `several messages in one datagram are all found`() {
    let one = ExampleMessages.request("OPTIONS", callID: "a").joined(separator: "\r\n") + "\r\n\r\n"
    let two = ExampleMessages.request("BYE", callID: "b").joined(separator: "\r\n") + "\r\n\r\n"
    let bytes = Array((one + "\r\n" + two + one).utf8)
    var message = SIPMessage()
    var rest = ByteRange(0, bytes.count)
    var callIDs: [String] = []
    while !rest.isEmpty {
      let slice = Array(bytes[rest.range])
      #expect(message.parse(slice.span, transport: .datagram) == .message)
      callIDs.append(String(decoding: slice[message.callID.range], as: UTF8.self))
      #expect(message.faults == (callIDs.count < 3 ? [.multipleMessages] : []))
      rest = message.remainder.isEmpty ? ByteRange() : message.remainder.shifted(by: rest.start)
    }
    #expect(callIDs == ["a", "b", "a"])
  }

  @Test
  func `an OPTIONS and a response alone are SIP`() {
    #expect(ParsedMessage(lines: ExampleMessages.request("OPTIONS")).status == .message)
    #expect(
      ParsedMessage(lines: ["SIP/2.0 200 OK"] + ExampleMessages.request().dropFirst()).status == .message)
  }

  @Test
  func `a message parsed into a used value keeps nothing of the last one`() {
    var message = SIPMessage()
    let rich = ExampleMessages.richInviteBytes
    #expect(message.parse(rich.span, transport: .datagram) == .message)
    let plain = Array((["BYE sip:b@h SIP/2.0"].joined() + "\r\n\r\n").utf8)
    #expect(message.parse(plain.span, transport: .datagram) == .message)
    let fresh = ParsedMessage(plain)
    #expect(message.headers.isEmpty)
    #expect(message.from == fresh.message.from)
    #expect(message.to == fresh.message.to)
    #expect(message.contact == fresh.message.contact)
    #expect(message.via == fresh.message.via)
    #expect(message.cseq == fresh.message.cseq)
    #expect(message.faults == fresh.message.faults)
    #expect(message.faultDetails == fresh.message.faultDetails)
    #expect(message.callID.isEmpty && message.userAgent.isEmpty && message.contentType.isEmpty)
    #expect(message.expires == nil && message.contactExpires == nil && message.maxForwards == nil)
    #expect(message.viaCount == 0 && message.contactCount == 0 && message.routeCount == 0)
    let notSIP = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    #expect(message.parse(notSIP.span, transport: .datagram) == .notSIP)
    #expect(message.faults.isEmpty)
  }

  @Test
  func `a PASSporT gives its claims and a compact or older one gives none`() {
    /// RFC 8225 §2.1 and §2.2 describe the claims; the token was made for this test.
    let token =
      "eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jLmV4YW1wbGUvYS5wZW0ifQ."
      + "eyJhdHRlc3QiOiJBIiwiZGVzdCI6eyJ0biI6WyIxMjE1NTU1MTIxMiIsIjEiXX0sImlhdCI6MTQ0MzIwODM0NSwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEzIn0sIm9yaWdpZCI6IngifQ.c2ln"
    let value = token + ";info=<https://c.example/a.pem>;alg=ES256;ppt=shaken"
    let bytes = Array(value.utf8)
    var passport = PASSporT()
    let isRead = passport.parse(bytes.span, ByteRange(0, bytes.count))
    #expect(isRead)
    func text(_ range: ByteRange) -> String { String(decoding: passport.text[range.range], as: UTF8.self) }
    #expect(text(passport.attest) == "A")
    #expect(text(passport.orig) == "12155551213")
    #expect(text(passport.dest) == "12155551212")
    #expect(text(passport.x5u) == "https://c.example/a.pem")
    #expect(passport.iat == 1_443_208_345)
    let bare = Array("e30.eyJhdHRlc3QiOiJCIn0.c2ln;info=<https://i.example>;alg=ES256".utf8)
    let isBareRead = passport.parse(bare.span, ByteRange(0, bare.count))
    #expect(isBareRead)
    #expect(text(passport.attest) == "B")
    #expect(text(passport.x5u) == "https://i.example")
    for other in ["..c2ln;info=<https://x>", "abcdef", "%%.%%.%%"] {
      let bytes = Array(other.utf8)
      let isRead = passport.parse(bytes.span, ByteRange(0, bytes.count))
      #expect(!isRead)
      #expect(passport.attest.isEmpty)
    }
  }
}
