import Values

@testable import Tracking

/// Packets of a made-up flow, in the order in which they were added.
struct TrafficScript {
  private var packets: [(time: Int64, size: Int, toServer: Bool)] = []
  var generator = SeededGenerator(seed: 0x7aff1c)

  /// Adds one packet, microseconds after the start.
  mutating func add(_ size: Int, toServer: Bool, at time: Int64) {
    packets.append((time, size, toServer))
  }

  /// Adds a packet each interval, each up to `jitter` microseconds late.
  mutating func addSpeech(
    _ count: Int, sizes: ClosedRange<Int>, interval: Int64, jitter: Int64 = 0, toServer: Bool,
    from start: Int64 = 0
  ) {
    for number in 0..<count {
      let late = jitter > 0 ? Int64.random(in: 0...jitter, using: &generator) : 0
      add(
        Int.random(in: sizes, using: &generator), toServer: toServer,
        at: start + Int64(number) * interval + late)
    }
  }

  /// Adds pictures: bursts of full packets and a smaller one at the end.
  mutating func addPictures(_ count: Int, packets: ClosedRange<Int>, interval: Int64, toServer: Bool) {
    for number in 0..<count {
      let full = Int.random(in: packets, using: &generator)
      for index in 0...full {
        let size = index < full ? 1_150 : Int.random(in: 80...1_100, using: &generator)
        add(size, toServer: toServer, at: Int64(number) * interval + Int64(index) * 300)
      }
    }
  }

  /// The measure after all packets, in the order of their times.
  func measure(_ carrier: TrafficMeasure.Carrier = .datagrams, isNamedForSIP: Bool = false) -> TrafficMeasure
  {
    var measure = TrafficMeasure(carrier: carrier)
    measure.isNamedForSIP = isNamedForSIP
    let ordered = packets.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    for (_, packet) in ordered {
      measure.add(
        byteCount: packet.size, toServer: packet.toServer,
        at: Timestamp(nanoseconds: 1_772_403_247_000_000_000 + packet.time * 1_000))
    }
    return measure
  }

  /// What it is taken for.
  func verdict(
    _ carrier: TrafficMeasure.Carrier = .datagrams, isNamedForSIP: Bool = false
  ) -> TrafficClassifier.Verdict {
    TrafficClassifier.classify(measure(carrier, isNamedForSIP: isNamedForSIP))
  }
}
