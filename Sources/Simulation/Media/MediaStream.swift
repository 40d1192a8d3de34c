internal import Values

/// One direction of sound: RTP as a phone sends it, with its reports.
///
/// A class because two directions refer to each other for their receiver reports.
final class MediaStream {
  /// The clock between two packets: 20 ms.
  static let interval: Int64 = 20_000_000

  let source: Endpoint
  let destination: Endpoint
  let codec: Codec
  private(set) var ssrc: UInt32
  /// The other direction of the same conversation.
  weak var reverse: MediaStream?
  var label: Int32 = 0
  /// When nothing is sent any more.
  var end: Int64
  /// Stretches of silence, such as hold, in order.
  var pauses: [Range<Int64>] = []
  /// Key presses: when each begins, and its digit.
  var digits: [(time: Int64, event: UInt8)] = []
  var loss: LossModel
  /// The mean delay by which packets vary before they are captured.
  let jitter: Int64
  /// Whether sender and receiver reports are sent.
  let sendsReports: Bool
  /// The payload type that is sent instead of the codec's, and the first sequence number and time stamp.
  let payloadType: UInt8
  private(set) var sequence: UInt16
  private(set) var clock: UInt32
  private let begin: Int64
  private var next: Int64
  private var isFirst = true
  private(set) var sent: UInt32 = 0
  private var octets: UInt32 = 0
  private(set) var received: UInt32 = 0
  private var firstSequence: UInt16 = 0
  private var lastReceived: UInt16 = 0
  private var cycles: UInt32 = 0
  private var lastReport: (ntp: UInt32, at: Int64)?
  private var nextReport: Int64
  private var reportedExpected: UInt32 = 0
  private var reportedReceived: UInt32 = 0

  /// What it takes to make a stream.
  struct Plan {
    var source: Endpoint
    var destination: Endpoint
    var codec: Codec
    var start: Int64
    var end: Int64
    var loss = LossModel(perMille: 0)
    var jitter: Int64 = 0
    var sendsReports = true
  }

  init(_ plan: Plan, _ random: inout RandomSource) {
    source = plan.source
    destination = plan.destination
    codec = plan.codec
    payloadType = plan.codec.payloadType
    begin = plan.start
    next = plan.start
    end = plan.end
    loss = plan.loss
    jitter = plan.jitter
    sendsReports = plan.sendsReports
    ssrc = UInt32(truncatingIfNeeded: random.next())
    sequence = UInt16(truncatingIfNeeded: random.next())
    clock = UInt32(truncatingIfNeeded: random.next())
    nextReport = plan.start + random.between(2_500_000_000, 7_500_000_000)
  }

  /// Goes on where another sender's stream stands, as who takes it over does.
  func adopt(ssrc: UInt32, sequence: UInt16, clock: UInt32) {
    self.ssrc = ssrc
    self.sequence = sequence
    self.clock = clock
  }

  /// Goes on until a later end, as the sound before an answer goes on behind it.
  func extend(to end: Int64) { self.end = max(self.end, end) }

  /// What a tick brings.
  struct Tick {
    /// An RTP packet; nil in a pause or when it was lost on its way to the sensor.
    var packet: [UInt8]?
    /// How long the packet took longer than the fastest.
    var delay: Int64 = 0
    /// An RTCP packet, when one is due.
    var report: [UInt8]?
    /// When the next tick is; nil at the end.
    var next: Int64?
  }

  /// The packet that is due now.
  func tick(at now: Int64, _ random: inout RandomSource) -> Tick {
    var tick = Tick()
    defer {
      next += Self.interval
      sequence &+= 1
      clock &+= codec.ticks
    }
    if let pause = pauses.first(where: { $0.contains(next) }) {
      // The clock runs on in silence, the sequence does not.
      let skipped = (pause.upperBound - next + Self.interval - 1) / Self.interval
      clock &+= UInt32(truncatingIfNeeded: skipped - 1) &* codec.ticks
      next += (skipped - 1) * Self.interval
      sequence &-= 1
      isFirst = true
    } else {
      if isFirst, sent == 0 { firstSequence = sequence }
      let packet = packet(at: next, &random)
      sent += 1
      octets &+= UInt32(packet.count - 12)
      if !loss.loses(&random) {
        count(sequence)
        tick.packet = packet
        tick.delay = jitter > 0 ? random.exponential(mean: jitter) : 0
      }
    }
    if sendsReports, next >= nextReport {
      tick.report = report(at: next)
      nextReport = next + random.between(2_500_000_000, 7_500_000_000)
    }
    let following = next + Self.interval
    tick.next = following < end ? following : nil
    return tick
  }

  private func count(_ sequence: UInt16) {
    if received > 0, sequence < lastReceived, lastReceived &- sequence > 0x8000 { cycles += 0x1_0000 }
    lastReceived = sequence
    received += 1
  }

  private func packet(at time: Int64, _ random: inout RandomSource) -> [UInt8] {
    if let press = digits.first(where: { time >= $0.time && time < $0.time + 160_000_000 }) {
      return event(press.event, begun: press.time, at: time)
    }
    let length = codec == .opus ? 50 + random.below(40) : 160
    var packet = header(payloadType, marker: isFirst, clock: clock)
    isFirst = false
    packet.reserveCapacity(12 + length)
    var word: UInt64 = 0
    for index in 0..<length {
      if index & 7 == 0 { word = random.next() }
      packet.append(UInt8(truncatingIfNeeded: word))
      word >>= 8
    }
    return packet
  }

  /// A key press, RFC 4733 §2.3: its time stamp stays that of its beginning while its duration grows.
  private func event(_ event: UInt8, begun: Int64, at time: Int64) -> [UInt8] {
    let elapsed = (time - begun) / Self.interval
    let duration = UInt16(truncatingIfNeeded: (elapsed + 1) * 160)
    let start = clock &- UInt32(truncatingIfNeeded: elapsed) &* codec.ticks
    let isLast = elapsed >= 5
    return header(101, marker: elapsed == 0, clock: start)
      + [event, (isLast ? 0x80 : 0) | 10, UInt8(duration >> 8), UInt8(truncatingIfNeeded: duration)]
  }

  /// RTP fixed header: RFC 3550 §5.1.
  private func header(_ type: UInt8, marker: Bool, clock: UInt32) -> [UInt8] {
    var header: [UInt8] = [0x80, (marker ? 0x80 : 0) | type]
    header += Self.big(UInt32(sequence)).suffix(2)
    return header + Self.big(clock) + Self.big(ssrc)
  }

  /// A sender report about this stream with a block about the other one, and a CNAME: RFC 3550 §6.
  private func report(at time: Int64) -> [UInt8] {
    let seconds = UInt64(time / 1_000_000_000) + 2_208_988_800
    let fraction = UInt64(time % 1_000_000_000) << 32 / 1_000_000_000
    let block = reverse?.receptionBlock(at: time) ?? []
    var packet: [UInt8] = [block.isEmpty ? 0x80 : 0x81, 200, 0, block.isEmpty ? 6 : 12] + Self.big(ssrc)
    packet += Self.big(UInt32(truncatingIfNeeded: seconds)) + Self.big(UInt32(truncatingIfNeeded: fraction))
    packet += Self.big(clock) + Self.big(sent) + Self.big(octets) + block
    lastReport = (UInt32(truncatingIfNeeded: seconds << 16 | fraction >> 16), time)
    var name = Array("\(source.address)".utf8)
    name = [1, UInt8(name.count)] + name + [0]
    while name.count & 3 != 0 { name.append(0) }
    packet += [0x81, 202, 0, UInt8(1 + name.count / 4)] + Self.big(ssrc) + name
    return packet
  }

  /// What the receiver of this stream says of it: RFC 3550 §6.4.1.
  private func receptionBlock(at time: Int64) -> [UInt8] {
    guard received > 0 else { return [] }
    let highest = cycles | UInt32(lastReceived)
    let expected = highest &- UInt32(firstSequence) &+ 1
    let lost = expected > received ? expected - received : 0
    let expectedNow = expected &- reportedExpected
    let receivedNow = received &- reportedReceived
    let fraction = expectedNow > receivedNow ? (expectedNow - receivedNow) << 8 / max(1, expectedNow) : 0
    reportedExpected = expected
    reportedReceived = received
    let variation = UInt32(truncatingIfNeeded: jitter * Int64(codec.ticks) / Self.interval)
    let delay = lastReport.map { (time - $0.at) * 65_536 / 1_000_000_000 } ?? 0
    var block = Self.big(ssrc) + [UInt8(truncatingIfNeeded: min(255, fraction))]
    block += Self.big(lost).suffix(3)
    block += Self.big(highest) + Self.big(variation)
    return block + Self.big(lastReport?.ntp ?? 0) + Self.big(UInt32(truncatingIfNeeded: delay))
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [
      UInt8(value >> 24), UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value),
    ]
  }
}
