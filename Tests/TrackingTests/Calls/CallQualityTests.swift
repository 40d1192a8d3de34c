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
      for stream in order { call.add(stream, isToCaller: true) }
      #expect(call.opinion?.scale == .wideband)
      #expect(call.opinion?.score == wide.opinion?.score)
    }
  }
}
