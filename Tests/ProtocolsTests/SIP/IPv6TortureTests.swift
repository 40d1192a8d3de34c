import Packets
import Protocols
import Testing
import Values

/// RFC 5118 section by section; `docs/compared.md` has the same table in words.
struct IPv6TortureTests {
  @Test(arguments: IPv6TortureCase.all)
  func `a message of RFC 5118 has exactly its fields and its faults`(example: IPv6TortureCase) {
    let body = example.body.map { $0 + "\r\n" }.joined()
    let parsed = ParsedMessage(
      lines: example.lines + ["Content-Length: \(body.utf8.count)"], body: body)
    #expect(parsed.status == .message)
    #expect(parsed.message.faults == example.faults, "\(parsed.faultNames)")
    let description = parsed.sessionDescription
    #expect(description?.description.faults ?? [] == example.sessionFaults)
    #expect((description == nil) == example.body.isEmpty)
    #expect(fields(of: parsed, description) == example.fields)
  }

  @Test
  func `every section of RFC 5118 has its message`() {
    let sections = Set(IPv6TortureCase.all.map { String($0.section.prefix { $0 != " " }) })
    #expect(sections == Set((1...10).map { "4.\($0)" }))
  }

  @Test
  func `each message is taken apart without a trap wherever it ends`() {
    for example in IPv6TortureCase.all {
      let text = (example.lines + [""] + example.body).map { $0 + "\r\n" }.joined()
      for count in 0..<text.utf8.count {
        let parsed = ParsedMessage(Array(text.utf8.prefix(count)))
        let host = parsed.message.startLine.uri.host
        #expect(host.end <= count)
        _ = parsed.sessionDescription
      }
    }
  }

  static let colons: [(String, SIPFaultSet)] = [
    ("[:::192.0.2.1]", [.ipv6ExtraColon]),
    ("[1:2:3:4:5:::192.0.2.1]:5070", [.ipv6ExtraColon]),
    ("[1:2:3:4:5:6:::192.0.2.1]", [.badHost]),
    ("[2001:db8:::10]", [.badHost]), ("[2001:db8::::192.0.2.1]", [.badHost]),
    ("[2001:db8::1:::192.0.2.1]", [.badHost]), ("[2001:db8:::192.0.2]", [.badHost]),
    ("[2001:db8:::192.0.2.1:6000]", [.badHost]), ("[2001:db8:::192.0.2.1x]", [.badHost]),
    ("[:::.192.0.2.1]", [.badHost]), ("[::.]", [.badHost]),
    ("[2001:db8::192.0.2.1]", []), ("[2001:db8::192.0.2.1]:5070", []),
  ]

  @Test(arguments: colons)
  func `a third colon is tolerated before an IPv4 part only`(host: String, faults: SIPFaultSet) {
    let parsed = ParsedMessage(lines: ExampleMessages.request(uri: "sip:bob@\(host)"))
    #expect(parsed.message.faults == faults, "\(parsed.faultNames)")
    #expect(parsed.message.startLine.uri.port == (host.hasSuffix("]:5070") ? 5070 : nil))
  }

  /// Everything that is a host, a port or an address.
  private func fields(of parsed: ParsedMessage, _ session: ParsedDescription?) -> [String: String] {
    let uri = parsed.message.startLine.uri
    var fields: [String: String] = [
      "uri.host": parsed.text(uri.host), "uri.port": uri.port.map(String.init) ?? "",
      "uri.bracketed": uri.isHostBracketed ? "true" : "",
      "via.host": parsed.text(parsed.message.via.host),
      "via.port": parsed.message.via.port.map(String.init) ?? "",
      "via.received": parsed.text(parsed.message.via.received),
      "via.rport": parsed.message.via.rport.map(String.init) ?? "",
    ]
    let parties = [
      ("from", parsed.message.from.uri), ("to", parsed.message.to.uri),
      ("contact", parsed.message.contact.uri),
    ]
    for (name, uri) in parties {
      fields[name + ".host"] = parsed.text(uri.host)
      fields[name + ".port"] = uri.port.map(String.init) ?? ""
    }
    if let session {
      fields["sdp.origin"] = session.description.origin.address.map { "\($0)" } ?? ""
      for (index, medium) in session.description.media.enumerated() {
        let address = session.description.connection(of: medium).address
        let text = address.map { $0.isIPv6 ? "[\($0)]" : "\($0)" } ?? ""
        fields["sdp.\(index)"] = "\(text):\(medium.port)"
      }
    }
    return fields.filter { !$0.value.isEmpty }
  }
}
