import Testing
import Values

@testable import Tracking

@Suite struct BurstRatioTests {
  private func runs(_ arrivals: [Int], start: UInt16) -> Int64 {
    var tracker = SequenceTracker(first: start)
    for number in arrivals.dropFirst() { tracker.add(start &+ UInt16(truncatingIfNeeded: number)) }
    return tracker.lossRuns
  }

  /// Runs of missing numbers between the first and the highest.
  private func expectedRuns(_ arrivals: [Int]) -> Int64 {
    let seen = Set(arrivals)
    var count: Int64 = 0
    for number in 1...(arrivals.max() ?? 1) where !seen.contains(number) && seen.contains(number - 1) {
      count += 1
    }
    return count
  }

  @Test func `late packets close, shorten and part runs of losses`() {
    #expect(runs([0, 2], start: 9) == 1 && runs([0, 2, 1], start: 9) == 0)
    #expect(runs([0, 4, 1], start: 9) == 1 && runs([0, 4, 2], start: 9) == 2)
    #expect(runs([0, 4, 2, 1, 3], start: 9) == 0 && runs([0, 4, 3, 3], start: 9) == 1)
  }

  @Test func `runs are those of brute force for any order inside the window`() {
    let seed: UInt64 = 0xb0057
    var generator = SeededGenerator(seed: seed)
    for round in 0..<300 {
      let start = UInt16.random(in: 0...UInt16.max, using: &generator)
      let density = UInt8.random(in: 1...200, using: &generator)
      var sent = (1..<400).filter { _ in UInt8.random(in: 0...255, using: &generator) >= density }
      sent += sent.filter { _ in UInt8.random(in: 0...19, using: &generator) == 0 }
      let places = sent.map { ($0, $0 + Int.random(in: 0...30, using: &generator)) }
      let arrivals = [0] + places.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0) + [430]
      #expect(runs(arrivals, start: start) == expectedRuns(arrivals), "seed \(seed) round \(round)")
    }
  }

  @Test func `the burst ratio is one for single random losses and grows with their clustering`() throws {
    func ratio(_ lost: Set<UInt16>) throws -> Double {
      var harness = MediaHarness()
      harness.talk((0..<200).filter { !lost.contains($0) })
      let streams = harness.finish()
      let stream = try #require(streams.first)
      return try #require(stream.quality().burstRatio)
    }
    #expect(abs(try ratio([20, 50, 90, 150]) - 0.98) < 0.001)
    #expect(abs(try ratio([20, 21, 22, 23]) - 4 * 0.98) < 0.001)
  }

  @Test func `without losses there is no burst ratio`() throws {
    var harness = MediaHarness()
    harness.talk(0..<50)
    let streams = harness.finish()
    let quality = try #require(streams.first).quality()
    #expect(quality.burstRatio == nil && quality.loss == 0)
  }
}

@Suite struct SilenceTests {
  typealias RTP = MediaHarness.RTP

  /// Sends packets at the times that their timestamps say, and gives the stream.
  private func stream(
    _ packets: [(timestamp: UInt32, payloadType: UInt8, count: Int)], step: UInt16 = 1
  ) throws -> RTPStream {
    var harness = MediaHarness()
    for (place, packet) in packets.enumerated() {
      let rtp = RTP(
        sequence: UInt16(place) &* step, timestamp: packet.timestamp, payloadType: packet.payloadType,
        payload: [UInt8](repeating: 1, count: packet.count))
      harness.send(rtp.bytes, at: Double(packet.timestamp) / 8)
    }
    let streams = harness.finish()
    return try #require(streams.first)
  }

  private func speech(_ range: Range<UInt32>, from start: UInt32 = 0, step: UInt32 = 160) -> [(
    timestamp: UInt32, payloadType: UInt8, count: Int
  )] {
    range.map { (start + $0 * step, 0, Int(step)) }
  }

  @Test func `who never pauses has no silence`() throws {
    #expect(try stream(speech(0..<100)).quality().silence == 0)
  }

  @Test func `a leap of the timestamp without a leap of the numbers is silence`() throws {
    // One second of speech, one of silence, one of speech.
    let quality = try stream(speech(0..<50) + speech(0..<50, from: 16_000)).quality()
    let share = 8000.0 / 23_840
    #expect(abs(try #require(quality.silence) - share) < 0.005)
    #expect(quality.lost == 0)
  }

  @Test func `a leap of both is a loss`() throws {
    var harness = MediaHarness()
    for place in Array(0..<50) + Array(100..<150) {
      let rtp = RTP(sequence: UInt16(place), timestamp: UInt32(place) * 160)
      harness.send(rtp.bytes, at: Double(place) * 20)
    }
    let streams = harness.finish()
    let quality = try #require(streams.first).quality()
    #expect(quality.silence == 0 && quality.lost == 50)
  }

  @Test func `comfort noise is silence until the next packet of speech`() throws {
    let noise: [(timestamp: UInt32, payloadType: UInt8, count: Int)] =
      [(8000, 13, 1), (9600, 13, 1), (11_200, 13, 1)]
    let quality = try stream(speech(0..<50) + noise + speech(0..<50, from: 12_800)).quality()
    let share = 4800.0 / 20_640
    #expect(abs(try #require(quality.silence) - share) < 0.005)
  }

  @Test func `packets that become longer are no pauses`() throws {
    let quality = try stream(speech(0..<50) + speech(0..<100, from: 8000, step: 480)).quality()
    #expect(try #require(quality.silence) < 0.01)
  }

  @Test func `pauses with noise between them are pauses, however alike they are`() throws {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 98\r\na=rtpmap:98 AMR-WB/16000\r\n")
    var (frame, sequence) = (0, 0)
    func send(_ count: Int, after frames: Int) {
      frame += frames
      let rtp = RTP(
        sequence: UInt16(sequence), timestamp: UInt32(frame) * 320, payloadType: 98,
        payload: [UInt8](repeating: 1, count: count))
      harness.send(rtp.bytes, at: Double(frame) * 20)
      sequence += 1
    }
    for _ in 0..<30 {
      for _ in 0..<20 { send(61, after: 1) }
      for _ in 0..<2 { send(7, after: 8) }
      send(61, after: 4)
    }
    let quality = try #require(harness.finish().first).quality()
    #expect(abs(try #require(quality.silence) - 17.0 / 40) < 0.02)
    #expect(quality.opinion != nil)
  }

  @Test func `a clock that leaps is bounded by the time that passed`() throws {
    var harness = MediaHarness()
    for place in 0..<100 {
      let leap: UInt32 = place < 50 ? 0 : 0x4000_0000
      let rtp = RTP(sequence: UInt16(place), timestamp: UInt32(place) * 160 + leap)
      harness.send(rtp.bytes, at: Double(place) * 20)
    }
    let streams = harness.finish()
    #expect(try #require(streams.first).quality().silence == 0)
  }

  @Test func `without a clock nothing is said of silence`() throws {
    let packets = speech(0..<60).map { (timestamp: $0.timestamp, payloadType: UInt8(97), count: 30) }
    let quality = try stream(packets).quality()
    #expect(quality.silence == nil && quality.opinion == nil && quality.jitter == nil)
  }
}

@Suite struct OpinionTests {
  typealias RTP = MediaHarness.RTP

  private func listen(
    _ payloadType: UInt8, _ count: Int, lost: Set<Int> = [], step: UInt32 = 160, packets: Int = 100,
    media: String? = nil
  ) -> StreamQuality.Opinion? {
    var harness = MediaHarness()
    if let media { harness.announce(media) }
    for place in 0..<packets where !lost.contains(place) {
      let rtp = RTP(
        sequence: UInt16(place), timestamp: UInt32(place) * step, payloadType: payloadType,
        payload: [UInt8](repeating: 1, count: count))
      harness.send(rtp.bytes, at: Double(place) * 20)
    }
    return harness.finish().first?.quality().opinion
  }

  @Test func `G711 without losses scores as published`() throws {
    let opinion = try #require(listen(0, 160))
    #expect(abs(opinion.score - 4.41) < 0.005 && opinion.source == .published)
    #expect(opinion.scale == .narrowband && !opinion.hasDelay)
  }

  @Test func `losses in a row score lower than the same number apart`() throws {
    let apart = try #require(listen(8, 160, lost: [20, 40, 60, 80]))
    let inARow = try #require(listen(8, 160, lost: [20, 21, 22, 23]))
    #expect(inARow.score < apart.score)
    // 4 % random losses by hand: Ie,eff = 95 · 4 / 29.1.
    #expect(abs(apart.score - 4.03) < 0.01)
  }

  @Test func `the rate of an adaptive codec is seen by the size of its packets`() throws {
    let media = "m=audio 5000 RTP/AVP 98\r\na=rtpmap:98 AMR-WB/16000\r\n"
    let opinion = try #require(listen(98, 33, step: 320, media: media))
    #expect(opinion.scale == .wideband && opinion.source == .published)
    #expect(abs(opinion.score - 4.34) < 0.005)
    #expect(listen(98, 7, step: 320, media: media) == nil)
  }

  @Test func `a rate is that of speech, whatever part of the time is silence`() throws {
    // 23.85 kbit/s in 61 bytes, and comfort noise in 7 each 160 ms.
    for (key, tag) in [("", 0), ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", 10)] {
      var harness = MediaHarness()
      let profile = tag == 0 ? "AVP" : "SAVP"
      harness.announce("m=audio 5000 RTP/\(profile) 98\r\na=rtpmap:98 AMR-WB/16000\r\n\(key)")
      var frame = 0
      for place in 0..<60 {
        let isNoise = place >= 16
        frame += isNoise ? 8 : 1
        let rtp = RTP(
          sequence: UInt16(place), timestamp: UInt32(frame) * 320, payloadType: 98,
          payload: [UInt8](repeating: 1, count: (isNoise ? 7 : 61) + tag))
        harness.send(rtp.bytes, at: Double(frame) * 20)
      }
      let quality = try #require(harness.finish().first).quality()
      let opinion = try #require(quality.opinion)
      #expect(abs(opinion.score - 4.42) < 0.005 && opinion.source == .published)
      #expect(try #require(quality.silence) > 0.8)
    }
  }

  @Test func `a few packets, video and unknown codecs have no score`() {
    #expect(listen(0, 160, packets: 24) == nil)
    #expect(listen(31, 900, step: 3000) == nil)
    #expect(listen(110, 60, media: "m=audio 5000 RTP/AVP 110\r\na=rtpmap:110 speex/8000\r\n") == nil)
  }
}
