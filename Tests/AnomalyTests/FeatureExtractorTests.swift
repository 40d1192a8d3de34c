import Anomaly
import Events
import Testing
import Values

@Suite struct FeatureExtractorTests {
  typealias Call = FeatureEvents.Call

  @Test func `messages count at first sight, responses for whoever asked`() throws {
    var events = FeatureEvents()
    events.sip("REGISTER", agent: "A")
    events.sip("REGISTER", code: 401)
    events.sip("REGISTER", agent: "A", isRepeat: true)
    events.sip("OPTIONS", agent: "B")
    events.sip("OPTIONS", code: 404)
    events.sip("OPTIONS", code: 404, isRepeat: true)
    events.sip("MESSAGE")
    events.sip("MESSAGE", code: 503)
    let row = events.row
    #expect(row[.sipMessages] == 6)
    #expect(row[.registers] == 1)
    #expect(row[.options] == 1)
    #expect(row[.notFound] == 1)
    #expect(row[.serverFailures] == 1)
    #expect(row[.userAgents] == 2)
    #expect(row[.newUserAgent] == 1)
    #expect(row[.invites] == 0)
    #expect(row[.answerSeizureRatio].isNaN)
    #expect(row[.mediaSignallingRatio].isNear(-3.477_266))
    #expect(events.hour(.source, "198.51.100.1") == nil)
    let hour = events.hour(.account, "alice@example.com")
    let account = try #require(hour)
    #expect(account.row[.sipMessages] == 6)
    #expect(account.further.sourceSpread == 1)
  }

  @Test func `the first user agent is none that is new`() {
    var events = FeatureEvents()
    events.sip("OPTIONS", agent: "A")
    #expect(events.row[.newUserAgent] == 0)
    events.seconds = 3600
    events.sip("OPTIONS", agent: "A")
    #expect(events.row[.newUserAgent] == 0)
    events.sip("OPTIONS", agent: "B")
    events.sip("OPTIONS", agent: "A")
    #expect(events.row[.newUserAgent] == 1)
    events.seconds = 7200
    events.sip("OPTIONS", agent: "B")
    #expect(events.row[.newUserAgent] == 0)
    #expect(events.row[.userAgents] == 1)
  }

  @Test func `user agents that take turns have an entropy, one has none`() {
    var events = FeatureEvents()
    events.sip("OPTIONS")
    #expect(events.hour(.source, "192.0.2.1")?.further.agentEntropy.isNaN == true)
    for _ in 0..<4 { events.sip("OPTIONS", agent: "A") }
    #expect(events.hour(.source, "192.0.2.1")?.further.agentEntropy == 0)
    for _ in 0..<4 { events.sip("OPTIONS", agent: "B") }
    events.sip("OPTIONS", agent: "C", isRepeat: true)
    for (type, name) in [(EntityType.source, "192.0.2.1"), (.account, "alice@example.com")] {
      #expect(events.hour(type, name)?.further.agentEntropy.isNear(1) == true)
    }
    events.seconds = 3600
    events.sip("OPTIONS", agent: "B")
    #expect(events.hour(.source, "192.0.2.1")?.further.agentEntropy == 0)
  }

  @Test func `calls by night and at unusual hours show`() throws {
    var events = FeatureEvents()
    // Hour 1000 is a Sunday's 16 o'clock.
    events.sip("OPTIONS")
    #expect(events.hour(.source, "192.0.2.1")?.further.nightShare.isNaN == true)
    events.call(.callStarted)
    events.seconds = 6 * 3600
    for _ in 0..<3 { events.call(.callStarted) }
    let nightHour = events.hour(.source, "192.0.2.1")
    let night = try #require(nightHour)
    #expect(night.further.nightShare == 0.75 && night.further.offHours.isNaN)
    events.seconds = 31 * 3600
    events.call(.callStarted)
    #expect(events.hour(.source, "192.0.2.1")?.further.offHours.isNaN == true)
    events.seconds = 55 * 3600
    for _ in 0..<9 { events.call(.callStarted) }
    for (type, name) in [(EntityType.source, "192.0.2.1"), (.account, "alice@example.com"), (.prefix, "100")]
    {
      let ownHour = events.hour(type, name)
      let hour = try #require(ownHour)
      // On Monday there was one attempt in this hour.
      #expect(hour.further.offHours.isNear(0.698_970))
      #expect(hour.further.nightShare == 1)
    }
  }

  @Test func `counters of several user agents are given back with the hour`() {
    var events = FeatureEvents(limit: 16)
    for round in 0..<50 {
      events.seconds = Double(round) * 3600
      for number in 0..<100 {
        let address = IPAddress(v4: 0x0a00_0000 + UInt32(number))
        for agent in ["A", "B"] { events.sip("OPTIONS", from: address, agent: agent) }
      }
    }
    // One chunk of the counters, whatever came and went.
    #expect(events.features.usage[0].usage.bytes < 1_500_000)
  }

  @Test func `credentials that fail count against attempts to register and to call`() {
    var events = FeatureEvents()
    for _ in 0..<4 { events.sip("REGISTER") }
    events.registration(.registrationFailed, reason: "bad-credentials")
    events.registration(.registrationFailed, reason: "bad-credentials")
    events.registration(.registrationFailed, reason: "timeout")
    events.call(.callStarted)
    events.call(.callEnded, Call(cause: "rejected", code: 401))
    events.call(.callEnded, Call(cause: "challenge-unanswered", code: 401))
    #expect(events.row[.authenticationFailures] == 3)
    #expect(events.row[.authenticationFailureRatio].isNear(3.0 / 8))
    #expect(events.row[.serverFailures] == 1)
  }

  @Test func `what calls come to`() {
    var events = FeatureEvents()
    for index in 0..<8 {
      events.seconds = Double(index)
      events.call(.callStarted, Call(live: Int64(index)))
    }
    events.call(.callAnswered, Call(pdd: 1.5))
    events.call(.callAnswered, Call(pdd: 2.5))
    events.call(.callAnswered)
    events.call(.callEnded, Call(duration: 9.5, cause: "answered", isOneWay: true))
    events.call(.callEnded, Call(duration: 10, cause: "answered", isOneWay: false))
    events.call(.callEnded, Call(duration: 220.5, cause: "answered"))
    events.call(.callEnded, Call(pdd: 5, cause: "cancelled", code: 487))
    events.call(.callEnded, Call(cause: "failed", code: 503))
    events.call(.callEnded, Call(cause: "timeout"))
    events.call(.callEnded, Call(cause: "busy", code: 486))
    let row = events.row
    #expect(row[.invites] == 8)
    #expect(row[.answerSeizureRatio].isNear(3.0 / 7))
    #expect(row[.networkEffectivenessRatio].isNear(5.0 / 7))
    #expect(row[.averageCallDuration].isNear(80))
    #expect(row[.minutes].isNear(4))
    #expect(row[.shortShare].isNear(1.0 / 3))
    #expect(row[.cancelShare].isNear(1.0 / 7))
    #expect(row[.oneWayShare].isNear(0.5))
    #expect(row[.postDialDelay].isNear(3000))
    #expect(row[.maximumConcurrent] == 8)
    #expect(row[.serverFailures] == 1)
    #expect(events.hour(.account, "alice@example.com")?.row[.maximumConcurrent] == 7)
  }

  @Test func `where calls go`() throws {
    var events = FeatureEvents()
    let numbers = [
      ("+4930111111", "DE", "fixed"), ("+4930111112", "DE", "fixed"), ("+447700900123", "GB", "mobile"),
      ("+49900123456", "DE", "premium"), ("+447700900123", "GB", "mobile"),
    ]
    for (number, country, type) in numbers {
      let isAbroad = country != "DE"
      events.call(
        .callStarted,
        Call(callee: number, number: number, country: country, type: type, isInternational: isAbroad))
    }
    events.call(
      .callStarted,
      Call(callee: "+88161234567", number: "+88161234567", type: "satellite", isInternational: true))
    events.call(.callStarted, Call(callee: "200"))
    events.call(.callStarted, Call(callee: "201"))
    let row = events.row
    #expect(row[.distinctCallees] == 7)
    // +493011 twice, +447700 twice, +499001, +881612, 200, 201
    #expect(row[.distinctPrefixes] == 6)
    #expect(row[.prefixEntropy].isNear(2 * 0.25 * 2 + 4 * 0.125 * 3))
    #expect(row[.internationalShare].isNear(3.0 / 8))
    #expect(row[.premiumShare].isNear(1.0 / 8))
    #expect(row[.newCalleeShare].isNear(7.0 / 8))
    #expect(row[.newCountry] == 1)
    let hour = events.hour(.prefix, "+447700")
    let prefix = try #require(hour)
    #expect(prefix.row[.invites] == 2)
    #expect(prefix.row[.distinctCallees] == 1)
    #expect(prefix.row[.maximumConcurrent] == 2)
    #expect(prefix.row[.sipMessages].isNaN)
    #expect(prefix.further.sourceSpread == 1)
  }

  @Test func `where nobody says what home is, numbers of known countries are international`() {
    var events = FeatureEvents()
    events.call(.callStarted, Call(number: "+4930111111", country: "DE"))
    #expect(events.row[.internationalShare] == 1)
    events.call(.callStarted, Call(callee: "200"))
    #expect(events.row[.internationalShare] == 0.5)
  }

  @Test func `a callee that was called before is not new, in any later hour`() {
    var events = FeatureEvents()
    events.call(.callStarted, Call(callee: "100"))
    events.call(.callStarted, Call(callee: "100"))
    #expect(events.row[.newCalleeShare] == 0.5)
    events.seconds = 9000
    events.call(.callStarted, Call(callee: "100"))
    #expect(events.row[.newCalleeShare] == 0)
    #expect(events.row[.invites] == 1)
  }

  @Test func `the parts of a transfer are no attempts, though they take minutes`() {
    var events = FeatureEvents()
    events.call(.callStarted, Call(evidence: "refer"))
    events.call(.callAnswered, Call(evidence: "refer"))
    events.call(.callEnded, Call(duration: 60, cause: "answered", evidence: "refer"))
    events.call(.callStarted, Call(evidence: "replaces"))
    events.call(.callEnded, Call(cause: "failed", code: 500, evidence: "replaces"))
    #expect(events.row[.invites] == 0)
    #expect(events.row[.answerSeizureRatio].isNaN)
    #expect(events.row[.minutes] == 1)
  }

  @Test func `the gaps between attempts need three to have a spread`() throws {
    var events = FeatureEvents()
    for seconds in [0.0, 1, 3] {
      events.seconds = seconds
      events.call(.callStarted)
    }
    #expect(events.row[.interArrivalVariation].isNaN)
    events.seconds = 6
    events.call(.callStarted)
    // Gaps 1, 2, 3: mean 2, variance 2/3.
    #expect(events.row[.interArrivalVariation].isNear((2.0 / 3).squareRoot() / 2))
    let hour = events.hour(.source, "192.0.2.1")
    let median = try #require(hour).further.interArrivalMedian
    #expect((2 / 1.2...2 * 1.2).contains(median), "\(median)")
  }

  @Test func `media count for their sender and for the account of the call`() {
    var events = FeatureEvents()
    events.sip("INVITE")
    events.stream(packets: 3000)
    events.stream(packets: 2000, from: FeatureEvents.server)
    #expect(events.row[.rtpPackets] == 3000)
    #expect(events.row[.mediaSignallingRatio].isNear(3.078_314))
    #expect(events.hour(.account, "alice@example.com")?.row[.rtpPackets] == 5000)
    #expect(events.hour(.source, "198.51.100.1") == nil)
  }

  @Test func `requests without a live registration are told apart`() {
    var events = FeatureEvents()
    func unregistered() -> Double? { events.hour(.source, "192.0.2.1")?.further.unregisteredActivity }
    events.sip("OPTIONS")
    events.sip("REGISTER")
    #expect(unregistered() == 1)
    events.registration(.registrationRegistered, expires: 600)
    events.seconds = 599
    events.sip("OPTIONS")
    #expect(unregistered() == 1)
    events.seconds = 601
    events.sip("OPTIONS")
    #expect(unregistered() == 2)
    #expect(events.hour(.source, "192.0.2.1")?.further.methodEntropy.isNear(0.811_278) == true)
  }

  @Test func `another country of an account is new, the first one is not`() {
    var events = FeatureEvents()
    events.sip("REGISTER", country: "DE")
    #expect(events.hour(.account, "alice@example.com")?.row[.newCountry] == 0)
    events.sip("REGISTER", from: FeatureEvents.other, country: "RU")
    let account = events.hour(.account, "alice@example.com")
    #expect(account?.row[.newCountry] == 1)
    #expect(account?.further.sourceSpread == 2)
  }
}

extension Double {
  func isNear(_ other: Double) -> Bool { abs(self - other) < 1e-6 }
}
