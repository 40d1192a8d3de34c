import Packets
import Testing
import Values

@testable import Tracking

/// Messages of 10.0.0.1 to 10.0.0.2, over ways that are told by the time to live and the hardware address.
@Suite struct SenderWaysTests {
  private struct Scene: ~Copyable {
    var ways = SenderWays(capacity: 64, seed: 1)

    mutating func send(
      at seconds: Double = 0, timeToLive: UInt8 = 60, link: UInt64 = 7, call: UInt64 = 1,
      isCopy: Bool = false,
      edit: (inout Packet) -> Void = { _ in }
    ) -> Bool {
      var packet = Packet()
      packet.timestamp = Timestamp(nanoseconds: 1_000_000_000_000 + Int64(seconds * 1e9))
      packet.transport = .udp
      packet.source = IPAddress(v4: 0x0a00_0001)
      packet.destination = IPAddress(v4: 0x0a00_0002)
      (packet.timeToLive, packet.linkSource) = (timeToLive, link)
      edit(&packet)
      return ways.isOther(packet, callID: WideKey(high: call, low: call), isCopy: isCopy)
    }
  }

  @Test(arguments: [(UInt8(57), UInt64(7)), (60, 8), (57, 8), (0, 7)])
  func `a message over another way is told of`(timeToLive: UInt8, link: UInt64) {
    var scene = Scene()
    var verdicts: [Bool] = []
    for way in [(60, 7), (60, 7), (timeToLive, link), (60, 7), (timeToLive, link)] as [(UInt8, UInt64)] {
      verdicts.append(scene.send(timeToLive: way.0, link: way.1))
    }
    #expect(verdicts == [false, false, true, false, true])
  }

  @Test func `a way that eight messages took is the sender's`() {
    var scene = Scene()
    var verdicts = [scene.send()]
    for _ in 0..<10 { verdicts.append(scene.send(timeToLive: 57)) }
    #expect(verdicts == [false] + Array(repeating: true, count: 8) + [false, false])
  }

  @Test
  func
    `each call and each direction has its own ways, since routes change and addresses are given to others`()
  {
    var scene = Scene()
    for call in 1..<10 as Range<UInt64> {
      let isOther = scene.send(timeToLive: UInt8(50 + call), call: call)
      #expect(!isOther)
    }
    let back = scene.send(timeToLive: 40) {
      ($0.source, $0.destination) = ($0.destination, $0.source)
    }
    #expect(!back)
  }

  @Test func `messages over many ways do not hide a further one`() {
    var scene = Scene()
    let verdicts = (0..<8).map { scene.send(timeToLive: 50 + UInt8($0)) }
    #expect(verdicts == [false] + Array(repeating: true, count: 7))
    let isFirst = !scene.send(timeToLive: 50)
    #expect(isFirst)
  }

  @Test func `the way to a second place of capture is known at once, whichever copy was lost`() {
    var scene = Scene()
    var verdicts = [scene.send(), scene.send(timeToLive: 59, isCopy: true), scene.send(timeToLive: 59)]
    #expect(verdicts == [false, false, false])
    var other = Scene()
    // Of the first message the second copy was captured only.
    verdicts = [
      other.send(timeToLive: 59), other.send(), other.send(timeToLive: 59, isCopy: true), other.send(),
    ]
    #expect(verdicts == [false, true, false, false])
  }

  @Test func `who sends a message twice makes his way no better known`() {
    var scene = Scene()
    var verdicts = [scene.send(), scene.send(timeToLive: 57), scene.send(timeToLive: 57, isCopy: true)]
    verdicts.append(scene.send(timeToLive: 57))
    verdicts += [scene.send(timeToLive: 56), scene.send(timeToLive: 55, isCopy: true)]
    verdicts.append(scene.send(timeToLive: 55))
    #expect(verdicts == [false, true, false, true, true, false, true])
  }

  @Test func `what a tunnel, a translation or TCP brings has no way, and hours of silence end it`() {
    var scene = Scene()
    _ = scene.send()
    let verdicts = [
      scene.send(timeToLive: 57) { $0.tunnel.depth = 1 }, scene.send(timeToLive: 57) { $0.transport = .tcp },
      scene.send(timeToLive: 57) { $0.isWayUnknown = true }, scene.send(at: 7201, timeToLive: 57),
    ]
    #expect(verdicts == [false, false, false, false])
    scene.ways.restart()
    let restarted = scene.send(at: 7202)
    #expect(!restarted)
    #expect(scene.ways.usage.entries == 1)
  }
}
