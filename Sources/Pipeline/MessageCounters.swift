internal import Events
internal import Protocols

/// What the messages were.
struct MessageCounters {
  var requests: UInt64 = 0
  var responses: UInt64 = 0
  var retransmissions: UInt64 = 0
  var forwarded: UInt64 = 0
  var duplicates: UInt64 = 0
  /// Messages with a fault.
  var faulty: UInt64 = 0
  var anomalies: UInt64 = 0

  mutating func count(_ message: borrowing SIPMessage, _ event: borrowing Event) {
    if message.kind == .request { requests &+= 1 } else { responses &+= 1 }
    if event[.sipRetransmission] == .bool(true) { retransmissions &+= 1 }
    if event[.sipForwarded] == .bool(true) { forwarded &+= 1 }
    if event[.sipDuplicate] == .bool(true) { duplicates &+= 1 }
    if !message.faultDetails.isEmpty { faulty &+= 1 }
  }
}
