import Events
import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// What makes no event.
private struct NoEvent: Error {}

@Suite struct RTCPEventTests {
  private func build(_ bytes: [UInt8]) throws -> Event {
    var event = Event()
    event.reset(.rtcp, at: Timestamp(nanoseconds: 0), sequence: 1)
    var builder = RTCPEventBuilder()
    guard builder.build(bytes.span, into: &event) else { throw NoEvent() }
    return event
  }

  private func types(_ event: borrowing Event) -> [String] {
    guard case .list(let range) = event[.rtcpTypes] else { return [] }
    return event.items[range.range].compactMap { item in
      guard case .text(let text) = item else { return nil }
      return String(decoding: event.text[text.range], as: UTF8.self)
    }
  }

  private func block(lost: UInt8, cumulative: UInt8, jitter: UInt8) -> [UInt8] {
    [0, 0, 0, 2, lost, 0, 0, cumulative, 0, 0, 0, 9, 0, 0, 0, jitter] + [UInt8](repeating: 0, count: 8)
  }

  private let description: [UInt8] =
    [0x81, 202, 0, 3, 0, 0, 0, 1, 1, 5] + Array("a@b.c".utf8) + [0]

  @Test func `of several report blocks the worst counts`() throws {
    let report =
      [0x82, 201, 0, 13, 0, 0, 0, 1] + block(lost: 64, cumulative: 3, jitter: 9)
      + block(lost: 16, cumulative: 8, jitter: 40)
    let event = try build(report + description)
    #expect(types(event) == ["RR", "SDES"])
    #expect(event.integer(.rtcpSSRC) == 1 && event.string(.rtcpCname) == "a@b.c")
    #expect(event[.rtcpFractionLost] == .decimal(0.25))
    #expect(event.integer(.rtcpCumulativeLost) == 8 && event.integer(.rtcpJitter) == 40)
    #expect(event[.rtcpMOSLq] == .absent)
  }

  @Test func `duplicates make the loss of a report negative`() throws {
    var report = [0x81, 201, 0, 7, 0, 0, 0, 1] + block(lost: 0, cumulative: 0, jitter: 0)
    report.replaceSubrange(13...15, with: [0xff, 0xff, 0xfe])
    #expect(try build(report).integer(.rtcpCumulativeLost) == -2)
  }

  @Test func `voice metrics give their scores, unless not measured`() throws {
    let metrics: [UInt8] =
      [7, 0, 0, 8, 0, 0, 0, 2] + [UInt8](repeating: 0, count: 16) + [93, 127, 42, 127]
      + [UInt8](repeating: 0, count: 8)
    let event = try build([0x80, 207, 0, 10, 0, 0, 0, 1] + metrics)
    #expect(types(event) == ["XR"])
    #expect(event[.rtcpMOSLq] == .decimal(4.2) && event.integer(.rtcpRFactor) == 93)
    #expect(event[.rtcpMOSCq] == .absent && event[.rtcpFractionLost] == .absent)
  }

  @Test func `of encrypted reports only the first header is told`() throws {
    let secret: [UInt8] =
      [0x80, 200, 0, 6, 0, 0, 0, 1] + [UInt8](repeating: 0xa5, count: 20) + [0x80, 0, 0, 1]
      + [UInt8](repeating: 3, count: 10)
    let event = try build(secret)
    #expect(types(event) == ["SR"] && event.integer(.rtcpSSRC) == 1)
    #expect(event[.rtcpCname] == .absent && event[.rtcpJitter] == .absent)
  }

  @Test func `every truncation is taken without harm`() {
    let whole = [0x81, 201, 0, 7, 0, 0, 0, 1] + block(lost: 1, cumulative: 1, jitter: 1) + description
    for count in 0..<whole.count { _ = try? build(Array(whole.prefix(count))) }
    #expect(throws: NoEvent.self) { _ = try build([0x80, 10, 0, 0]) }
  }
}

@Suite struct STUNEventTests {
  private func build(_ bytes: [UInt8]) throws -> Event {
    var event = Event()
    event.reset(.stun, at: Timestamp(nanoseconds: 0), sequence: 1)
    STUNEventBuilder.build(try STUNMessage(parsing: bytes.span), in: bytes.span, into: &event)
    return event
  }

  private func message(_ type: [UInt8], _ attributes: [UInt8]) -> [UInt8] {
    type + [0, UInt8(attributes.count), 0x21, 0x12, 0xa4, 0x42] + [UInt8](repeating: 1, count: 12)
      + attributes
  }

  @Test func `a request has its user and its software, and nothing of its password`() throws {
    let request = message(
      [0, 1],
      [0, 6, 0, 4] + Array("ab:c".utf8) + [0x80, 0x22, 0, 4] + Array("test".utf8) + [0, 8, 0, 20]
        + [UInt8](repeating: 0x41, count: 20))
    let event = try build(request)
    #expect(event.string(.stunMethod) == "binding" && event.string(.stunClass) == "request")
    #expect(event.string(.stunUsername) == "ab:c" && event.string(.stunSoftware) == "test")
    #expect(!String(decoding: event.text.prefix(event.textCount), as: UTF8.self).contains("AAAA"))
  }

  @Test func `a success has the mapped address, an error its code`() throws {
    let mapped: [UInt8] = [
      0, 0x20, 0, 8, 0, 1, 0x21 ^ 0x13, 0x12 ^ 0xc4, 0x21 ^ 192, 0x12, 0xa4 ^ 2, 0x42 ^ 7,
    ]
    let success = try build(message([1, 1], mapped))
    #expect(success[.stunMappedIP] == .ip(IPAddress(v4: 0xc000_0207)))
    #expect(success.integer(.stunMappedPort) == 0x13c4 && success.string(.stunClass) == "success")
    let error = try build(message([1, 0x13], [0, 9, 0, 4, 0, 0, 4, 1]))
    #expect(error.integer(.stunErrorCode) == 401 && error.string(.stunMethod) == "allocate")
  }

  @Test func `relays, peers, lifetimes and the roles of checks are told`() throws {
    // 192.0.2.7:5060 and 192.0.2.8:5061 under the magic cookie, RFC 8489 §14.2.
    let relayed: [UInt8] = [0, 0x16, 0, 8, 0, 1, 0x32, 0xd6, 0xe1, 0x12, 0xa6, 0x45]
    let peer: [UInt8] = [0, 0x12, 0, 8, 0, 1, 0x32, 0xd7, 0xe1, 0x12, 0xa6, 0x4a]
    let rest: [UInt8] = [0, 0x0d, 0, 4, 0, 0, 2, 0x58, 0, 0x14, 0, 4] + Array("home".utf8)
    let relay = try build(message([1, 3], relayed + peer + rest))
    #expect(relay[.stunRelayedIP] == .ip(IPAddress(v4: 0xc000_0207)))
    #expect(relay.integer(.stunRelayedPort) == 5060 && relay.integer(.stunPeerPort) == 5061)
    #expect(relay[.stunPeerIP] == .ip(IPAddress(v4: 0xc000_0208)))
    #expect(relay[.stunLifetime] == .duration(600_000_000_000) && relay.string(.stunRealm) == "home")
    #expect(relay[.stunICERole] == .absent && relay[.stunNominates] == .absent)

    let controlling: [UInt8] = [0x80, 0x2a, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
    for (attributes, nominates) in [(controlling, false), (controlling + [0, 0x25, 0, 0], true)] {
      let check = try build(message([0, 1], attributes))
      #expect(check.string(.stunICERole) == "controlling" && check[.stunNominates] == .bool(nominates))
    }
  }

  @Test func `an unregistered method is told by its number`() throws {
    #expect(try build(message([0, 0x0d], [])).string(.stunMethod) == "0xd")
  }
}
