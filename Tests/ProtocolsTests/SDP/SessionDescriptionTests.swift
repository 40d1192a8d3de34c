import Packets
import Protocols
import Testing
import Values

/// A description with its bytes, so that a test can ask for text.
final class ParsedDescription: Sendable {
  let bytes: [UInt8]
  let description: SessionDescription

  init(_ bytes: [UInt8], _ range: ByteRange, limits: SDPLimits = SDPLimits()) {
    var parsed = SessionDescription(limits: limits)
    parsed.parse(bytes.span, range)
    self.bytes = bytes
    description = parsed
  }

  convenience init(_ text: String, limits: SDPLimits = SDPLimits()) {
    let bytes = Array(text.utf8)
    self.init(bytes, ByteRange(0, bytes.count), limits: limits)
  }

  convenience init(lines: [String], limits: SDPLimits = SDPLimits()) {
    self.init(lines.joined(separator: "\r\n") + "\r\n", limits: limits)
  }

  var isHeld: Bool { description.isHeld }

  func text(_ range: ByteRange) -> String { String(decoding: bytes[range.range], as: UTF8.self) }
}

struct SessionDescriptionTests {
  private static let session = [
    "v=0", "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1", "s=Call to John Smith",
    "c=IN IP4 198.51.100.1",
    "t=0 0",
  ]

  /// Everything that an offer of a browser may carry.
  private static let rich =
    session + [
      "a=group:BUNDLE audio video", "a=fingerprint:SHA-256 12:DF:3E", "a=ice-ufrag:F7gI", "a=ice-pwd:x9cml",
      "a=setup:actpass", "m=audio 49170 UDP/TLS/RTP/SAVPF 111 0 101", "c=IN IP4 203.0.113.1", "a=mid:audio",
      "a=rtpmap:111 opus/48000/2", "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:111 minptime=10;useinbandfec=1",
      "a=ptime:20", "a=sendonly", "a=rtcp:53020 IN IP4 126.16.64.4", "a=rtcp-mux",
      "a=candidate:1 1 UDP 2130706431 203.0.113.1 8998 typ host",
      "a=candidate:2 2 udp 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
      "m=video 0 RTP/SAVP 96", "a=mid:video", "a=bundle-only", "a=rtpmap:96 VP8/90000",
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
      "a=crypto:2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm", "a=inactive",
      "m=image 0 udptl t38",
    ]

  private let parsed = ParsedDescription(lines: rich)

  @Test
  func `origin, name and connection of the session are read`() {
    #expect(parsed.description.faults == [])
    #expect(parsed.text(parsed.description.origin.username) == "jdoe")
    #expect(parsed.text(parsed.description.origin.sessionID) == "3724394400")
    #expect(parsed.text(parsed.description.origin.sessionVersion) == "3724394405")
    #expect(parsed.description.origin.address == IPAddress("198.51.100.1"))
    #expect(parsed.text(parsed.description.sessionName) == "Call to John Smith")
    #expect(parsed.description.connection.address == IPAddress("198.51.100.1"))
    #expect(parsed.text(parsed.description.bundle) == "audio video")
  }

  @Test
  func `a medium gives its port, transport, formats and codecs`() {
    let audio = parsed.description.media[0]
    #expect(audio.kind == .audio)
    #expect(audio.port == 49170)
    #expect(parsed.text(audio.transport) == "UDP/TLS/RTP/SAVPF")
    #expect(audio.isSecure)
    #expect(audio.isDTLS)
    let formats = parsed.description.formats[audio.formats]
    #expect(formats.map(\.payloadType) == [111, 0, 101])
    #expect(formats.map { parsed.text($0.codec) } == ["opus", "", "telephone-event"])
    #expect(formats.map(\.clockRate) == [48_000, 8000, 8000])
    #expect(formats.map(\.channels) == [2, 1, 1])
    #expect(formats.map(\.hasParameters) == [true, false, false])
    #expect(RTPCodec.assigned(to: 0).map { "\($0.name)" } == "PCMU")
  }

  @Test
  func `attributes of a medium override those of the session`() {
    let (audio, video, image) = (
      parsed.description.media[0], parsed.description.media[1], parsed.description.media[2]
    )
    #expect(parsed.description.connection(of: audio).address == IPAddress("203.0.113.1"))
    #expect(parsed.description.connection(of: video).address == IPAddress("198.51.100.1"))
    #expect([audio, video, image].map(\.direction) == [.sendonly, .inactive, .sendrecv])
    #expect(audio.packetTime == 20)
    #expect(audio.rtcpPort == 53020)
    #expect(audio.rtcpAddress == IPAddress("126.16.64.4"))
    #expect([audio, video, image].map(\.hasRTCPMux) == [true, false, false])
    #expect([audio, video, image].map { parsed.text($0.mid) } == ["audio", "video", ""])
    #expect([audio, video, image].map(\.isRejected) == [false, false, true])
    #expect(image.kind == .image)
  }

  @Test
  func `security and ICE facts are kept and keys are not`() {
    let (audio, video) = (parsed.description.media[0], parsed.description.media[1])
    #expect(parsed.text(audio.fingerprintHash) == "SHA-256")
    #expect(audio.setup == .actpass)
    #expect(audio.hasICE)
    #expect(video.cryptoCount == 2)
    #expect(parsed.text(video.cryptoSuite) == "AES_CM_128_HMAC_SHA1_80")
    #expect(audio.cryptoCount == 0)
    let candidates = parsed.description.candidates[audio.candidates]
    #expect(candidates.map(\.component) == [1, 2])
    #expect(candidates.map(\.isUDP) == [true, true])
    #expect(candidates.map(\.port) == [8998, 45664])
    #expect(candidates.map(\.address) == [IPAddress("203.0.113.1"), IPAddress("192.0.2.3")])
    #expect(candidates.map { parsed.text($0.type) } == ["host", "srflx"])
    #expect(video.candidates.isEmpty)
  }

  @Test
  func `hold is told by direction or by an unspecified address`() {
    #expect(parsed.isHeld)
    #expect(!ParsedDescription(lines: Self.session + ["m=audio 1 RTP/AVP 0"]).isHeld)
    #expect(
      ParsedDescription(lines: Self.session + ["m=audio 1 RTP/AVP 0", "c=IN IP4 0.0.0.0"]).isHeld)
    #expect(
      ParsedDescription(lines: Self.session + ["a=inactive", "m=audio 1 RTP/AVP 0"]).isHeld)
    #expect(
      !ParsedDescription(lines: Self.session + ["a=recvonly", "m=audio 1 RTP/AVP 0"]).isHeld)
    #expect(
      !ParsedDescription(lines: Self.session + ["a=inactive", "m=audio 0 RTP/AVP 0"]).isHeld)
    #expect(!ParsedDescription(lines: Self.session).isHeld)
  }

  static let defects: [(SDPFaultSet, [String])] = [
    ([.malformedLine], session + ["m =audio 1 RTP/AVP 0"]), ([.malformedLine], session + ["garbage"]),
    ([.malformedLine], session + ["a=:x"]), ([.unknownLine], session + ["x=1"]),
    ([.wrongOrder], session + ["b=AS:1"]), ([.repeatedLine], [session[0]] + session),
    ([.missingVersion], Array(session.dropFirst())), ([.badVersion], ["v=1"] + session.dropFirst()),
    ([.missingOrigin], session.filter { !$0.hasPrefix("o=") }),
    ([.missingSessionName], session.filter { !$0.hasPrefix("s=") }),
    ([.missingTime], session.filter { !$0.hasPrefix("t=") }),
    ([.missingConnection], session.filter { !$0.hasPrefix("c=") } + ["m=audio 1 RTP/AVP 0"]),
    ([], session.filter { !$0.hasPrefix("c=") } + ["m=audio 0 RTP/AVP 0"]),
    ([.badOrigin], replacing("o=a 1 2 IN IP4")), ([.badOrigin], replacing("o=a 1 2 XX IP4 h")),
    ([.badTime], replacing("t=0")), ([.badTime], replacing("t=now then")),
    ([.badConnection], replacing("c=IN IP4")), ([.badConnection], replacing("c=IN IP5 h")),
    ([], replacing("c=IN IP4 224.2.1.1/127/3")), ([], replacing("c=IN IP4 host.example.com")),
    ([.addressTypeMismatch], replacing("c=IN IP6 192.0.2.1")),
    ([.badMedia], session + ["m=audio 1 RTP/AVP"]), ([.badPort], session + ["m=audio x RTP/AVP 0"]),
    ([.badPort], session + ["m=audio 65536 RTP/AVP 0"]), ([], session + ["m=audio 4000/2 RTP/AVP 0"]),
    ([.badRTPMap], session + ["m=audio 1 RTP/AVP 96", "a=rtpmap:96 opus"]),
    ([.badRTPMap], session + ["m=audio 1 RTP/AVP 96", "a=rtpmap:x opus/1"]),
    ([.strayRTPMap], session + ["m=audio 1 RTP/AVP 96", "a=rtpmap:97 opus/48000"]),
    ([.badRTCP], session + ["m=audio 1 RTP/AVP 0", "a=rtcp:x"]),
    ([.badCandidate], session + ["m=audio 1 RTP/AVP 0", "a=candidate:1 1 UDP 1 192.0.2.1 1"]),
    ([.badCrypto], session + ["m=audio 1 RTP/SAVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80"]),
    ([.badFingerprint], session + ["a=fingerprint:sha-1"]), ([.keyInClear], session + ["k=clear:abc"]),
  ]

  private static func replacing(_ line: String) -> [String] {
    session.map { $0.first == line.first ? line : $0 }
  }

  @Test(arguments: defects)
  func `a description with one defect has exactly that fault`(faults: SDPFaultSet, lines: [String]) {
    let parsed = ParsedDescription(lines: lines)
    #expect(parsed.description.faults == faults, "\(parsed.description.faults.map(\.name))")
  }

  @Test
  func `the lines of a description can be walked as they are`() {
    let bytes = Array("v=0\r\n\r\ngarbage\ns= a name \r\nm =audio 1\r\n".utf8)
    var lines = SDPLines(ByteRange(0, bytes.count))
    var found: [String] = []
    while let line = lines.next(in: bytes.span) {
      found.append("\(line.letter) " + String(decoding: bytes[line.value.range], as: UTF8.self))
    }
    #expect(found == ["118 0", "115 a name", "109 audio 1"])
  }

  @Test
  func `everything that can be repeated has a limit`() {
    var limits = SDPLimits()
    (limits.media, limits.formats, limits.candidates, limits.lines) = (2, 3, 1, 12)
    let candidate = "a=candidate:1 1 UDP 1 192.0.2.1 1 typ host"
    let medium = "m=audio 1 RTP/AVP 0 8"
    func faults(_ lines: [String]) -> SDPFaultSet {
      ParsedDescription(lines: Self.session + lines, limits: limits).description.faults
    }
    #expect(faults([medium, "m=audio 1 RTP/AVP 0", "m=audio 1 RTP/AVP 0"]) == [.tooManyMedia])
    #expect(faults([medium, medium]) == [.tooManyFormats])
    #expect(faults([medium, candidate, candidate]) == [.tooManyCandidates])
    #expect(faults([medium] + Array(repeating: "a=x", count: 9)) == [.tooManyLines])
  }

  @Test
  func `a description is found in single and multipart bodies, and not when it is encoded`() {
    let sdp = Self.session.joined(separator: "\r\n") + "\r\n"
    func found(_ type: String, _ body: String, extra: [String] = []) -> String? {
      let parsed = ParsedMessage(
        lines: ExampleMessages.request("INVITE").dropLast() + ["Content-Type: \(type)"] + extra, body: body)
      return parsed.read { $0.sessionDescriptionRange(in: $1) }.map(parsed.text)
    }
    #expect(found("application/sdp", sdp) == sdp)
    #expect(found("Application/SDP ; charset=x", sdp) == sdp)
    #expect(found("application/sdpx", sdp) == nil)
    #expect(found("application/sdp", sdp, extra: ["e: gzip"]) == nil)
    #expect(found("application/sdp", sdp, extra: ["Content-Encoding: identity"]) == sdp)
    let inner = "--b\r\nContent-Type: application/sdp\r\n\r\n\(sdp)\r\n--b--\r\n"
    let mixed = "preamble\r\n--a 1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--a 1\r\n"
    #expect(found("multipart/mixed;boundary=b", inner) == sdp)
    #expect(found("multipart/mixed; boundary=\"b\"", inner) == sdp)
    let nested = mixed + "c: multipart/alternative;boundary=b\r\n\r\n" + inner + "\r\n--a 1--"
    #expect(found("multipart/mixed;boundary=\"a 1\"", nested) == sdp)
    let encoded = inner.replacing("sdp\r\n\r\n", with: "sdp\r\ne: gzip\r\n\r\n", maxReplacements: 1)
    #expect(found("multipart/mixed;boundary=b", encoded) == nil)
    #expect(found("multipart/mixed;boundary=zzz", inner) == nil)
  }

  @Test
  func `every truncation of a rich description is read without harm`() {
    for length in 0...parsed.bytes.count {
      var cut = SessionDescription()
      let bytes = parsed.bytes
      cut.parse(bytes.span, ByteRange(0, length))
      #expect(cut.media.count <= 3)
    }
  }

  @Test
  func `mutated descriptions never trap and stay inside`() {
    var description = SessionDescription()
    feedMutations("SDP", seed: 8866, of: [parsed.bytes]) { bytes in
      description.parse(bytes, ByteRange(0, bytes.count))
      for medium in description.media where medium.line.end > bytes.count || medium.mid.end > bytes.count {
        Issue.record("a range beyond the end")
      }
    }
  }
}
