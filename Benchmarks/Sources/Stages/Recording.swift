import Capture
import Events
import Output
import Packets
import Pipeline
import Protocols
import Rules
import Values

/// Frames of a capture in memory, one behind the other.
struct Recording: FrameVisitor {
  var bytes: [UInt8] = []
  var frames: [(range: Range<Int>, header: FrameHeader)] = []

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    let start = bytes.count
    for index in 0..<frame.count { bytes.append(frame[index]) }
    frames.append((start..<bytes.count, header))
  }
}

/// Payloads of datagrams, sorted by what they are.
struct Payloads: PacketVisitor {
  var bytes: [UInt8] = []
  var messages: [Range<Int>] = []
  var media: [Range<Int>] = []
  private var message = SIPMessage()

  mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
    let start = bytes.count
    for index in 0..<payload.count { bytes.append(payload[index]) }
    let range = start..<bytes.count
    if message.parse(payload, transport: .datagram) == .message {
      messages.append(range)
    } else if (try? RTPHeader(parsing: payload)) != nil {
      media.append(range)
    }
  }

  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {}
}

/// Looks at nothing; counts what it is given so that the work is not left out.
struct Counted: PacketVisitor, FrameVisitor {
  var count = 0

  mutating func visit(_ packet: borrowing Packet, payload: Bytes) { count &+= payload.count }
  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) { count &+= 1 }
  mutating func visit(_ frame: Bytes, _ header: FrameHeader) { count &+= frame.count }
}

/// Keeps the lines of a log.
final class LineKeeper: EVESink {
  var bytes: [UInt8] = []

  func write(_ lines: Span<UInt8>) {
    for index in lines.indices { bytes.append(lines[index]) }
  }
}

/// An event that stands in an array, which takes only what may be copied.
final class KeptEvent {
  let event: Event

  init(_ event: consuming Event) { self.event = event }
}

/// The events that a sensor logs of the first packets of a capture.
func loggedEvents(_ capture: String, _ rules: CompiledRuleSet, limit: Int) throws -> [KeptEvent] {
  let keeper = LineKeeper()
  var configuration = SensorConfiguration()
  configuration.loggedTypes.remove(.stats)
  configuration.loggedTypes.remove(.alert)
  var sensor = Sensor(rules: rules, configuration: configuration, sinks: [keeper])
  var reader = try PcapReader([capture])
  _ = sensor.run(&reader, stop: StopFlag())
  var lines = EVELineReader()
  var events: [KeptEvent] = []
  var start = 0
  while events.count < limit, let end = keeper.bytes[start...].firstIndex(of: 10) {
    var event = Event()
    let line = keeper.bytes[start..<end]
    if try lines.read(line.span, sequence: UInt64(events.count), into: &event) == .event {
      events.append(KeptEvent(event))
    }
    start = end + 1
  }
  return events
}
