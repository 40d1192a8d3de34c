internal import Events
internal import Values

/// The SIP messages of one Call-ID, between the places that send and receive them.
struct Ladder: Sendable {
  /// One message; its ends are indices of `endpoints`.
  struct Message: Sendable {
    let time: Timestamp
    let packet: Int?
    let from, to: Int
    /// Method of a request; status code and reason of a response.
    let label: String
    let method: String
    let code: Int?
    let isRetransmission, isForwarded, hasDescription: Bool
  }

  /// Addresses and ports in the order in which they were first seen, at the most eight.
  private(set) var endpoints: [Endpoint] = []
  private(set) var messages: [Message] = []
  /// Messages beyond the limit, and those of further endpoints.
  private(set) var leftOut = 0

  private static let endpointLimit = 8

  /// Adds a message.
  mutating func add(_ event: borrowing Event, limit: Int) {
    guard messages.count < limit, let from = place(.srcIP, .srcPort, event),
      let to = place(.destIP, .destPort, event)
    else {
      leftOut += 1
      return
    }
    let method = event.text(.sipMethod, limit: 24) ?? "?"
    let code = event.count(.sipCode)
    let reason = event.text(.sipReason, limit: 40)
    let status = [code.map(String.init), reason].compactMap { $0 }.joined(separator: " ")
    let label = event.kind == .sipRequest ? method : status
    messages.append(
      Message(
        time: event.timestamp, packet: event.count(.pcapCnt), from: from, to: to, label: label,
        method: method, code: code, isRetransmission: event.flag(.sipRetransmission) ?? false,
        isForwarded: event.flag(.sipForwarded) ?? false, hasDescription: event.has(.sipSDPOrigin)))
  }

  private mutating func place(_ address: Field, _ port: Field, _ event: borrowing Event) -> Int? {
    guard let endpoint = event.endpoint(address, port) else { return nil }
    if let index = endpoints.firstIndex(of: endpoint) { return index }
    guard endpoints.count < Self.endpointLimit else { return nil }
    endpoints.append(endpoint)
    return endpoints.count - 1
  }

  /// The part of the messages from one time on, and before another one.
  func part(from start: Timestamp, before end: Timestamp?) -> Ladder {
    var part = self
    part.messages = messages.filter { message in
      message.time >= start && (end.map { message.time < $0 } ?? true)
    }
    return part
  }
}

extension Ladder {
  /// A message as it is written: with its ends and the time since the first one.
  struct Row: Sendable {
    let message: Message
    let from, to: String
    let offset: Double
  }

  /// The messages as they are written.
  var rows: [Row] {
    guard let first = messages.first else { return [] }
    return messages.map { message in
      Row(
        message: message, from: endpoints[message.from].description, to: endpoints[message.to].description,
        offset: Double(message.time.nanoseconds(since: first.time)) / 1_000_000_000)
    }
  }

  static let shape = Shape<Ladder>([
    .texts("endpoints", nil, "Addresses and ports, in the order of their first message") {
      $0.endpoints.map(\.description)
    },
    .rows("messages", "Messages in the order of the capture", row) { $0.rows },
    .count("left_out", nil, "Messages beyond the limits") { $0.leftOut },
  ])

  private static let row = Shape<Row>([
    .time("time", nil, "When it passed") { $0.message.time },
    .seconds("offset", nil, "Time since the first message") { $0.offset },
    .identity("packet", nil, "Number of the packet in the input") { $0.message.packet },
    .text("from", nil, "Who sent it") { $0.from },
    .text("to", nil, "Who received it") { $0.to },
    .text("label", nil, "Method, or status code and reason phrase") { $0.message.label },
    .text("method", nil, "Method; of a response that of its CSeq") { $0.message.method },
    .identity("code", nil, "Status code") { $0.message.code },
    .flag("retransmission", nil, "Sent again") { $0.message.isRetransmission ? true : nil },
    .flag("forwarded", nil, "Passed on by a proxy") { $0.message.isForwarded ? true : nil },
    .flag("sdp", nil, "Has a session description") { $0.message.hasDescription ? true : nil },
  ])
}
