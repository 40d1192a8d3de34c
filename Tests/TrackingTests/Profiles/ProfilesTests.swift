import Events
import Testing
import Values

@testable import Tracking

@Suite struct ProfilesTests {
  private func texts(_ field: Field, _ event: borrowing Event) -> [String] {
    guard case .list(let range) = event[field] else { return [] }
    return event.items[range.range].compactMap { item in
      guard case .text(let text) = item else { return nil }
      return String(decoding: event.text[text.range], as: UTF8.self)
    }
  }

  @Test func `an event is seen with itself in the profile`() {
    var events = ProfileEvents()
    events.sip("OPTIONS", agent: "friendly")
    let event = events.filled()
    #expect(event[.sourceFirstSeen] == .time(event.timestamp))
    #expect(event[.sourceLastSeen] == .absent)
    #expect(event.integer(.sourceMessages) == 1)
    #expect(event.integer(.sourceRequests) == 1)
    #expect(event.integer(.sourceOptions) == 1)
    #expect(event.integer(.sourceInvites) == 0)
    #expect(event.integer(.sourcePeers) == 1)
    #expect(event.integer(.sourceUserAgents) == 1)
    #expect(event.string(.sourceUserAgent) == "friendly")
    #expect(event[.sourceReputation] == .decimal(50))
    #expect(event.string(.accountName) == "alice@example.com")
    #expect(event.integer(.accountSources) == 1)
    #expect(event[.sourceReputationReasons] == .absent)
  }

  @Test func `messages are counted by method, repeats are not`() {
    var events = ProfileEvents()
    for method in ["INVITE", "REGISTER", "REGISTER", "OPTIONS", "ACK"] { events.sip(method) }
    events.sip("INVITE", isRepeat: true)
    let event = events.filled()
    #expect(event.integer(.sourceMessages) == 5)
    #expect(event.integer(.sourceInvites) == 1)
    #expect(event.integer(.sourceRegisters) == 2)
    #expect(event.integer(.accountRegisters) == 2)
  }

  @Test func `the message before is remembered`() {
    var events = ProfileEvents()
    events.sip("OPTIONS")
    let first = events.event.timestamp
    events.seconds += 3600
    events.sip("OPTIONS")
    #expect(events.filled()[.sourceLastSeen] == .time(first))
    #expect(events.filled()[.sourceFirstSeen] == .time(first))
  }

  @Test func `a refusal is held against who asked, not against who refuses`() {
    var events = ProfileEvents()
    events.sip("REGISTER")
    for code in [100, 180, 200, 302, 401, 407, 422, 423, 487, 491] { events.sip("REGISTER", code: code) }
    #expect(events.phone().integer(.sourceFailures) == 0)
    events.sip("INVITE", code: 404)
    #expect(events.filled().integer(.sourceFailures) == 0, "the source of an answer is the server")
    #expect(events.filled().integer(.accountFailures) == 1, "its account is the caller's")
    events.sip("INVITE", code: 503)
    let event = events.phone(explains: true)
    #expect(event.integer(.sourceFailures) == 2)
    #expect(event[.sourceReputation] == .decimal(48))
    #expect(texts(.sourceReputationReasons, event) == ["not-found 1x -2"])
  }

  @Test func `a message is malformed once, however many faults it has`() {
    var events = ProfileEvents()
    events.sip("OPTIONS")
    for layer in ["sip", "sip", "sdp", "ipv4"] { events.fault(layer: layer) }
    #expect(events.phone().integer(.sourceFaults) == 1)
    events.fault()
    let event = events.phone(explains: true)
    #expect(event.integer(.sourceFaults) == 2)
    #expect(texts(.sourceReputationReasons, event) == ["malformed 2x -2"])
  }

  @Test func `calls are counted for the caller's address and account`() {
    var events = ProfileEvents()
    events.sip("INVITE")
    for (callee, country) in [("4930123", "DE"), ("4930123", "DE"), ("23222123", "SL")] {
      events.call(
        .callStarted, [(.callSourceConcurrent, .integer(3)), (.callConcurrent, .integer(2))],
        [(.callCallee, callee), (.callCalleeCountry, country)])
    }
    events.call(.callAnswered, [(.callSourceConcurrent, .integer(2))])
    events.call(
      .callEnded, [(.callDuration, .duration(31_000_000_000)), (.callSourceConcurrent, .integer(1))])
    events.call(.callEnded, [], [(.callCause, "rejected")])
    events.call(.callEnded, [], [(.callCause, "cancelled")])
    let event = events.phone(explains: true)
    #expect(event.integer(.sourceCalls) == 3)
    #expect(event.integer(.sourceAnsweredCalls) == 1)
    #expect(event.integer(.sourceFailedCalls) == 1)
    #expect(event.integer(.sourceConcurrentCalls) == 1)
    #expect(event.integer(.accountConcurrentCalls) == 2)
    #expect(event.integer(.sourceCallees) == 2)
    #expect(event.integer(.sourceCountries) == 2)
    #expect(event.integer(.accountCalls) == 3)
    #expect(texts(.sourceReputationReasons, event) == ["long-call 1x +5"])
  }

  @Test func `bad credentials and scanning for challenges count`() {
    var events = ProfileEvents()
    events.sip("REGISTER")
    events.registration(.registrationFailed, reason: "bad-credentials")
    events.registration(.registrationFailed, reason: "challenge-unanswered")
    events.registration(.registrationFailed, reason: "not-found")
    events.call(.callEnded, [(.callCode, .integer(407))], [(.callCause, "rejected")])
    events.call(.callEnded, [(.callCode, .integer(401))], [(.callCause, "challenge-unanswered")])
    events.registration(.registrationRegistered)
    events.registration(.registrationRefreshed)
    let event = events.phone()
    #expect(event.integer(.sourceAuthFailures) == 2)
    #expect(event.integer(.sourceFailedRegistrations) == 3)
    #expect(event.integer(.sourceRegistrations) == 2)
    #expect(event.integer(.sourceFailedCalls) == 2)
    #expect(event[.accountReputation] == .decimal(50 - 5 - 1 - 5 - 1 + 5 + 1))
  }

  @Test func `an alert is held against who asked, and says which rule`() {
    var events = ProfileEvents()
    events.sip("REGISTER")
    events.sip("REGISTER", code: 401)
    events.profiles.observe(alertOf: .high, sid: 1_000_012, by: events.event, events.parties)
    events.profiles.observe(alertOf: .info, sid: 1_000_013, by: events.event, events.parties)
    #expect(events.filled()[.sourceReputation] == .decimal(50))
    let event = events.phone(explains: true)
    #expect(event[.sourceReputation] == .decimal(20))
    #expect(event[.accountReputation] == .decimal(20))
    #expect(texts(.sourceReputationReasons, event) == ["alert-high sid 1000012 1x -30"])
  }

  @Test func `an account is a user and a host without case`() {
    var events = ProfileEvents()
    events.sip("INVITE", user: "Bob", host: "EXAMPLE.com")
    events.sip("INVITE", user: "Bob", host: "example.COM")
    #expect(events.filled().integer(.accountMessages) == 2)
    events.sip("INVITE", user: "bob", host: "example.com")
    #expect(events.filled().integer(.accountMessages) == 1)
    events.sip("INVITE", user: nil)
    #expect(events.filled()[.accountName] == .absent)
  }

  @Test func `forged senders displace each other, not who is known`() {
    var events = ProfileEvents(capacity: 64)
    events.sip("REGISTER")
    events.registration(.registrationRegistered)
    for _ in 0..<20 { events.sip("OPTIONS", from: IPAddress(v4: 1)) }
    for number in 0..<UInt32(5000) {
      events.sip("OPTIONS", from: IPAddress(v4: 0x0a00_0000 | number), user: "u\(number)")
      if number % 2 == 0 {
        events.sip("OPTIONS", from: IPAddress(v4: 0x0a00_0000 | number), user: "u\(number)")
      }
    }
    #expect(events.profiles.count == 128)
    #expect(events.profiles.evictions > 9000)
    #expect(events.profiles.provenEvictions == 0)
    #expect(events.phone().integer(.sourceRegistrations) == 1)
    events.sip("OPTIONS", from: IPAddress(v4: 1))
    #expect(events.filled().integer(.sourceMessages) == 21)
  }

  @Test func `events without addresses or text change nothing`() {
    var events = ProfileEvents()
    for kind in EventKind.allCases {
      events.event.reset(kind, at: Timestamp(nanoseconds: 5), sequence: 1)
      events.profiles.observe(events.event, events.parties)
      events.profiles.observe(alertOf: .high, sid: 1, by: events.event, events.parties)
      events.profiles.fill(&events.event, events.parties, explains: true)
      for field in [Field.sourceMessages, .accountMessages, .sourceReputation] {
        #expect(events.event[field] == .absent)
      }
    }
    #expect(events.profiles.count == 0)
  }

  @Test func `hostile text is taken as it is`() {
    var events = ProfileEvents()
    let long = String(repeating: "x", count: 5000)
    events.sip("INVITE", user: long, host: long, agent: long)
    let event = events.filled()
    #expect(event.string(.accountName)?.utf8.count == 257)
    #expect(event.string(.sourceUserAgent)?.utf8.count == 40)
    events.call(.callStarted, [], [(.callCallee, long)])
    #expect(events.phone().integer(.sourceCallees) == 1)
  }
}
