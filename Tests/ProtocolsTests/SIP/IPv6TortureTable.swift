import Packets
import Protocols
import Testing
import Values

/// One message for each fault class of RFC 5118 §4, made after its description with names of our own.
struct IPv6TortureCase: Sendable, CustomTestStringConvertible {
  /// The section and what it is about.
  let section: String
  let lines: [String]
  var body: [String] = []
  /// All faults of the message, and of its session description.
  var faults: SIPFaultSet = []
  var sessionFaults: SDPFaultSet = []
  /// All hosts, ports and addresses that may come out, by name; what is not listed must be absent.
  let fields: [String: String]

  var testDescription: String { "§" + section }

  private static let agent = "Contact: \"Desk\" <sip:dora@[2001:db8::51]>"

  private static func request(
    _ method: String, _ uri: String, vias: [String] = ["UDP [2001:db8::51:1];branch=z9hG4bKsix1"],
    parties: (from: String, to: String) = ("<sip:dora@example.org>;tag=7f31", "<sip:emil@example.org>"),
    more: [String] = [agent]
  ) -> [String] {
    ["\(method) \(uri) SIP/2.0"] + vias.map { "Via: SIP/2.0/" + $0 } + [
      "Max-Forwards: 70", "From: \(parties.from)", "To: \(parties.to)", "Call-ID: f00d@lab.example.org",
      "CSeq: 4711 \(method)",
    ] + more
  }

  private static let contact = ["contact.host": "2001:db8::51"]
  private static let parties = ["from.host": "example.org", "to.host": "example.org"]
  private static let via = ["via.host": "2001:db8::51:1"]

  private static func fields(_ parts: [String: String]...) -> [String: String] {
    parts.reduce(into: [:]) { $0.merge($1) { _, new in new } }
  }

  static let all = uris + delimiters + descriptions + mappedAddresses

  /// §4.1 to §4.4: the Request-URI.
  static let uris: [IPv6TortureCase] = [
    IPv6TortureCase(
      section: "4.1 a valid IPv6 reference", lines: request("REGISTER", "sip:[2001:db8::50]"),
      fields: fields(["uri.host": "2001:db8::50", "uri.bracketed": "true"], via, parties, contact)),
    IPv6TortureCase(
      section: "4.2 an IPv6 address without brackets", lines: request("REGISTER", "sip:2001:db8::50"),
      faults: [.ipv6WithoutBrackets], fields: fields(["uri.host": "2001:db8::50"], via, parties, contact)),
    IPv6TortureCase(
      section: "4.3 a port within the brackets", lines: request("REGISTER", "sip:[2001:db8::50:5070]"),
      faults: [.ipv6PortAmbiguous],
      fields: fields(["uri.host": "2001:db8::50:5070", "uri.bracketed": "true"], via, parties, contact)),
    IPv6TortureCase(
      section: "4.4 a port behind the brackets", lines: request("REGISTER", "sip:[2001:db8::50]:5070"),
      fields: fields(
        ["uri.host": "2001:db8::50", "uri.port": "5070", "uri.bracketed": "true"], via, parties, contact)),
  ]

  /// §4.5: received, with and without delimiters.
  static let delimiters: [IPv6TortureCase] = ["[2001:db8::51:ff]", "2001:db8::51:ff"].map { received in
    IPv6TortureCase(
      section: "4.5 received=\(received)",
      lines: request(
        "OPTIONS", "sip:[2001:db8::50]",
        vias: ["UDP [2001:db8::51:1];received=\(received);branch=z9hG4bKsix1"], more: []),
      fields: fields(
        ["uri.host": "2001:db8::50", "uri.bracketed": "true", "via.received": "2001:db8::51:ff"], via,
        parties))
  }

  /// §4.6 to §4.8: several addresses.
  static let descriptions: [IPv6TortureCase] = [
    IPv6TortureCase(
      section: "4.6 IPv6 in a session description",
      lines: request("INVITE", "sip:emil@[2001:db8::50]") + ["Content-Type: application/sdp"],
      body: [
        "v=0", "o=helper 3890844526 3890842807 IN IP6 2001:db8::52", "s=-", "c=IN IP6 2001:db8::52",
        "t=3338481189 3370017201", "m=audio 6002 RTP/AVP 2", "a=rtpmap:2 G726-32/8000",
      ],
      fields: fields(
        [
          "uri.host": "2001:db8::50", "uri.bracketed": "true", "sdp.origin": "2001:db8::52",
          "sdp.0": "[2001:db8::52]:6002",
        ], via, parties, contact)),
    IPv6TortureCase(
      section: "4.7 both families in the headers",
      lines: request(
        "BYE", "sip:emil@host.example.net",
        vias: [
          "UDP [2001:db8::51:1]:6050;branch=z9hG4bKsix2", "UDP 192.0.2.21;branch=z9hG4bKfour",
          "TCP [2001:db8::51:ff];branch=z9hG4bKsix3;received=192.0.2.200",
        ],
        parties: ("\"Dora\" <sip:dora@192.0.2.17>;tag=81x2", "<sip:emil@[2001:db8::53]>;tag=94774"), more: []),
      fields: fields([
        "uri.host": "host.example.net", "via.host": "2001:db8::51:1", "via.port": "6050",
        "from.host": "192.0.2.17", "to.host": "2001:db8::53",
      ])),
    IPv6TortureCase(
      section: "4.8 both families in a session description",
      lines: request("INVITE", "sip:emil@host.example.net") + ["Content-Type: application/sdp"],
      body: [
        "v=0", "o=dora 280744730 28977631 IN IP4 host.example.org", "s=", "t=0 0",
        "m=audio 22334 RTP/AVP 0", "c=IN IP4 192.0.2.23", "m=video 6024 RTP/AVP 107",
        "c=IN IP6 2001:db8::54", "a=rtpmap:107 H263-1998/90000",
      ],
      fields: fields(
        [
          "uri.host": "host.example.net", "sdp.0": "192.0.2.23:22334", "sdp.1": "[2001:db8::54]:6024",
        ], via, parties, contact)),
  ]

  /// §4.9 and §4.10: IPv4 addresses within IPv6 addresses.
  static let mappedAddresses: [IPv6TortureCase] =
    [
      IPv6TortureCase(
        section: "4.9 IPv4-mapped IPv6 addresses",
        lines: request(
          "INVITE", "sip:emil@example.org",
          vias: [
            "UDP [::ffff:192.0.2.24]:19823;branch=z9hG4bKmap1", "UDP [::ffff:192.0.2.25];branch=z9hG4bKmap2",
          ], more: ["Contact: \"D. desk\" <sip:dora@[::ffff:192.0.2.25]>", "Content-Type: application/sdp"]),
        body: [
          "v=0", "o=helper 971731711378798081 0 IN IP6 ::ffff:192.0.2.25", "s=-",
          "c=IN IP6 ::ffff:192.0.2.25", "t=3338481189 3370017201", "m=audio 6000 RTP/AVP 2",
          "a=rtpmap:2 G726-32/8000", "m=video 6024 RTP/AVP 107", "a=rtpmap:107 H263-1998/90000",
        ],
        fields: fields(
          [
            "uri.host": "example.org", "via.host": "::ffff:192.0.2.24", "via.port": "19823",
            "contact.host": "::ffff:192.0.2.25", "sdp.origin": "::ffff:192.0.2.25",
            "sdp.0": "[::ffff:192.0.2.25]:6000", "sdp.1": "[::ffff:192.0.2.25]:6024",
          ], parties))
    ]
    + [("2001:db8:::192.0.2.26", [.ipv6ExtraColon]), ("2001:db8::192.0.2.26", [])].map { host, faults in
      IPv6TortureCase(
        section: "4.10 \(host)",
        lines: request(
          "OPTIONS", "sip:emil@[\(host)]",
          parties: ("<sip:dora@example.org>;tag=810x2", "sip:emil@[\(host)]"),
          more: []),
        faults: faults,
        fields: fields(
          ["uri.host": host, "uri.bracketed": "true", "from.host": "example.org", "to.host": host], via))
    }
}
