import Packets
import Protocols
import Testing
import Values

/// IPv6 addresses in all spellings around those of RFC 5118, which `IPv6TortureTests` has section by section.
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
  func `what stands in brackets and is no IPv6 address is named`() {
    #expect(host("sip:[192.0.2.1]").faults == [.badHost])
    #expect(host("sip:[2001:db8::10").faults == [.badHost])
    #expect(host("sip:[]").faults == [.badHost])
  }

  private func describe(_ lines: [String]) -> SessionDescription {
    let bytes = Array(lines.joined(separator: "\r\n").utf8)
    var description = SessionDescription()
    description.parse(bytes.span, ByteRange(0, bytes.count))
    return description
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
