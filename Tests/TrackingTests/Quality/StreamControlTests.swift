import Testing
import Values

@testable import Tracking

@Suite struct StreamControlTests {
  private func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// A sender report with at most one block.
  private func senderReport(_ ssrc: UInt32, ntp: UInt64, block: [UInt8] = []) -> [UInt8] {
    let count = UInt8(block.count / 24)
    return [0x80 | count, 200, 0, 6 + 6 * count] + word(ssrc) + word(UInt32(ntp >> 32))
      + word(UInt32(truncatingIfNeeded: ntp)) + word(0) + word(9) + word(99) + block
  }

  private func block(
    about ssrc: UInt32, fraction: UInt8 = 0, lost: UInt32 = 0, jitter: UInt32 = 0, answers ntp: UInt64 = 0,
    keptMilliseconds: Double = 0
  ) -> [UInt8] {
    word(ssrc) + word(UInt32(fraction) << 24 | lost & 0xff_ffff) + word(0) + word(jitter)
      + word(UInt32(truncatingIfNeeded: ntp >> 16)) + word(UInt32(keptMilliseconds * 65.536))
  }

  private func metrics(from ssrc: UInt32, about other: UInt32, trip: UInt8, tenths: UInt8) -> [UInt8] {
    [0x80, 207, 0, 10] + word(ssrc) + [7, 0, 0, 8] + word(other) + [0, 0, 0, 0, 0, 0, 0, 0]
      + [0, trip, 0, 0, 127, 127, 127, 16, 127, 127, tenths, 127] + [0, 0, 0, 0, 0, 0, 0, 0]
  }

  /// Host 1 sends SSRC 1, host 2 SSRC 2.
  private func talk(_ harness: inout MediaHarness, ports: (UInt16, UInt16) = (4000, 5000)) {
    harness.talk(0..<100, ssrc: 1, ports: ports)
    harness.talk(0..<100, ssrc: 2, from: 1, isBack: true, ports: ports)
  }

  private func stream(_ ssrc: UInt32, _ harness: inout MediaHarness) throws -> RTPStream {
    let streams = harness.finish()
    return try #require(streams.first { $0.ssrc == ssrc })
  }

  @Test(arguments: [UInt16(0), 1])
  func `a report finds the stream that runs against it, on its ports or those below`(distance: UInt16) throws
  {
    var harness = MediaHarness()
    talk(&harness)
    let ports = (4000 + distance, 5000 + distance)
    let report = senderReport(2, ntp: 7 << 32, block: block(about: 1, fraction: 64, lost: 5, jitter: 80))
    let way = harness.report(report, at: 2000, isBack: true, ports: ports)
    #expect(way == nil)
    let quality = try stream(1, &harness).quality()
    #expect(quality.remoteLoss == 0.05 && quality.roundTrip == nil)
    #expect(abs(try #require(quality.remoteJitter) - 10_000_000) < 1)
    #expect(quality.lost == 0 && quality.loss == 0)
  }

  @Test func `a report finds the stream by the port that an attribute names`() throws {
    var harness = MediaHarness()
    harness.announce("m=audio 4000 RTP/AVP 0\r\na=rtcp:7001 IN IP4 0.0.0.1\r\n", by: 1)
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", by: 2)
    talk(&harness)
    let report = senderReport(2, ntp: 7 << 32, block: block(about: 1, fraction: 64, lost: 5, jitter: 80))
    _ = harness.report(report, at: 2000, isBack: true, ports: (7001, 5001))
    #expect(try stream(1, &harness).quality().remoteLoss == 0.05)
  }

  @Test func `a report of nobody's stream, or from elsewhere, changes nothing`() throws {
    var harness = MediaHarness()
    talk(&harness)
    let wrong = senderReport(2, ntp: 7 << 32, block: block(about: 77, fraction: 64, lost: 5))
    let right = senderReport(2, ntp: 7 << 32, block: block(about: 1, fraction: 64, lost: 5))
    _ = harness.report(wrong, at: 2000, isBack: true)
    _ = harness.report(right, at: 2000, isBack: false)
    _ = harness.report(right, at: 2000, isBack: true, ports: (4004, 5004))
    let quality = try stream(1, &harness).quality()
    #expect(quality.remoteLoss == nil)
  }

  @Test func `the round trip is that to both ends, and delays the opinion`() throws {
    var harness = MediaHarness()
    talk(&harness)
    let (first, second) = (UInt64(0x1234_5678_9abc_0000), UInt64(0x1234_5679_9abc_0000))
    _ = harness.report(senderReport(1, ntp: first), at: 2000)
    // Host 2 has it after some way, keeps it half a second, and the answer passes 800 ms after it.
    let answer = senderReport(
      2, ntp: second, block: block(about: 1, answers: first, keptMilliseconds: 500))
    let far = harness.report(answer, at: 2800, isBack: true)
    #expect(abs((far ?? 0) - 300) < 0.1)
    let back = senderReport(
      1, ntp: second + 1, block: block(about: 2, answers: second, keptMilliseconds: 100))
    let near = harness.report(back, at: 3000)
    #expect(abs((near ?? 0) - 100) < 0.1)
    let quality = try stream(1, &harness).quality()
    #expect(abs(Double(try #require(quality.roundTrip)) - 400_000_000) < 100_000)
    let opinion = try #require(quality.opinion)
    #expect(opinion.hasDelay && abs(opinion.score - 4.34) < 0.02)
  }

  @Test func `a way to one end alone is no round trip, and an impossible one is none`() throws {
    var harness = MediaHarness()
    talk(&harness)
    _ = harness.report(senderReport(1, ntp: 9 << 32), at: 2000)
    let answer = senderReport(2, ntp: 3 << 32, block: block(about: 1, answers: 9 << 32))
    let way = harness.report(answer, at: 2100, isBack: true)
    #expect(way == 100)
    let lie = senderReport(
      2, ntp: 3 << 32, block: block(about: 1, answers: 9 << 32, keptMilliseconds: 5000))
    let early = harness.report(lie, at: 2200, isBack: true)
    let late = harness.report(answer, at: 30_000, isBack: true)
    #expect(early == nil && late == nil)
    let quality = try stream(1, &harness).quality()
    #expect(quality.roundTrip == nil)
  }

  @Test func `extended reports give trip and opinion, and no measure is none`() throws {
    var harness = MediaHarness()
    talk(&harness)
    _ = harness.report(metrics(from: 2, about: 1, trip: 60, tenths: 41), at: 2000, isBack: true)
    _ = harness.report(metrics(from: 1, about: 2, trip: 0, tenths: 127), at: 2000)
    let streams = harness.finish().sorted { $0.ssrc < $1.ssrc }.map { $0.quality() }
    #expect(streams.map(\.roundTrip) == [60_000_000, nil])
    #expect(streams.map(\.remoteScore) == [4.1, nil])
  }

  @Test func `any bytes are taken without harm`() {
    let seed: UInt64 = 0xc0de
    var generator = SeededGenerator(seed: seed)
    var harness = MediaHarness()
    talk(&harness)
    let whole =
      senderReport(2, ntp: .max, block: block(about: 1, fraction: 255, lost: 0x80_0000, jitter: .max))
      + metrics(from: 2, about: 1, trip: 255, tenths: 255)
    for count in 0..<whole.count { _ = harness.report(Array(whole.prefix(count)), at: 2000, isBack: true) }
    for step in 0..<5000 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      _ = harness.report(bytes, at: Double(step), isBack: step & 1 == 0)
    }
    let qualities = harness.finish().map { $0.quality() }
    #expect(qualities.allSatisfy { (0...1).contains($0.remoteLoss ?? 0) }, "seed \(seed)")
  }
}
