/// Traffic of one shape, for measuring: calls, registrations, media and probes at a steady pace, from a seed.
///
/// Unlike a scenario it has no company, no errors and no season; a million packets take seconds to write, and
/// memory grows with what goes on at the same time.
package struct LoadTraffic: Sendable {
  /// How many calls, at which distance and how long, in nanoseconds.
  package var calls = 0
  package var callInterval: Int64 = 30_000_000
  package var callLength: Int64 = 13_000_000_000
  /// Every call of so many has media; 0 for none.
  package var mediaEvery = 0
  /// RTP packets of each of its two streams, one in 20 ms.
  package var packetsPerStream = 100
  /// How many registrations, each with a challenge, and at which distance.
  package var registrations = 0
  package var registrationInterval: Int64 = 30_000_000
  /// How many OPTIONS, each from an address of its own, and at which distance.
  package var probes = 0
  package var probeInterval: Int64 = 100_000
  /// Two writings with one seed are the same.
  package var seed: UInt64 = 7

  /// No traffic at all.
  package init() {}

  /// Ten minutes at a busy server: of a million packets 200,000 are SIP, from calls and registrations, and
  /// 800,000 RTP. A scale of two is the same pace for twice as long.
  package static func reference(scale: Int = 1) -> LoadTraffic {
    var traffic = LoadTraffic()
    traffic.calls = 20_000 * scale
    traffic.mediaEvery = 5
    traffic.registrations = 20_000 * scale
    return traffic
  }

  /// The same calls, of which so many go on at the same time.
  package static func concurrent(_ count: Int) -> LoadTraffic {
    var traffic = LoadTraffic()
    traffic.calls = 100_000
    traffic.callLength = 60_000_000_000
    traffic.callInterval = traffic.callLength / Int64(max(1, count))
    traffic.mediaEvery = 1
    traffic.packetsPerStream = 5
    return traffic
  }

  /// A probe from each of so many addresses, ten thousand in a second.
  package static func flood(sources: Int) -> LoadTraffic {
    var traffic = LoadTraffic()
    traffic.probes = sources
    return traffic
  }

  /// The packets that it comes to.
  package var packetCount: Int {
    let media = mediaEvery > 0 ? (calls + mediaEvery - 1) / mediaEvery : 0
    return 6 * calls + 4 * registrations + probes + 2 * packetsPerStream * media
  }

  /// Writes the capture, classic pcap; `write` gets it piece by piece.
  package func write(_ write: (borrowing [UInt8]) throws -> Void) rethrows {
    var writer = CaptureWriter(.pcap)
    var frames = FrameBuilder()
    var queue = EventQueue<LoadStep>()
    let start: Int64 = 1_772_434_800_000_000_000
    if calls > 0 { queue.add(.call(0, 0), at: start) }
    if registrations > 0 { queue.add(.registration(0, 0), at: start + registrationInterval / 2) }
    if probes > 0 { queue.add(.probe(0), at: start) }
    while let (time, step) = queue.takeNext() {
      let packet = LoadPacket(step, seed: seed)
      frames.datagram(packet.payload, from: packet.source, to: packet.destination)
      writer.add(frames.frame, at: time, comment: nil)
      plan(after: step, at: time, in: &queue)
      if writer.pending.count > 1 << 20 { try write(writer.takePending()) }
    }
    try write(writer.takePending())
  }

  /// What follows a step: the next one of the same thing, and with a first step the next thing of its kind.
  private func plan(after step: LoadStep, at time: Int64, in queue: inout EventQueue<LoadStep>) {
    switch step {
    case .call(let number, let stage):
      if stage == 0, number + 1 < calls { queue.add(.call(number + 1, 0), at: time + callInterval) }
      let waits: [Int64] = [30_000_000, 970_000_000, 20_000_000, callLength - 1_035_000_000, 15_000_000]
      if stage < waits.count { queue.add(.call(number, stage + 1), at: time + max(1, waits[stage])) }
      if stage == 3, mediaEvery > 0, number % mediaEvery == 0, packetsPerStream > 0 {
        queue.add(.media(number, 0, fromCaller: true), at: time + 10_000_000)
        queue.add(.media(number, 0, fromCaller: false), at: time + 13_000_000)
      }
    case .media(let number, let index, let fromCaller):
      guard index + 1 < packetsPerStream else { return }
      queue.add(.media(number, index + 1, fromCaller: fromCaller), at: time + 20_000_000)
    case .registration(let number, let stage):
      if stage == 0, number + 1 < registrations {
        queue.add(.registration(number + 1, 0), at: time + registrationInterval)
      }
      if stage < 3 { queue.add(.registration(number, stage + 1), at: time + 10_000_000) }
    case .probe(let number):
      if number + 1 < probes { queue.add(.probe(number + 1), at: time + probeInterval) }
    }
  }
}

/// One packet of load traffic: of which call or registration, and which of its packets.
enum LoadStep {
  case call(Int, Int)
  case media(Int, Int, fromCaller: Bool)
  case registration(Int, Int)
  case probe(Int)
}
