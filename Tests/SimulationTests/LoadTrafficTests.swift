import Testing

@testable import Simulation

@Suite struct LoadTrafficTests {
  private func bytes(_ traffic: LoadTraffic) -> [UInt8] {
    var all: [UInt8] = []
    traffic.write { all.append(contentsOf: copy $0) }
    return all
  }

  /// Packets of a classic capture, and whether their times never go back.
  private func packets(_ bytes: [UInt8]) -> (count: Int, isOrdered: Bool) {
    func word(_ offset: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    var (offset, count, last, isOrdered) = (24, 0, 0, true)
    while offset + 16 <= bytes.count {
      let time = word(offset) * 1_000_000 + word(offset + 4)
      if time < last { isOrdered = false }
      (last, count) = (time, count + 1)
      offset += 16 + word(offset + 8)
    }
    #expect(offset == bytes.count)
    return (count, isOrdered)
  }

  @Test(arguments: [
    LoadTraffic.flood(sources: 700), .concurrent(50).limited(to: 200), .reference().limited(to: 120),
  ])
  func `as many packets as promised, in order, and the same each time`(_ traffic: LoadTraffic) {
    let capture = bytes(traffic)
    let found = packets(capture)
    #expect(found.count == traffic.packetCount)
    #expect(found.isOrdered)
    #expect(capture == bytes(traffic))
  }

  @Test func `the reference is a million packets, a fifth of them SIP`() {
    #expect(LoadTraffic.reference().packetCount == 1_000_000)
  }

  @Test func `every probe of a flood comes from another address`() {
    let addresses = Set((0..<50_000).map { LoadParty(probe: $0, seed: 7).phone.address })
    #expect(addresses.count == 50_000)
  }
}

extension LoadTraffic {
  /// The same with fewer calls and registrations.
  fileprivate func limited(to count: Int) -> LoadTraffic {
    var traffic = self
    traffic.calls = min(calls, count)
    traffic.registrations = min(registrations, count)
    return traffic
  }
}
