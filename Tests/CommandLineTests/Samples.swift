import TestCaptures

/// Small inputs that many tests share.
enum Samples {
  static let client = CaptureBytes.Endpoint(203, 0, 113, 66)
  static let server = CaptureBytes.Endpoint(192, 0, 2, 10)

  /// Three requests, half a second apart.
  static func requests(count: Int = 3, from start: Int64 = 0, callID: String = "call") -> CaptureBytes {
    var capture = CaptureBytes()
    for number in 0..<count {
      let message = SIPText.request(
        "OPTIONS", callID: "\(callID)-\(number)", branch: "z9hG4bK\(callID)\(number)")
      capture.add(datagram: message.bytes, from: client, to: server, at: start + Int64(number) * 500)
    }
    return capture
  }

  /// Fires for each SIP message, with severity medium.
  static let rules = """
    rules:
      - {id: any-sip, sid: 9100001, title: A message, event: sip}

    """

  static let badRules = """
    rules:
      - id: a
        sid: 1
        title: T
        event: sip.request
        when: sip.status == 401
        colour: red

    """

  /// A gzip file (RFC 1952) with one stored block of deflate (RFC 1951 §3.2.4).
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32, _ width: UInt32) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    precondition(bytes.count < 65_536)
    let length = UInt32(bytes.count)
    let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    return header + [1] + little(length, 2) + little(~length & 0xffff, 2) + bytes + little(crc32(bytes), 4)
      + little(length, 4)
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
    return ~sum
  }
}

extension Program {
  /// A folder with `a.pcap` of three requests and `rules.yaml`.
  static func prepared() throws -> Program {
    let program = try Program()
    try program.folder.write(Samples.requests().bytes, as: "a.pcap")
    try program.folder.write(Samples.rules, as: "rules.yaml")
    return program
  }

  /// `run` with the rules and the log folder of the samples, and more words.
  func runSample(_ words: String..., input: String? = nil) async throws -> Outcome {
    try await run(["run", "-S", "rules.yaml", "-l", "logs"] + words, input: input)
  }
}
