import Testing
import Values

@testable import Simulation

/// RTP, RTCP and their losses.
@Suite struct MediaTests {
  private static func stream(_ random: inout RandomSource, loss: LossModel, seconds: Int64) -> MediaStream {
    MediaStream(
      MediaStream.Plan(
        source: Endpoint(address: IPAddress(v4: 0xc000_0201), port: 4000),
        destination: Endpoint(address: IPAddress(v4: 0xc000_0202), port: 4000), codec: .pcma, start: 0,
        end: seconds * 1_000_000_000, loss: loss), &random)
  }

  private static func packets(_ stream: MediaStream, _ random: inout RandomSource) -> (
    rtp: [[UInt8]], rtcp: [[UInt8]]
  ) {
    var (rtp, rtcp): ([[UInt8]], [[UInt8]]) = ([], [])
    var next: Int64? = 0
    while let now = next {
      let tick = stream.tick(at: now, &random)
      if let packet = tick.packet { rtp.append(packet) }
      if let report = tick.report { rtcp.append(report) }
      next = tick.next
    }
    return (rtp, rtcp)
  }

  private static func sequence(_ packet: [UInt8]) -> UInt16 { UInt16(packet[2]) << 8 | UInt16(packet[3]) }
  private static func word(_ packet: [UInt8], _ at: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(packet[at + $1]) }
  }

  @Test(arguments: [(10, 1), (20, 3), (100, 5), (300, 2)])
  func `losses come as often and as long in a row as the model says`(perMille: Int, burst: Int) {
    var random = RandomSource(seed: 21)
    var model = LossModel(perMille: perMille, burst: burst)
    let lost = (0..<400_000).map { _ in model.loses(&random) }
    let share = lost.count { $0 } * 1000 / lost.count
    let bursts = zip([false] + lost, lost).count { !$0 && $1 }
    #expect(abs(share - perMille) <= max(1, perMille / 15))
    #expect(abs(Double(lost.count { $0 }) / Double(bursts) - Double(burst)) < 0.15 * Double(burst))
  }

  @Test func `gaps in the sequence are the packets that the model lost`() {
    var random = RandomSource(seed: 4)
    let stream = Self.stream(&random, loss: LossModel(perMille: 50, burst: 2), seconds: 120)
    let numbers = Self.packets(stream, &random).rtp.map(Self.sequence)
    let gaps = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + Int($1.1 &- $1.0 &- 1) }
    #expect(stream.sent == 6000)
    #expect(Int(stream.sent) - Int(stream.received) >= gaps)
    #expect(
      Int(stream.sent) - Int(stream.received) - gaps < 8, "at the ends there is nothing to compare with")
    #expect(gaps > 200)
  }

  @Test func `the clock goes on by 160 for each packet, and by the pause in a pause`() {
    var random = RandomSource(seed: 4)
    let stream = Self.stream(&random, loss: LossModel(perMille: 0), seconds: 10)
    stream.pauses = [2_000_000_000..<5_000_000_000]
    let packets = Self.packets(stream, &random).rtp
    #expect(packets.count == 350)
    let clocks = packets.map { Self.word($0, 4) }
    let steps = zip(clocks, clocks.dropFirst()).map { $1 &- $0 }
    let pause: UInt32 = 151 * 160
    #expect(steps.count { $0 == 160 } == 348)
    #expect(steps.filter { $0 != 160 } == [pause])
    let numbers = packets.map(Self.sequence)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 &- $0 == 1 })
    #expect(packets.indices.filter { packets[$0][1] & 0x80 != 0 } == [0, 100])
  }

  @Test func `reports say how much was sent and how much of the other direction was lost`() {
    var random = RandomSource(seed: 9)
    let first = Self.stream(&random, loss: LossModel(perMille: 100, burst: 2), seconds: 60)
    let second = Self.stream(&random, loss: LossModel(perMille: 0), seconds: 60)
    second.reverse = first
    _ = Self.packets(first, &random)
    let reports = Self.packets(second, &random).rtcp
    let report = reports.last ?? []
    #expect(report[1] == 200)
    #expect(Self.word(report, 4) == second.ssrc)
    #expect(Self.word(report, 28) == first.ssrc)
    let lost = Self.word(report, 32) & 0xff_ffff
    #expect(abs(Int(lost) - Int(first.sent - first.received)) <= 4)
    let senderLength = (Int(report[3]) + 1) * 4
    let sourceLength = (Int(report[senderLength + 3]) + 1) * 4
    #expect(report.count == senderLength + sourceLength)
  }

  @Test func `a sensor finds the losses of the people at home`() throws {
    var scenario = try SimulatedCapture.scenario("small-office")
    scenario.network.homePercent = 100
    scenario.media.loss = 30
    scenario.calls.holdPercent = 0
    let capture = SimulatedCapture(scenario) { $0.duration = 1_200_000_000_000 }
    let ended = try capture.events().events("rtp", "ended").compactMap { $0["rtp"] as? [String: Any] }
    let homes = ended.filter { ($0["lost"] as? Int ?? 0) > 0 }
    let lost = homes.reduce(0) { $0 + ($1["lost"] as? Int ?? 0) }
    let packets = homes.reduce(0) { $0 + ($1["packets"] as? Int ?? 0) }
    #expect(packets > 10_000)
    #expect((20...40).contains(lost * 1000 / max(1, packets + lost)))
  }
}
