import Testing

@testable import Tracking

/// What overflows a receiver that a session description has told to expect T.38 over UDPTL.
struct FaxOverflowTests {
  static let fax = "m=image 5000 udptl t38\r\na=T38FaxMaxDatagram:204\r\n"

  /// A packet of V.21 control data with a number of repetitions.
  private static func datagram(repetitions: UInt8, padding: Int = 0) -> [UInt8] {
    [0, 6, 5, 0xc0, 1, 0x80, 0, 1, 0, repetitions] + (0..<repetitions).flatMap { _ in [1, 6] as [UInt8] }
      + [UInt8](repeating: 0, count: padding)
  }

  @Test(arguments: [(15, false), (16, true), (100, true)])
  func `more repetitions than receivers keep are one`(repetitions: UInt8, isOverflow: Bool) {
    var harness = MediaHarness()
    harness.announce(Self.fax)
    let found = harness.overflowsFax(Self.datagram(repetitions: repetitions), at: 10)
    #expect(found == isOverflow)
  }

  @Test(arguments: [(1500, 0, false), (1501, 0, true), (1000, 501, true)])
  func `a datagram of more than 1,500 bytes is one, whatever is in it`(
    count: Int, uncaptured: Int, isOverflow: Bool
  ) {
    var harness = MediaHarness()
    harness.announce(Self.fax)
    let datagram = Self.datagram(repetitions: 1, padding: count - 12)
    #expect(datagram.count == count)
    let found = harness.overflowsFax(datagram, at: 10, uncaptured: uncaptured)
    #expect(found == isOverflow)
  }

  @Test(arguments: [
    "m=image 5002 udptl t38\r\n", "m=image 0 udptl t38\r\n", "m=audio 5000 RTP/AVP 0\r\n",
    "m=image 5000 UDP/TLS/UDPTL t38\r\n", "m=image 5000 tcp t38\r\n",
  ])
  func `where no fax over UDPTL is expected nothing is one`(media: String) {
    var harness = MediaHarness()
    harness.announce(media)
    let many = harness.overflowsFax(Self.datagram(repetitions: 16), at: 10)
    let long = harness.overflowsFax(Self.datagram(repetitions: 1, padding: 1500), at: 10)
    #expect(!many && !long)
  }

  @Test func `the sender's own place is another one, and a place where audio goes on is none any more`() {
    var harness = MediaHarness()
    let datagram = Self.datagram(repetitions: 16)
    harness.announce(Self.fax)
    var found = [harness.overflowsFax(datagram, at: 10, isBack: true)]
    harness.announce("m=audio 5000 RTP/AVP 0\r\n", at: 20)
    found.append(harness.overflowsFax(datagram, at: 30))
    harness.announce(Self.fax, at: 40)
    found.append(harness.overflowsFax(datagram, at: 50))
    harness.streams.restart()
    found.append(harness.overflowsFax(datagram, at: 60))
    #expect(found == [false, false, true, false])
  }
}
