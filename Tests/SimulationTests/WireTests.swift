import Testing
import Values

@testable import Simulation

/// Frames and credentials, bit by bit.
@Suite struct WireTests {
  private static let left = Endpoint(address: IPAddress(v4: 0xc000_0201), port: 5060)
  private static let right = Endpoint(address: IPAddress(v4: 0xc000_0202), port: 5062)
  private static let left6 = Endpoint(address: IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1), port: 5060)
  private static let right6 = Endpoint(address: IPAddress(v6High: 0x2001_0db8_0000_0000, low: 2), port: 5060)

  /// The one's complement sum of bytes.
  private static func sum(_ bytes: some Collection<UInt8>) -> UInt32 {
    var sum: UInt32 = 0
    for (index, byte) in bytes.enumerated() { sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte) }
    while sum >> 16 != 0 { sum = (sum & 0xffff) + sum >> 16 }
    return sum
  }

  private static func transportSum(_ frame: [UInt8]) -> UInt32 {
    let isIPv6 = frame[12] == 0x86
    let header = isIPv6 ? 54 : 34
    let addresses = isIPv6 ? frame[22..<54] : frame[26..<34]
    let segment = frame[header...]
    let transport = isIPv6 ? frame[20] : frame[23]
    let pseudo = Array(addresses) + [0, transport, UInt8(segment.count >> 8), UInt8(segment.count & 0xff)]
    return sum(pseudo + Array(segment))
  }

  @Test(arguments: [0, 1, 100, 1471, 1472])
  func `checksums and lengths are right`(length: Int) {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    var builder = FrameBuilder()
    for (source, destination) in [(Self.left, Self.right), (Self.left6, Self.right6)] {
      builder.datagram(payload, from: source, to: destination)
      #expect(Self.transportSum(builder.frame) == 0xffff)
      builder.segment(
        payload[...], from: source, to: destination, sequence: 7, acknowledgement: 9, flags: 0x18)
      #expect(Self.transportSum(builder.frame) == 0xffff)
      guard !source.address.isIPv6 else { continue }
      #expect(Self.sum(builder.frame[14..<34]) == 0xffff)
      #expect(Int(builder.frame[16]) << 8 | Int(builder.frame[17]) == builder.frame.count - 14)
    }
  }

  @Test func `a long datagram becomes fragments that give it again`() {
    let payload = (0..<4000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var builder = FrameBuilder()
    #expect(FrameBuilder.needsFragments(payload, from: Self.left))
    let frames = builder.fragments(of: payload, from: Self.left, to: Self.right)
    #expect(frames.count == 3)
    #expect(Set(frames.map { [$0[18], $0[19]] }).count == 1)
    #expect(frames.map { $0[20] & 0x20 != 0 } == [true, true, false])
    let whole = frames.flatMap { $0[34...] }
    #expect(Array(whole[8...]) == payload)
    let pseudo = Array(frames[0][26..<34]) + [0, 17, UInt8(whole.count >> 8), UInt8(whole.count & 0xff)]
    #expect(Self.sum(pseudo + whole) == 0xffff)
  }

  @Test func `credentials are those of RFC 7616`() {
    let credentials = DigestCredentials(username: "Mufasa", password: "Circle of Life")
    for (algorithm, response) in [
      (DigestCredentials.Algorithm.md5, "8ca523f5e9506fed4657c9700eebdbec"),
      (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ] {
      let value = credentials.authorization(
        realm: "http-auth@example.org", nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", algorithm,
        method: "GET", uri: "/dir/index.html", cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
      #expect(value.contains("response=\"\(response)\""), "\(value)")
      #expect(value.contains("nc=00000001"))
    }
  }

  @Test func `a message says how long its body is`() {
    var draft = SIPDraft(
      startLine: "OPTIONS sip:a@example.com SIP/2.0", isRequest: true,
      vias: ["SIP/2.0/UDP a;branch=z9hG4bKa"],
      from: "<sip:b@example.com>;tag=1", to: "<sip:a@example.com>", callID: "x", cseq: 1, method: "OPTIONS")
    draft.contentType = "text/plain"
    draft.body = "grüß\r\n"
    let text = String(decoding: draft.bytes, as: UTF8.self)
    #expect(text.hasSuffix("Content-Length: 8\r\n\r\ngrüß\r\n"))
    #expect(text.contains("\r\nCSeq: 1 OPTIONS\r\n"))
  }
}
