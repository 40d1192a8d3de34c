/// Messages that the tests begin with and then bend.
enum ExampleMessages {
  static let description =
    "v=0\r\no=alice 53655765 2353687637 IN IP4 192.0.2.101\r\ns=-\r\nc=IN IP4 192.0.2.101\r\nt=0 0\r\n"
    + "m=audio 49172 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"

  /// Carries at least one of everything that the parser reads.
  static let richInvite: [String] = [
    "INVITE sip:bob;ext=1:secret@biloxi.example.com:5070;transport=tcp?Subject=x SIP/2.0",
    "Via: SIP/2.0/TCP client.example.com:5060;branch=z9hG4bK74bf9;rport=5080;received=192.0.2.9 , "
      + "SIP/2.0/UDP [2001:db8::9]:5090;branch=z9hG4bKabc",
    "v: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks",
    "Max-Forwards: 70",
    "Route: <sip:ss1.example.com;lr>, <sip:ss2.example.com;lr>",
    "Record-Route: <sip:p1.example.com;lr>",
    #"From: "Alice \"A\" Äpfel" <sip:alice@atlanta.example.com>;tag=9fxced76sl"#,
    "t: Bob <sips:bob@biloxi.example.com>;tag=8321234356",
    "i: 3848276298220188511@atlanta.example.com",
    "CSeq: 2 INVITE",
    #"m: "Mr. Watson" <sip:watson@bell.example.com>;q=0.7;expires=3600, <mailto:w@bell.example.com>;q=0.1"#,
    "User-Agent: Softphone/1.0 (x; y)",
    "Expires: 300",
    "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000",
    #"Reason: Q.850;cause=16;text="Terminated", SIP;cause=600"#,
    "P-Asserted-Identity: \"Cullen\" <sip:fluffy@example.com>, tel:+14085264000",
    "Diversion: <sip:+15551234@gw.example.com>;reason=no-answer;counter=1",
    "Referred-By: <sip:referrer@example.com>",
    "r: <sip:target@example.com?Replaces=x>",
    "Replaces: 98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff",
    "Session-Expires: 4000;refresher=uac",
    "RAck: 776656 1 INVITE",
    #"Authorization: Digest username="alice", realm="atlanta.example.com", nonce="84a4cc6f3082121f", "#
      + #"uri="sip:bob@biloxi.example.com", response="7587245234b3434cc3412213e5f113a5", "#
      + "algorithm=SHA-256, qop=auth, nc=0000000a, cnonce=\"0a4f113b\", opaque=\"\"",
    "X-Trace: one, two",
    "x-trace: three",
    "Subject: a",
    "  folded subject",
    "Date: Sat, 13 Nov 2010 23:29:00 GMT",
    "c: application/sdp",
  ]

  /// The rich INVITE as bytes, with its session description.
  static var richInviteBytes: [UInt8] {
    let head = richInvite + ["Content-Length: \(description.utf8.count)"]
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + description).utf8)
  }

  /// The smallest request without a fault.
  static func request(
    _ method: String = "OPTIONS", uri: String = "sip:bob@example.com", callID: String = "1@example.com",
    extra: [String] = []
  ) -> [String] {
    [
      "\(method) \(uri) SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1", "Max-Forwards: 70",
      "From: <sip:alice@example.com>;tag=1", "To: <sip:bob@example.com>", "Call-ID: \(callID)",
      "CSeq: 1 \(method)", "Contact: <sip:alice@192.0.2.1>",
    ] + extra + ["Content-Length: 0"]
  }
}
