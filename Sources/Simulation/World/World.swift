internal import Values

/// Everything that is there and goes on while a capture is simulated.
///
/// A class: what happens later refers to the world it happens in.
final class World {
  /// What can be planned.
  enum Action {
    /// A SIP message or other payload appears on the wire.
    case send(Parcel)
    /// A media stream has its next packet.
    case media(MediaStream)
    /// Something that decides what comes next.
    case task((World) -> Void)
  }

  /// A payload on its way.
  struct Parcel {
    var payload: [UInt8]
    var source: Endpoint
    var destination: Endpoint
    /// The connection that carries it; nil for UDP.
    var stream: StreamConnection?
    /// Set for the bare segments of a connection.
    var flags: UInt8?
    /// A machine answers this with "port unreachable".
    var isRefusal = false
    var label: Int32 = 0
  }

  let scenario: Scenario
  let company: Company
  /// The first and the last instant of the capture.
  let start: Int64
  let end: Int64
  let clock: LocalClock
  var random: RandomSource
  /// The time of what happens now.
  private(set) var now: Int64
  var labels = LabelBook()
  var counts = TrafficCounts()
  private var queue = EventQueue<Action>()
  private var bindings = Bindings()
  private var frames = FrameBuilder()
  private var writer: CaptureWriter
  private let writesComments: Bool

  init(
    _ scenario: Scenario, clock: LocalClock, start: Int64, end: Int64, seed: UInt64,
    format: CaptureWriter.Format
  ) {
    self.scenario = scenario
    self.clock = clock
    self.start = start
    self.end = end
    now = start
    random = RandomSource(seed: seed, part: "traffic")
    var people = RandomSource(seed: seed, part: "people")
    company = Company(scenario, &people)
    writer = CaptureWriter(format)
    writesComments = format == .pcapng
  }

  /// Plans something; what would be past happens now.
  func plan(_ action: Action, at time: Int64) { queue.add(action, at: max(now, time)) }

  /// Plans a decision.
  func at(_ time: Int64, _ task: @escaping (World) -> Void) { plan(.task(task), at: time) }

  /// The registrar takes a contact in, or out, nil for all of them; returns those that are valid then.
  func bind(_ user: String, _ contact: String?, expires: Int, at time: Int64) -> [String] {
    bindings.set(user, contact, expires: expires, at: time)
  }

  /// Lets time run until there is a piece of the capture; nil when there is none left.
  func nextPiece() -> [UInt8]? {
    while let time = queue.nextTime, time <= end, let next = queue.takeNext() {
      now = next.time
      switch next.action {
      case .send(let parcel): deliver(parcel)
      case .media(let stream): tick(stream)
      case .task(let task): task(self)
      }
      if writer.pending.count > 1 << 20 { return writer.takePending() }
    }
    return writer.pending.isEmpty ? nil : writer.takePending()
  }

  private func tick(_ stream: MediaStream) {
    let tick = stream.tick(at: now, &random)
    if let packet = tick.packet {
      counts.rtpPackets += 1
      let parcel = Parcel(
        payload: packet, source: stream.source, destination: stream.destination, label: stream.label)
      if tick.delay > 0 { plan(.send(parcel), at: now + tick.delay) } else { deliver(parcel) }
    }
    if let report = tick.report {
      counts.rtcpPackets += 1
      deliver(
        Parcel(
          payload: report, source: stream.source.with(port: stream.source.port + 1),
          destination: stream.destination.with(port: stream.destination.port + 1), label: stream.label))
    }
    if let next = tick.next { plan(.media(stream), at: next) }
  }

  private func deliver(_ parcel: Parcel) {
    counts.addMessage(parcel.payload)
    if let stream = parcel.stream { return deliver(parcel, on: stream) }
    guard !FrameBuilder.needsFragments(parcel.payload, from: parcel.source) else {
      for frame in frames.fragments(of: parcel.payload, from: parcel.source, to: parcel.destination) {
        write(frame, parcel.label)
      }
      return
    }
    if parcel.isRefusal {
      frames.portUnreachable(parcel.payload, from: parcel.source, to: parcel.destination)
    } else {
      frames.datagram(parcel.payload, from: parcel.source, to: parcel.destination)
    }
    write(frames.frame, parcel.label)
  }

  private func deliver(_ parcel: Parcel, on stream: StreamConnection) {
    let (source, destination) = (parcel.source, parcel.destination)
    if let flags = parcel.flags {
      let isCounted = flags & (FrameBuilder.SegmentFlags.syn | FrameBuilder.SegmentFlags.fin) != 0
      let numbers = stream.advance(from: source, by: isCounted ? 1 : 0)
      let acknowledges = flags & FrameBuilder.SegmentFlags.acknowledge != 0
      frames.segment(
        [], from: source, to: destination, sequence: numbers.sequence,
        acknowledgement: acknowledges ? numbers.acknowledgement : 0, flags: flags)
      return write(frames.frame, parcel.label)
    }
    var rest = parcel.payload[...]
    while !rest.isEmpty {
      let piece = rest.prefix(1460)
      rest = rest.dropFirst(1460)
      let numbers = stream.advance(from: source, by: piece.count)
      let push: UInt8 = rest.isEmpty ? FrameBuilder.SegmentFlags.push : 0
      frames.segment(
        piece, from: source, to: destination, sequence: numbers.sequence,
        acknowledgement: numbers.acknowledgement, flags: FrameBuilder.SegmentFlags.acknowledge | push)
      write(frames.frame, parcel.label)
    }
    let acknowledgement = Parcel(
      payload: [], source: destination, destination: source, stream: stream,
      flags: FrameBuilder.SegmentFlags.acknowledge, label: parcel.label)
    plan(.send(acknowledgement), at: now + 180_000)
  }

  private func write(_ frame: [UInt8], _ label: Int32) {
    counts.packets += 1
    counts.bytes += frame.count
    if counts.packets == 1 { counts.firstTime = now }
    counts.lastTime = now
    if label > 0 { labels.count(label, packet: counts.packets, at: now) }
    writer.add(frame, at: now, comment: writesComments ? labels.comment(label) : nil)
  }
}
