import Packets
import Protocols
import Testing
import Values

/// The fault classes of RFC 5118, each with messages of our own.
struct IPv6Tests {
  private func parse(uri: String = "sip:[2001:db8::10]", via: String = "[2001:db8::9:1]") -> ParsedMessage {
    var lines = ExampleMessages.request("REGISTER", uri: uri)
    lines[1] = "Via: SIP/2.0/UDP \(via);branch=z9hG4bKas3"
    return ParsedMessage(lines: lines)
  }

  private func host(_ uri: String) -> (text: String, port: UInt16?, faults: SIPFaultSet) {
    let parsed = parse(uri: uri)
    let result = parsed.message.startLine.uri
    return (parsed.text(result.host), result.port, parsed.message.faults)
  }

  @Test
  func `an IPv6 reference in the Request-URI is read without its brackets`() {
    let parsed = parse()
    #expect(parsed.message.faults == [])
    #expect(parsed.text(parsed.message.startLine.uri.host) == "2001:db8::10")
    #expect(parsed.message.startLine.uri.isHostBracketed)
    #expect(parsed.text(parsed.message.via.host) == "2001:db8::9:1")
  }

  @Test
  func `an IPv6 address without brackets is taken whole and named`() {
    #expect(host("sip:2001:db8::10") == ("2001:db8::10", nil, [.ipv6WithoutBrackets]))
    #expect(host("sip:bob@2001:db8::10;lr") == ("2001:db8::10", nil, [.ipv6WithoutBrackets]))
    #expect(host("sip:2001:db8::10:5070") == ("2001:db8::10:5070", nil, [.ipv6WithoutBrackets]))
    #expect(host("sip:bob@fe80:0:0:0:0:0:0:9:5060") == ("fe80:0:0:0:0:0:0:9", 5060, [.ipv6WithoutBrackets]))
    let via = parse(via: "2001:db8::9:1")
    #expect(via.message.faults == [.ipv6WithoutBrackets])
    #expect(via.text(via.message.via.host) == "2001:db8::9:1")
  }

  @Test
  func `a port inside the brackets is part of the address and looks suspicious`() {
    #expect(host("sip:[2001:db8::10:5070]") == ("2001:db8::10:5070", nil, [.ipv6PortAmbiguous]))
    #expect(host("sip:[2001:db8::10]:5070") == ("2001:db8::10", 5070, []))
    #expect(host("sip:[2001:db8::5070]:5070") == ("2001:db8::5070", 5070, []))
    #expect(host("sip:[2001:db8::10:1]") == ("2001:db8::10:1", nil, []))
  }

  @Test
  func `the received parameter may have brackets or not`() {
    for text in ["2001:db8::9:255", "[2001:db8::9:255]"] {
      let parsed = parse(via: "[2001:db8::9:1];received=\(text)")
      #expect(parsed.message.faults == [])
      #expect(parsed.text(parsed.message.via.received) == "2001:db8::9:255")
    }
  }

  @Test
  func `a mapped IPv4 address is an IPv6 address, three colons are none`() {
    #expect(host("sip:[::ffff:192.0.2.10]:19823") == ("::ffff:192.0.2.10", 19823, []))
    #expect(host("sip:[2001:db8:::192.0.2.1]").faults == [.badHost])
    #expect(host("sip:[192.0.2.1]").faults == [.badHost])
    #expect(host("sip:[2001:db8::10").faults == [.badHost])
    #expect(host("sip:[]").faults == [.badHost])
  }

  @Test
  func `IPv4 and IPv6 addresses stand beside each other in one message`() {
    let parsed = ParsedMessage(lines: [
      "BYE sip:user@host.example.net SIP/2.0",
      "Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111",
      "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144",
      "Via: SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200",
      "Max-Forwards: 70", "Call-ID: 997077@lau.example.com", "CSeq: 89187 BYE",
      "To: <sip:a@[2001:db8::1]>;tag=9817--94774", "From: <sip:b@192.0.2.7>;tag=81x2", "Content-Length: 0",
    ])
    #expect(parsed.message.faults == [])
    #expect(parsed.message.viaCount == 3)
    #expect(parsed.text(parsed.message.to.uri.host) == "2001:db8::1")
    #expect(parsed.text(parsed.message.to.tag) == "9817--94774")
  }

  private func describe(_ lines: [String]) -> SessionDescription {
    let bytes = Array(lines.joined(separator: "\r\n").utf8)
    var description = SessionDescription()
    description.parse(bytes.span, ByteRange(0, bytes.count))
    return description
  }

  @Test
  func `a session description may carry both families, and mapped addresses`() {
    let both = describe([
      "v=0", "o=bob 280744730 28977631 IN IP4 host.example.com", "s=", "t=0 0",
      "m=audio 22334 RTP/AVP 0", "c=IN IP4 192.0.2.1", "m=video 6024 RTP/AVP 107", "c=IN IP6 2001:db8::1",
      "a=rtpmap:107 H263-1998/90000",
    ])
    #expect(both.faults == [])
    #expect(
      both.media.map { both.connection(of: $0).address } == [
        IPAddress("192.0.2.1"), IPAddress("2001:db8::1"),
      ])
    let mapped = describe([
      "v=0", "o=a 1 2 IN IP6 ::ffff:192.0.2.2", "s=-", "c=IN IP6 ::ffff:192.0.2.2", "t=0 0",
      "m=audio 1 RTP/AVP 0",
    ])
    #expect(mapped.faults == [])
    #expect(mapped.connection.address == IPAddress("::ffff:192.0.2.2"))
  }

  @Test
  func `an address of the other family than announced is named`() {
    let wrong = describe([
      "v=0", "o=a 1 2 IN IP4 192.0.2.1", "s=-", "c=IN IP4 2001:db8::1", "t=0 0", "m=audio 1 RTP/AVP 0",
    ])
    #expect(wrong.faults == [.addressTypeMismatch])
    #expect(wrong.connection.address == IPAddress("2001:db8::1"))
  }
}
