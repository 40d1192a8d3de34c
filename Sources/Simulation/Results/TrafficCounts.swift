/// What was put into a capture.
package struct TrafficCounts: Sendable {
  /// Frames.
  package internal(set) var packets = 0
  /// Bytes of frames.
  package internal(set) var bytes = 0
  /// Times of the first and the last frame, in nanoseconds since the epoch.
  package internal(set) var firstTime: Int64 = 0
  package internal(set) var lastTime: Int64 = 0
  /// Calls of people, attacks apart.
  package internal(set) var calls = 0
  /// Calls that attackers make or try to make, those of floods and scans among them.
  package internal(set) var attackCalls = 0
  /// Those that were answered.
  package internal(set) var answered = 0
  /// Packets of media and of its reports.
  package internal(set) var rtpPackets = 0
  package internal(set) var rtcpPackets = 0
  /// Messages that their senders had to repeat.
  package internal(set) var retransmissions = 0
  /// Requests by method and responses by code, every hop counted.
  package internal(set) var messages: [String: Int] = [:]

  /// Counts a payload when it begins like a SIP message.
  mutating func addMessage(_ payload: [UInt8]) {
    guard let first = payload.first, (0x41...0x5a).contains(first),
      let space = payload.prefix(12).firstIndex(of: 0x20)
    else { return }
    let isResponse = payload.starts(with: "SIP/2.0 ".utf8)
    let name = isResponse ? payload[8..<min(11, payload.count)] : payload[..<space]
    messages[String(decoding: name, as: UTF8.self), default: 0] += 1
  }
}
