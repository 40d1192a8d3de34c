internal import Values

extension World {
  /// Sends a message from one station to the next and says when it arrives.
  ///
  /// Over UDP it may be lost; then its sender sends it again after T1, 2·T1 and so on (RFC 3261 §17.1), and what
  /// was lost behind the sensor is captured all the same.
  @discardableResult
  func transmit(
    _ bytes: [UInt8], from source: Station, to destination: Station, at time: Int64, label: Int32 = 0
  ) -> Int64 {
    let stream = source.stream ?? destination.stream
    let parcel = Parcel(
      payload: bytes, source: source.endpoint, destination: destination.endpoint, stream: stream, label: label
    )
    let way = source.distance + destination.distance
    let captured = source.distance
    var sent = time
    var wait: Int64 = 500_000_000
    if stream == nil {
      while wait < 8_000_000_000, isLost(source, destination) {
        counts.retransmissions += 1
        if random.chance(percent: 50) { plan(.send(parcel), at: sent + captured) }
        sent += wait
        wait *= 2
      }
    }
    plan(.send(parcel), at: sent + captured)
    return sent + way
  }

  private func isLost(_ source: Station, _ destination: Station) -> Bool {
    let isFar = max(source.distance, destination.distance) > 2_000_000
    return random.below(100_000) < (isFar ? scenario.network.wanLoss : scenario.network.lanLoss)
  }

  /// Opens a connection: SYN, SYN with ACK, ACK; returns when it can be used.
  func open(_ stream: StreamConnection, distance: Int64, at time: Int64, label: Int32 = 0) -> Int64 {
    typealias Flags = FrameBuilder.SegmentFlags
    let steps: [(Endpoint, Endpoint, UInt8, Int64)] = [
      (stream.client, stream.server, Flags.syn, 0),
      (stream.server, stream.client, Flags.syn | Flags.acknowledge, 60_000),
      (stream.client, stream.server, Flags.acknowledge, 2 * distance + 120_000),
    ]
    for (source, destination, flags, delay) in steps {
      plan(
        .send(
          Parcel(
            payload: [], source: source, destination: destination, stream: stream, flags: flags, label: label)
        ),
        at: time + distance + delay)
    }
    return time + 3 * distance + 200_000
  }

  /// Begins a stream of media and plans its packets.
  func start(_ plan: MediaStream.Plan, label: Int32 = 0) -> MediaStream {
    let stream = MediaStream(plan, &random)
    stream.label = label
    self.plan(.media(stream), at: plan.start)
    return stream
  }

  /// The time that a program needs to think.
  func processing() -> Int64 { random.between(300_000, 2_500_000) }

  /// A time that differs a little from another one.
  func about(_ time: Int64) -> Int64 { random.between(time * 7 / 10, time * 13 / 10) }
}
