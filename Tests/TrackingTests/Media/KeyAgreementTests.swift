import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// Whether media are SRTP, as the descriptions of both sides say (RFC 4568, RFC 5763, RFC 8643).
@Suite struct KeyAgreementTests {
  private static let crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"
  private static let fingerprint =
    "a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33\r\n"

  private static func audio(_ port: Int, _ profile: String, _ more: String = "") -> String {
    "m=audio \(port) RTP/\(profile) 0\r\n\(more)"
  }

  /// Both sides talk; whether the streams to the caller and to the callee are SRTP.
  private func talk(
    _ harness: inout MediaHarness, from milliseconds: Double = 0, first: UInt16 = 0,
    ports: (UInt16, UInt16) = (4000, 5000)
  ) {
    harness.talk(first..<first + 80, ssrc: 1, from: milliseconds, isBack: true, ports: ports)
    harness.talk(first..<first + 80, ssrc: 2, from: milliseconds, ports: ports)
  }

  private func expect(
    _ harness: inout MediaHarness, _ expected: [Bool?], _ location: SourceLocation = #_sourceLocation
  ) {
    let found = harness.finish().map(\.isSecure)
    #expect(found == expected, sourceLocation: location)
  }

  @Test(
    arguments: [
      ("AVP", crypto, "AVP", "", false), ("AVP", crypto, "AVP", crypto, true), ("AVP", "", "AVP", "", false),
      ("AVP", fingerprint, "AVP", "", false), ("AVP", fingerprint, "AVP", fingerprint, true),
      ("AVP", crypto, "SAVP", crypto, true), ("SAVP", crypto, "SAVP", crypto, true),
      ("SAVP", crypto, "AVP", "", false), ("SAVPF", fingerprint, "SAVPF", fingerprint, true),
    ])
  func `media are SRTP when both sides have keys, and otherwise none of them is`(
    profile: String, keys: String, answer: String, itsKeys: String, isSecure: Bool
  ) {
    var harness = MediaHarness()
    harness.announce(Self.audio(4000, profile, keys), by: 1, ofCall: true)
    harness.announce(Self.audio(5000, answer, itsKeys), by: 2, ofCall: true)
    talk(&harness)
    expect(&harness, [isSecure, isSecure])
  }

  @Test func `keys that are only offered say nothing unless the profile demands them`() {
    for (profile, expected) in [("AVP", nil), ("SAVP", true)] as [(String, Bool?)] {
      var harness = MediaHarness()
      harness.announce(Self.audio(4000, profile, Self.crypto), by: 1, ofCall: true)
      harness.talk(0..<80, isBack: true)
      expect(&harness, [expected])
    }
  }

  @Test(arguments: ["", crypto])
  func `voice that overtakes the answer learns from it`(keys: String) {
    var harness = MediaHarness()
    harness.announce(Self.audio(4000, "AVP", Self.crypto), by: 1, ofCall: true)
    harness.talk(0..<80, ssrc: 1, isBack: true)
    let isOpen = harness.streams.stream(harness.streams.liveInOrder[0]).isSecure == nil
    #expect(isOpen)
    harness.announce(Self.audio(5000, "AVP", keys), by: 2, ofCall: true, at: 1600)
    harness.talk(80..<160, ssrc: 1, from: 1600, isBack: true)
    let claimed = harness.claimed
    #expect(claimed == 1)
    expect(&harness, [!keys.isEmpty])
  }

  @Test func `an answer that was cut says nothing of keys`() {
    var harness = MediaHarness()
    harness.announce(Self.audio(4000, "AVP", Self.crypto), by: 1, ofCall: true)
    harness.announce(Self.audio(5000, "AVP", "a=rtpmap:0 PCMU/8000\r\n"), by: 2, ofCall: true, isCut: true)
    talk(&harness)
    expect(&harness, [nil, nil])
  }

  @Test func `an offer that comes again undoes nothing`() {
    var harness = MediaHarness()
    harness.announce(Self.audio(4000, "AVP", Self.crypto), by: 1, ofCall: true)
    harness.announce(Self.audio(5000, "AVP"), by: 2, ofCall: true)
    harness.announce(Self.audio(4000, "AVP", Self.crypto), by: 1, ofCall: true)
    talk(&harness)
    expect(&harness, [false, false])
  }

  @Test func `what a call agrees on anew holds for its streams`() {
    var harness = MediaHarness()
    for (keys, isSecure) in [(Self.crypto, true), ("", false), (Self.crypto, true)] {
      let place = Double(harness.streams.packets) * 10
      harness.announce(Self.audio(4000, "AVP", keys), by: 1, ofCall: true, at: place)
      harness.announce(Self.audio(5000, "AVP", keys), by: 2, ofCall: true, at: place)
      for number in harness.streams.liveInOrder {
        harness.streams.noteAgreement(of: number, at: Timestamp(nanoseconds: 1_000_000_000_000))
      }
      talk(&harness, from: place, first: UInt16(harness.streams.packets / 2))
      var streams: [Bool?] = []
      for number in harness.streams.liveInOrder { streams.append(harness.streams.stream(number).isSecure) }
      #expect(streams == [isSecure, isSecure])
    }
  }

  @Test func `a relay may have keys with one of the parties`() {
    var harness = MediaHarness()
    let (outer, inner) = ((UInt32(1), UInt32(9)), (UInt32(9), UInt32(2)))
    harness.announce(Self.audio(4000, "SAVP", Self.crypto), by: 1, ofCall: true, hop: outer)
    harness.announce(Self.audio(4002, "AVP"), by: 1, ofCall: true, hop: inner)
    harness.announce(Self.audio(5002, "AVP"), by: 2, ofCall: true, hop: (inner.1, inner.0))
    harness.announce(Self.audio(5000, "SAVP", Self.crypto), by: 2, ofCall: true, hop: (outer.1, outer.0))
    talk(&harness)
    talk(&harness, ports: (4002, 5002))
    expect(&harness, [true, true, false, false])
  }

  @Test func `the branch of a fork that answers decides`() {
    var harness = MediaHarness()
    let offer = Self.audio(4000, "AVP", Self.crypto)
    for hop in [(1, 9), (9, 7), (9, 8)] as [(UInt32, UInt32)] {
      harness.announce(offer, by: 1, ofCall: true, hop: hop)
    }
    for hop in [(7, 9), (9, 1)] as [(UInt32, UInt32)] {
      harness.announce(Self.audio(5000, "AVP"), by: 2, ofCall: true, hop: hop)
    }
    talk(&harness)
    expect(&harness, [false, false])
  }

  @Test func `of two media with one port the one that is taken decides`() {
    for (port, profile) in [("5000", "SAVP"), ("0", "AVP")] {
      var harness = MediaHarness()
      harness.announce(
        Self.audio(4000, "SAVP", Self.crypto) + Self.audio(4000, "AVP"), by: 1, ofCall: true)
      let other = port == "0" ? "5000" : "0"
      harness.announce(
        "m=audio \(port) RTP/SAVP 0\r\n\(Self.crypto)m=audio \(other) RTP/AVP 0\r\n", by: 2, ofCall: true)
      talk(&harness)
      expect(&harness, [profile == "SAVP", profile == "SAVP"])
    }
  }

  @Test func `a handshake of the flow outdoes what descriptions say`() {
    var harness = MediaHarness()
    harness.announce(Self.audio(4000, "AVP"), by: 1, ofCall: true)
    harness.announce(Self.audio(5000, "AVP"), by: 2, ofCall: true)
    talk(&harness)
    harness.agreeOnKeys()
    harness.announce(Self.audio(4000, "AVP"), by: 1, ofCall: true, at: 1600)
    talk(&harness, from: 1600, first: 80)
    // A third stream of the flow has them from its first packet on.
    harness.talk(0..<80, ssrc: 3, from: 3200)
    expect(&harness, [true, true, true])
  }
}

/// Whether RTCP is SRTCP.
@Suite struct SealedControlTests {
  private static let crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"
  private static let plain: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 1]
  /// An index with the bit of encryption, and a tag.
  private static let sealed: [UInt8] =
    [0x80, 200, 0, 6, 0, 0, 0, 1] + [UInt8](repeating: 0xa5, count: 20) + [0x80, 0, 0, 7]
    + [UInt8](repeating: 0x5a, count: 10)
  /// A tag with the number of its key behind the index, which nothing but the description can tell.
  private static let other: [UInt8] = sealed + [1, 2, 3]

  @Test(
    arguments: [
      (nil, plain, false), (nil, sealed, true), (nil, other, false),
      ("AVP", plain, false), ("AVP", sealed, false), ("AVP", other, false),
      ("SAVP", plain, false), ("SAVP", sealed, true), ("SAVP", other, true),
    ] as [(String?, [UInt8], Bool)])
  func `the bytes of RTCP tell whether it is encrypted, and what its media agreed on`(
    profile: String?, bytes: [UInt8], isSealed: Bool
  ) {
    var harness = MediaHarness()
    if let profile {
      let keys = profile == "AVP" ? "" : Self.crypto
      harness.announce("m=audio 4000 RTP/\(profile) 0\r\n\(keys)", by: 1, ofCall: true)
      harness.announce("m=audio 5000 RTP/\(profile) 0\r\n\(keys)", by: 2, ofCall: true)
    }
    // At the port behind the media's, and with it at one.
    for ports in [(4001, 5001), (4000, 5000)] as [(UInt16, UInt16)] {
      let found = harness.isSealed(bytes, ports: ports)
      #expect(found == isSealed)
    }
  }

  @Test func `a packet that the capture cut tells nothing by its bytes`() {
    var harness = MediaHarness()
    let isSealed = harness.isSealed(Self.sealed, ports: (4001, 5001), uncaptured: 4)
    #expect(!isSealed)
  }
}
