import Packets
import Protocols
import Testing
import Values

@testable import Tracking

@Suite struct StreamTableTests {
  typealias RTP = MediaHarness.RTP

  @Test func `packets in front of the decision are counted with their time and number`() throws {
    var harness = MediaHarness()
    harness.talk(100..<150)
    #expect(harness.started == 1 && harness.streams.total == 1)
    #expect(harness.streams.packets == 50)
    let streams = harness.finish()
    let stream = try #require(streams.first)
    #expect(stream.packets == 50 && stream.bytes == 8000)
    #expect(stream.start == Timestamp(nanoseconds: 1_000_000_000_000) && stream.firstNumber == 1)
    #expect(stream.last.nanoseconds(since: stream.start) == 49 * 20_000_000)
    #expect(stream.expected == 50 && stream.lost == 0 && stream.quality().maximumDelta == 20_000_000)
    #expect(stream.clockRate == 8000 && stream.payloadType == 0)
    #expect(try #require(stream.quality().maximumJitter) < 1)
    #expect(stream.source == IPAddress(v4: 1) && stream.destinationPort == 5000)
  }

  @Test func `what is no RTP gives no stream`() {
    var harness = MediaHarness()
    for step in 0..<100 {
      // A constant where RTP counts.
      harness.send(RTP(sequence: 7, timestamp: 9).bytes, at: Double(step))
      harness.send([0x80, 0, 1], at: Double(step))
    }
    #expect(harness.started == 0 && harness.streams.packets == 0)
    let streams = harness.finish()
    #expect(streams.isEmpty)
  }

  @Test func `a session description makes the second packet a stream`() {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n")
    harness.send(RTP(sequence: 1, timestamp: 960, payloadType: 96).bytes, at: 0)
    #expect(harness.started == 0)
    harness.send(RTP(sequence: 2, timestamp: 1920, payloadType: 96).bytes, at: 20)
    #expect(harness.started == 1)
    let streams = harness.finish()
    #expect(streams.map(\.clockRate) == [48_000] && streams.map(\.packets) == [2])
    #expect(streams.allSatisfy { $0.isAnnounced && $0.isSecure == false && $0.quality().jitter != nil })
  }

  @Test func `a stream whose call is over goes on as that of the next one that announces its receiver`() {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true)
    harness.talk(0..<50)
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true, serial: 8, at: 1000)
    harness.talk(50..<60, from: 1000)
    // Only now the first call ends: until then it may be held, or transferred.
    for number in harness.streams.liveInOrder { harness.streams.orphan(number) }
    harness.talk(60..<160, from: 1200)
    #expect(harness.started == 2)
    let streams = harness.finish()
    // What comes within a second was sent before its sender knew of the end.
    #expect(streams.map(\.packets) == [110, 50])
    #expect(streams.map { $0.owner?.call.serial } == [7, 8])
    #expect(streams.map(\.lost) == [0, 0])
    #expect(harness.changes.isEmpty)
  }

  @Test func `the last packets of a call are not the next one's`() {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true)
    harness.talk(0..<50)
    for number in harness.streams.liveInOrder { harness.streams.orphan(number) }
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true, serial: 8, at: 1000)
    harness.talk(50..<90, from: 1050)
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [90])
    #expect(streams.map { $0.owner?.call.serial } == [7])
  }

  @Test func `a stream whose call is over stays its own when no other call announces the receiver`() {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true)
    harness.talk(0..<50)
    for number in harness.streams.liveInOrder { harness.streams.orphan(number) }
    harness.talk(50..<100, from: 1000)
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [100])
    #expect(streams.map { $0.owner?.call.serial } == [7])
  }

  @Test func `a stream whose receiver is announced after it began is claimed once`() throws {
    var harness = MediaHarness()
    harness.talk(0..<100)
    #expect(harness.started == 1 && harness.claimed == 0)
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true, at: 2000)
    harness.talk(100..<300, from: 2000)
    #expect(harness.started == 1 && harness.claimed == 1)
    let stream = try #require(harness.finish().first)
    #expect(stream.packets == 300 && stream.owner?.isCaller == false && stream.isAnnounced)
  }

  @Test func `an answer to a translated address is claimed when that address is learned after it`() throws {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", ofCall: true)
    // The phone's second packet is lost, and host 2 answers to the first one.
    harness.talk(0..<1)
    harness.talk(0..<20, ssrc: 9, from: 25, isBack: true)
    harness.talk(30..<100, from: 600)
    harness.talk(20..<100, ssrc: 9, from: 625, isBack: true)
    let streams = harness.finish()
    #expect(streams.map { $0.owner?.isCaller } == [false, true])
    #expect(streams.map { $0.owner?.evidence } == [.sdp, .learned])
  }

  @Test func `a description of the other end or of a rejected medium decides nothing`() {
    for media in ["m=audio 5001 RTP/AVP 0\r\n", "m=audio 0 RTP/AVP 0\r\n", "m=image 5000 udptl t38\r\n"] {
      var harness = MediaHarness()
      harness.announce(media)
      harness.talk(1...3)
      #expect(harness.started == 0, "\(media)")
    }
  }

  @Test func `a medium that the answer rejects has no place at the offerer until it is offered again`() {
    var harness = MediaHarness()
    let offer = "m=audio 4000 RTP/AVP 0\r\nm=video 4010 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
    harness.announce(offer, by: 1, ofCall: true)
    harness.announce("m=audio 5000 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n", by: 2, ofCall: true)
    harness.talk(0..<50, ssrc: 1, isBack: true)
    harness.talk(0..<50, ssrc: 2, isBack: true, ports: (4010, 5010))
    harness.announce(offer, by: 1, ofCall: true)
    harness.talk(0..<50, ssrc: 3, isBack: true, ports: (4010, 5010))
    let owners = harness.finish().map { ($0.ssrc, $0.owner != nil) }
    #expect(owners.map(\.0) == [1, 2, 3])
    #expect(owners.map(\.1) == [true, false, true])
  }

  @Test func `a rejected medium leaves another one on the same port alone`() throws {
    var harness = MediaHarness()
    harness.announce(
      "a=group:BUNDLE a v\r\nm=audio 4000 RTP/AVP 0\r\na=mid:a\r\nm=video 4000 RTP/AVP 96\r\na=mid:v\r\n",
      by: 1,
      ofCall: true)
    harness.announce("m=audio 5000 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\n", by: 2, ofCall: true)
    harness.talk(0..<50, isBack: true)
    #expect(try #require(harness.finish().first).owner != nil)
  }

  @Test func `a sender that starts anew makes no jitter, nor does a packet that comes twice`() throws {
    var harness = MediaHarness()
    for place in 0..<100 {
      let sequence = place < 50 ? UInt16(place) : UInt16(30_000 + place)
      let timestamp = place < 50 ? UInt32(place) * 160 : 7_000_000 + UInt32(place) * 160
      let rtp = MediaHarness.RTP(sequence: sequence, timestamp: timestamp)
      harness.send(rtp.bytes, at: Double(place) * 20)
      harness.send(rtp.bytes, at: Double(place) * 20 + 0.5)
    }
    let stream = try #require(harness.finish().first)
    #expect(stream.quality().maximumJitter == 0 && stream.lost == 0 && stream.duplicates == 99)
  }

  @Test func `once one direction is RTP, the other needs two packets`() {
    var harness = MediaHarness()
    harness.talk(1...4, ssrc: 1)
    harness.talk(500...501, ssrc: 2, isBack: true)
    #expect(harness.started == 2)
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [4, 2])
  }

  @Test func `another SSRC is another stream and no loss`() {
    var harness = MediaHarness()
    harness.talk(1...50, ssrc: 1)
    harness.talk(40_000...40_049, ssrc: 2, from: 1000)
    harness.talk(51...60, ssrc: 1, from: 2000)
    let streams = harness.finish()
    #expect(streams.map(\.ssrc) == [1, 2] && streams.map(\.packets) == [60, 50])
    #expect(streams.allSatisfy { $0.lost == 0 })
  }

  @Test func `loss, duplicates and order are told apart`() {
    var harness = MediaHarness()
    harness.talk([1, 2, 3, 4, 5, 6, 8, 7, 9, 9, 12, 13])
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [12])
    #expect(streams.map(\.expected) == [13] && streams.map(\.lost) == [2])
    #expect(streams.map(\.duplicates) == [1] && streams.map(\.reordered) == [1])
  }

  @Test func `a second sender of an SSRC is counted, a copy and another payload type are not`() throws {
    func packets(payloadType: UInt8 = 0, payload: UInt8 = 0x66, ahead: UInt16 = 2) -> RTPStream? {
      var harness = MediaHarness()
      for number: UInt16 in 0..<100 {
        let own = MediaHarness.RTP(sequence: number, timestamp: UInt32(number) * 160)
        harness.send(own.bytes, at: Double(number) * 20)
        guard number >= 5 else { continue }
        let other = MediaHarness.RTP(
          sequence: number + ahead, timestamp: UInt32(number + ahead) * 160, payloadType: payloadType,
          payload: [UInt8](repeating: payload, count: 160))
        harness.send(other.bytes, at: Double(number) * 20 + 0.3)
      }
      return harness.finish().first
    }
    let stream = try #require(packets())
    #expect(stream.conflicting > 90 && stream.quality().conflicting == stream.conflicting)
    #expect(packets(payload: 0x55)?.conflicting == 0)
    #expect(packets(payload: 0x55, ahead: 0)?.conflicting == 0)
    #expect(packets(payloadType: 8)?.conflicting == 0)
    #expect(try #require(packets(payload: 0x55, ahead: 600)).conflicting > 90)
  }

  @Test func `key presses are counted once each and leave the jitter alone`() throws {
    var harness = MediaHarness()
    harness.announce(
      "m=audio 5000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n")
    harness.talk(0..<10)
    // Two events of four packets each; all packets of one have the timestamp of its beginning.
    for place in 0..<8 {
      let event = RTP(
        sequence: UInt16(10 + place), timestamp: place < 4 ? 1600 : 2400, payloadType: 101,
        payload: [5, place % 4 == 3 ? 0x8a : 0x0a, 0, 160])
      harness.send(event.bytes, at: 200 + Double(place) * 20)
    }
    harness.talk(18..<30, from: 360)
    let streams = harness.finish()
    let stream = try #require(streams.first)
    #expect(stream.keyEvents == 2 && stream.packets == 30 && stream.lost == 0)
    #expect(stream.payloadType == 0)
    #expect(try #require(stream.quality().maximumJitter) < 1)
  }

  @Test func `key presses are known by their shape without a description, and comfort noise is no codec`()
    throws
  {
    var harness = MediaHarness()
    harness.talk(0..<10)
    for place in 0..<3 {
      let event = RTP(
        sequence: UInt16(10 + place), timestamp: 1600, payloadType: 101, payload: [1, 0x0a, 0, 160])
      harness.send(event.bytes, at: 200 + Double(place) * 20)
    }
    harness.send(RTP(sequence: 13, timestamp: 2080, payloadType: 13, payload: [40]).bytes, at: 260)
    let streams = harness.finish()
    let stream = try #require(streams.first)
    #expect(stream.keyEvents == 1 && stream.payloadType == 0 && stream.packets == 14)
    #expect(stream.bytes == 1600 + 12 + 1)
  }

  @Test func `a description that comes late still gives the clock`() throws {
    var harness = MediaHarness()
    func talk(_ range: Range<Int>) {
      for place in range {
        harness.send(
          RTP(sequence: UInt16(place), timestamp: UInt32(place) * 960, payloadType: 96).bytes,
          at: Double(place) * 20)
      }
    }
    talk(0..<20)
    harness.announce("m=audio 5000 RTP/SAVP 96\r\na=rtpmap:96 opus/48000/2\r\n", at: 400)
    talk(20..<200)
    let streams = harness.finish()
    let stream = try #require(streams.first)
    #expect(stream.clockRate == 48_000 && stream.isSecure == true && stream.packets == 200)
    #expect(try #require(stream.quality().maximumJitter) < 1)
  }

  @Test func `headers with padding, sources and extension count their payload only`() throws {
    var harness = MediaHarness()
    harness.talk(0..<4)
    let sources = RTP(
      sequence: 4, timestamp: 640, payload: [1, 2, 3], firstByte: 0x81, behindHeader: [0, 0, 0, 9])
    harness.send(sources.bytes, at: 80)
    let extended = RTP(
      sequence: 5, timestamp: 800, payload: [1, 2], firstByte: 0x90,
      behindHeader: [0xbe, 0xde, 0, 1, 0x10, 1, 0, 0])
    harness.send(extended.bytes, at: 100)
    let padded = RTP(sequence: 6, timestamp: 960, payload: [1, 0, 0, 3], firstByte: 0xa0)
    harness.send(padded.bytes, at: 120)
    harness.send(RTP(sequence: 7, timestamp: 1120, payload: [1]).bytes, at: 140, uncaptured: 159)
    let streams = harness.finish()
    let stream = try #require(streams.first)
    #expect(stream.packets == 8 && stream.bytes == 640 + 3 + 2 + 1 + 160)
  }

  @Test func `a silent minute ends a stream, and the same SSRC then begins a new one`() {
    var harness = MediaHarness()
    harness.talk(1...10)
    harness.talk(11...20, from: 59_000)
    #expect(harness.streams.ended.isEmpty)
    harness.talk(21...30, from: 130_000)
    #expect(harness.streams.ended.map(\.packets) == [20])
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [20, 10])
    #expect(harness.streams.count == 0)
  }

  @Test func `a flood of random SSRCs displaces itself`() {
    var harness = MediaHarness(capacity: 32)
    for peer in UInt16(0)..<8 {
      for place in 0..<6 {
        let rtp = RTP(ssrc: UInt32(peer), sequence: UInt16(place), timestamp: UInt32(place) * 160)
        harness.send(rtp.bytes, at: Double(place) * 20, ports: (6000 + peer, 5000))
      }
    }
    #expect(harness.started == 8)
    for noise in UInt32(0)..<5000 {
      harness.send(
        RTP(ssrc: 0x8000_0000 + noise, sequence: UInt16(noise & 0xff)).bytes, at: 200, ports: (9000, 9001))
    }
    // Eight sampled records of 32 may all be real streams, about once in 65,000 displacements.
    #expect(harness.streams.count == 32 && harness.streams.evictions <= 1)
    let streams = harness.finish()
    #expect(streams.count == 8)
  }

  @Test func `the hash's seed changes no result`() {
    var reference: [UInt64] = []
    for seed in [UInt64(1), 99, .max] {
      var harness = MediaHarness(capacity: 16, seed: seed)
      for round in 0..<400 {
        let peer = UInt16(round * 7 % 40)
        for place in 0..<6 {
          let sequence = UInt16(truncatingIfNeeded: round * 6 + place)
          harness.send(
            RTP(ssrc: UInt32(peer), sequence: sequence, timestamp: UInt32(sequence) * 160).bytes,
            at: Double(round * 120 + place * 20), ports: (6000 + peer, 5000))
        }
      }
      let counts = harness.finish().flatMap { [UInt64($0.ssrc), $0.firstNumber, $0.packets] }
      if reference.isEmpty { reference = counts }
      #expect(counts == reference && harness.streams.evictions > 0)
    }
  }

  @Test func `any bytes are taken without harm`() {
    let seed: UInt64 = 0xfeed
    var generator = SeededGenerator(seed: seed)
    var harness = MediaHarness(capacity: 64)
    harness.announce("m=audio 5000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n")
    for step in 0..<20_000 {
      var bytes = RTP(ssrc: UInt32(step & 3), sequence: UInt16(truncatingIfNeeded: step)).bytes
      bytes[0] = 0x80 | .random(in: 0...0x3f, using: &generator)
      bytes[1] = .random(in: 0...255, using: &generator)
      for _ in 0..<4 {
        bytes[.random(in: 1..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      harness.send(Array(bytes.prefix(.random(in: 0...bytes.count, using: &generator))), at: Double(step))
    }
    let streams = harness.finish()
    #expect(streams.allSatisfy { $0.lost >= 0 && $0.packets > 0 }, "seed \(seed)")
  }
}
