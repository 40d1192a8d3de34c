import Testing
import Values

@testable import Tracking

@Suite struct StreamReportTests {
  private let interval: Int64 = 10_000_000_000

  @Test func `each interval has a report with its own figures, and they add up to the stream's`() throws {
    var harness = MediaHarness(reportInterval: interval)
    // 35 seconds; losses in the second interval only.
    harness.talk((0..<1750).filter { !(600..<610).contains($0) })
    let reports = harness.reports.map(\.quality)
    let streams = harness.finish()
    let whole = try #require(streams.first).quality()
    #expect(reports.count == 3)
    #expect(reports.map(\.lost) == [0, 10, 0] && whole.lost == 10)
    #expect(reports.map(\.burstRatio).map { $0 == nil } == [true, false, true])
    let last = streams.map { $0.totals.since($0.reported) }
    #expect(reports.reduce(0) { $0 + $1.packets } + last.reduce(0) { $0 + $1.packets } == whole.packets)
    #expect(reports.reduce(0) { $0 + $1.expected } + last.reduce(0) { $0 + $1.expected } == whole.expected)
    let scores = reports.compactMap { $0.opinion?.score }
    #expect(scores.count == 3 && scores[1] < scores[0] && scores[0] == scores[2])
  }

  @Test func `the longest gap and the highest jitter are of their interval, and of all in the end`() throws {
    var harness = MediaHarness(reportInterval: interval)
    for place in 0..<1600 {
      let late: Double = place == 700 ? 15 : 0
      let rtp = MediaHarness.RTP(sequence: UInt16(place), timestamp: UInt32(place) * 160)
      harness.send(rtp.bytes, at: Double(place) * 20 + late)
    }
    let reports = harness.reports.map(\.quality)
    let streams = harness.finish()
    let whole = try #require(streams.first).quality()
    #expect(reports.map(\.maximumDelta) == [20_000_000, 35_000_000, 20_000_000])
    #expect(whole.maximumDelta == 35_000_000)
    let jitter = reports.map { $0.maximumJitter ?? -1 }
    #expect(jitter[0] < 1 && jitter[1] > 900_000 && jitter[2] < jitter[1])
    #expect(whole.maximumJitter == jitter[1])
  }

  @Test func `the jitter of an answered call begins with the answer, that of the stream does not`() throws {
    var harness = MediaHarness(reportInterval: interval)
    for place in 0..<1100 {
      let late: Double = place == 100 ? 15 : 0
      let rtp = MediaHarness.RTP(sequence: UInt16(place), timestamp: UInt32(place) * 160)
      harness.send(rtp.bytes, at: Double(place) * 20 + late)
      if place == 300 { harness.streams.noteAnswer(of: 0) }
    }
    let reports = harness.reports.map { $0.quality.maximumJitter ?? -1 }
    let stream = try #require(harness.finish().first)
    let peak = try #require(stream.quality().maximumJitter)
    #expect(peak > 900_000 && reports.map { $0 == peak } == [true, false])
    #expect(try #require(stream.qualitySinceAnswer(isConcealed: true).maximumJitter) < 100)
  }

  @Test func `reports keep their grid and cover at least their interval`() {
    var harness = MediaHarness(reportInterval: interval)
    harness.talk((0..<3000).map { UInt16($0) })
    let times = harness.reports.map(\.seconds)
    #expect(times.count == 5)
    for (place, time) in times.enumerated() {
      #expect(abs(time - Double(place + 1) * 10) < 2.1, "\(times)")
    }
    #expect(harness.reports.allSatisfy { $0.quality.duration >= 8_000_000_000 })
  }

  @Test func `a silent interval has no report, and the next one covers only its own time`() throws {
    var harness = MediaHarness(reportInterval: interval)
    harness.talk(0..<100)
    // Another stream lets time pass.
    harness.talk(0..<1600, ssrc: 9, ports: (4002, 5002))
    harness.talk(100..<600, from: 35_000)
    harness.talk(0..<10, ssrc: 9, from: 46_000, ports: (4002, 5002))
    let own = harness.reports.map(\.quality).filter { $0.packets <= 500 }
    #expect(own.map(\.packets).reduce(0, +) > 0 && own.allSatisfy { $0.packets > 0 })
    #expect(own.allSatisfy { $0.duration <= 12_000_000_000 }, "\(own.map(\.duration))")
  }

  @Test func `a report that nobody could ask for in time bears the end of its interval`() {
    var harness = MediaHarness(reportInterval: interval)
    harness.talk(0..<100)
    harness.talk(0..<2, ssrc: 9, from: 45_000, ports: (4002, 5002))
    #expect(harness.reports.map(\.seconds) == [10])
    #expect(harness.reports.first?.quality.duration == interval)
  }

  @Test func `a late packet never makes an interval's loss negative`() {
    let early = StreamTotals(packets: 9, expected: 10, lost: 1, lossRuns: 1)
    let late = StreamTotals(packets: 12, expected: 12, lost: 0, lossRuns: 0, reordered: 1)
    let between = late.since(early)
    #expect(between.lost == 0 && between.expected == 2 && between.lossRuns == 0)
    #expect(StreamTotals(expected: 20, lost: 4, lossRuns: 1).since(late).lossRuns == 1)
  }

  @Test func `four hundred thousand streams take less than a third of a gigabyte`() {
    #expect(MemoryLayout<RTPStream>.stride * 400_000 < (1 << 30) / 3)
  }

  @Test func `without an interval there are no reports, and candidates have none`() {
    var harness = MediaHarness()
    harness.talk(0..<2000)
    #expect(harness.reports.isEmpty)
    var quiet = MediaHarness(reportInterval: 1_000_000_000)
    for second in 0..<20 {
      quiet.send(MediaHarness.RTP(ssrc: UInt32(second), sequence: 5).bytes, at: Double(second) * 1000)
    }
    #expect(quiet.reports.isEmpty)
  }
}

@Suite struct StreamChangeTests {
  typealias RTP = MediaHarness.RTP

  @Test func `another SSRC of the same sender is a change`() throws {
    var harness = MediaHarness()
    harness.talk(0..<100, ssrc: 7)
    harness.talk(500..<600, ssrc: 8, from: 2000)
    #expect(harness.changes.count == 1)
    let change = try #require(harness.changes.first)
    #expect(change.previousSSRC == 7 && change.previousSource == nil && change.previousPayloadType == nil)
  }

  @Test func `video beside audio on one port is no change, nor are its retransmissions`() {
    var harness = MediaHarness()
    harness.announce(
      "m=audio 5000 RTP/AVP 0\r\nm=video 5000 RTP/AVP 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n"
    )
    for place in 0..<300 {
      for (ssrc, payloadType, first) in [(UInt32(7), UInt8(0), 0), (8, 96, 100), (9, 97, 200)]
      where place >= first {
        let rtp = RTP(
          ssrc: ssrc, sequence: UInt16(place), timestamp: UInt32(place) * (ssrc == 7 ? 160 : 1800),
          payloadType: payloadType)
        harness.send(rtp.bytes, at: Double(place) * 20 + Double(ssrc))
      }
    }
    #expect(harness.started == 3 && harness.changes.isEmpty)
  }

  @Test func `the other direction is no change`() {
    var harness = MediaHarness()
    harness.talk(0..<100, ssrc: 7)
    harness.talk(0..<100, ssrc: 8, from: 2000, isBack: true)
    #expect(harness.changes.isEmpty)
  }

  @Test func `SSRCs that alternate from the start are no change, and a newcomer is one`() {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 0\r\n")
    for place in 0..<500 {
      for ssrc in UInt32(1)...(place < 250 ? 4 : 5) {
        let rtp = RTP(ssrc: ssrc, sequence: UInt16(place), timestamp: UInt32(place) * 160)
        harness.send(rtp.bytes, at: Double(place) * 20 + Double(ssrc))
      }
    }
    #expect(harness.started == 5 && harness.changes.count == 1)
  }

  @Test func `a flood of SSRCs does not flood changes`() {
    var harness = MediaHarness()
    harness.talk(0..<100, ssrc: 1)
    for ssrc in UInt32(100)..<400 {
      harness.talk(0..<4, ssrc: ssrc, from: 2000 + Double(ssrc - 100) * 10)
    }
    #expect(harness.started > 200 && harness.changes.count == 1)
  }

  @Test func `another sender of the same SSRC is a change`() throws {
    var harness = MediaHarness()
    harness.talk(0..<100)
    harness.talk(100..<200, from: 2000, ports: (4444, 5000))
    #expect(harness.changes.map(\.previousSource) == [IPAddress(v4: 1)])
    #expect(harness.changes.allSatisfy { $0.previousSSRC == nil })
    // Another receiver is another path of the same stream, as behind a proxy.
    harness.talk(200..<300, from: 4000, ports: (4444, 5002))
    #expect(harness.changes.count == 1)
  }

  @Test func `another payload type is a change, but not while payload types alternate`() {
    var harness = MediaHarness()
    func send(_ place: Int, _ payloadType: UInt8) {
      let rtp = RTP(
        sequence: UInt16(place), timestamp: UInt32(place) * 160, payloadType: payloadType)
      harness.send(rtp.bytes, at: Double(place) * 20)
    }
    for place in 0..<100 { send(place, 0) }
    for place in 100..<200 { send(place, 8) }
    #expect(harness.changes.map(\.previousPayloadType) == [0])
    for place in 200..<400 { send(place, place & 1 == 0 ? 0 : 8) }
    #expect(harness.changes.map(\.previousPayloadType) == [0, 8])
  }

  @Test func `comfort noise, telephone events and a late description are no change`() {
    var harness = MediaHarness()
    for place in 0..<300 {
      let kind: UInt8 = place % 100 == 70 ? 13 : place % 100 > 90 ? 101 : 96
      if place == 150 {
        harness.announce(
          "m=audio 5000 RTP/AVP 96 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n",
          at: 3000)
      }
      let rtp = RTP(
        sequence: UInt16(place), timestamp: UInt32(place) * 960, payloadType: kind,
        payload: kind == 101 ? [1, 10, 0, 160] : [UInt8](repeating: 9, count: 80))
      harness.send(rtp.bytes, at: Double(place) * 20)
    }
    #expect(harness.started == 1 && harness.changes.isEmpty)
  }
}
