import Testing

@testable import Tracking

/// What a call says of its streams.
@Suite struct CallQualityTests {
  /// The quality of a stream of which every fourth packet is lost, or none.
  private func quality(_ payloadType: UInt8, _ count: Int, media: String, isPoor: Bool) -> StreamQuality? {
    var harness = MediaHarness()
    harness.announce("m=audio 5000 RTP/AVP \(payloadType)\r\n\(media)")
    for place in 0..<200 where !isPoor || place % 4 != 2 {
      let rtp = MediaHarness.RTP(
        sequence: UInt16(place), timestamp: UInt32(place) * 160, payloadType: payloadType,
        payload: [UInt8](repeating: 1, count: count))
      harness.send(rtp.bytes, at: Double(place) * 20)
    }
    return harness.finish().first?.quality()
  }

  @Test func `the opinion is the lowest number, whichever stream came first`() throws {
    let narrow = try #require(quality(0, 160, media: "", isPoor: false))
    let wide = try #require(
      quality(98, 61, media: "a=rtpmap:98 AMR-WB/8000\r\n", isPoor: true))
    #expect(narrow.opinion?.scale == .narrowband && wide.opinion?.scale == .wideband)
    for order in [[narrow, wide], [wide, narrow]] {
      var call = CallQuality()
      for stream in order { call.add(stream, of: .steady, isToCaller: true) }
      #expect(call.opinion?.scale == .wideband)
      #expect(call.opinion?.score == wide.opinion?.score)
    }
  }

  @Test func `video that loses packets does not make the call bad`() throws {
    let audio = try #require(quality(0, 160, media: "", isPoor: false))
    let video = try #require(quality(98, 61, media: "a=rtpmap:98 VP8/90000\r\n", isPoor: true))
    var call = CallQuality()
    call.add(audio, of: .steady, isToCaller: true)
    call.add(video, of: .video, isToCaller: true)
    #expect(call.loss == 0)
    #expect(call.packetsToCaller == audio.packets + video.packets)
    #expect(call.jitter == audio.maximumJitter)
  }

  @Test func `a stream tells how its sender fills the time`() {
    #expect(voice("m=audio 5000 RTP/AVP 0\r\n", 0) == .steady)
    #expect(voice("m=audio 5000 RTP/AVP 0\r\n", 0, pauseAt: 100) == .pausing)
    #expect(voice("m=video 5000 RTP/AVP 98\r\na=rtpmap:98 VP8/90000\r\n", 98) == .video)
    #expect(voice("m=audio 5000 RTP/AVP 98\r\n", 98) == .unknown)
  }

  private func voice(_ media: String, _ payloadType: UInt8, pauseAt: Int? = nil) -> VoiceFlow? {
    var harness = MediaHarness()
    harness.announce(media)
    for place in 0..<200 {
      let time = place + (place >= pauseAt ?? .max ? 100 : 0)
      let rtp = MediaHarness.RTP(
        sequence: UInt16(place), timestamp: UInt32(time) * 160, payloadType: payloadType)
      harness.send(rtp.bytes, at: Double(time) * 20)
    }
    return harness.finish().first?.voice
  }
}
