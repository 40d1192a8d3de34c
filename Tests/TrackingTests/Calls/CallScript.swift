import Events
import Packets
import Protocols
import Values

@testable import Tracking

/// Plays messages of calls into a table and writes down what changed: `started`, `answered` …
struct CallScript: ~Copyable {
  /// A party or a proxy: 10.0.0.n.
  typealias Host = UInt32

  var table: CallTable
  /// What is known of answers that were not read.
  private var answers = AnswerVisibility(seed: 7)
  /// Bytes of a message that are captured.
  var snapLength = Int.max
  /// What senders are to receivers.
  var acquaintance = Acquaintance.unknown
  /// Whether only what the first host sends is captured, so that nothing was ever seen to come to it.
  var isOneSided = false
  private(set) var log: [String] = []
  /// What was wrong with messages, with the number of each.
  private(set) var faults: [String] = []
  /// The last event.
  private(set) var last = Event()
  /// The earlier packet that it is about.
  private(set) var origin: PacketOrigin?
  /// When the last event was, in seconds.
  var lastTime: Double { Double(last.timestamp.nanoseconds - 1_700_000_000_000_000_000) / 1e9 }
  private var message = SIPMessage()
  private var description = SessionDescription()
  private var repeats = SIPRepeats(capacity: 1 << 12, seed: 7)
  private let streams = StreamTable(capacity: 16, seed: 7)
  private var number: UInt64 = 0
  private var time = 0.0
  private var parties = (caller: "alice", callee: "bob")

  init(options: CallTable.Options = CallTable.Options()) {
    table = CallTable(options: options, seed: 7)
  }

  /// A request from a host to another one.
  ///
  /// - Parameter port: that it comes from.
  mutating func request(
    _ method: String, at time: Double, from source: Host = 1, port: UInt16 = 5060, to destination: Host = 2,
    callID: String = "call-1", cseq: Int = 1, fromTag: String = "alice", toTag: String? = nil,
    branch: String? = nil, vias: Int = 1, headers: [String] = [], sdp: String? = nil, fragment: String? = nil,
    caller: String = "alice", callee: String = "bob"
  ) {
    parties = (caller, callee)
    play(
      "\(method) sip:\(callee)@example.com SIP/2.0", cseq: "\(cseq) \(method)", at: time, source, destination,
      callID: callID, fromTag: fromTag, toTag: toTag,
      branch: branch ?? "z9hG4bK\(callID)\(method)\(cseq)\(source)", vias: vias, headers: headers, sdp: sdp,
      fragment: fragment, port: port)
  }

  /// A response from a host to another one; it answers the request of a method and CSeq number.
  mutating func response(
    _ code: Int, at time: Double, to method: String = "INVITE", from source: Host = 2,
    destination: Host = 1, callID: String = "call-1", cseq: Int = 1, fromTag: String = "alice",
    toTag: String? = "bob", branch: String? = nil, vias: Int = 1, headers: [String] = [], sdp: String? = nil
  ) {
    play(
      "SIP/2.0 \(code) Reason", cseq: "\(cseq) \(method)", at: time, source, destination, callID: callID,
      fromTag: fromTag, toTag: toTag, branch: branch ?? "z9hG4bK\(callID)\(method)\(cseq)\(destination)",
      vias: vias, headers: headers, sdp: sdp)
  }

  /// A BYE and what it is answered with a hundredth of a second later.
  mutating func hangUp(
    at time: Double, _ code: Int? = 200, from source: Host = 1, to destination: Host = 2,
    callID: String = "call-1", cseq: Int = 2, fromTag: String = "alice", toTag: String? = "bob"
  ) {
    request(
      "BYE", at: time, from: source, to: destination, callID: callID, cseq: cseq, fromTag: fromTag,
      toTag: toTag, caller: parties.caller, callee: parties.callee)
    guard let code else { return }
    response(
      code, at: time + 0.01, to: "BYE", from: destination, destination: source, callID: callID, cseq: cseq,
      fromTag: fromTag, toTag: toTag)
  }

  /// Lets time pass.
  mutating func wait(until time: Double) {
    while self.time < time {
      self.time = min(time, self.time + 1)
      table.expire(at: Self.timestamp(self.time), streams, answers)
      note()
    }
  }

  /// Lets time pass in which no packet comes.
  mutating func pause(until time: Double) {
    self.time = time
    table.expire(at: Self.timestamp(time), streams, answers)
    note()
  }

  /// Ends the input.
  mutating func finish() {
    table.finish()
    note()
  }

  /// The fields of the last event of a call.
  func event(_ change: CallChanges, of callID: String = "call-1") -> Event {
    var event = Event()
    event.reset(CallTable.kind(of: change), at: Self.timestamp(time), sequence: number)
    let bytes = Array(callID.utf8)
    let key = MessageKeys.wide(bytes.span, ByteRange(0, bytes.count), seed: 7)
    if let record = table.indexedCall(with: key) {
      table.describe(table.reference(record), change, streams, into: &event)
    }
    return event
  }

  private mutating func play(
    _ startLine: String, cseq: String, at time: Double, _ source: Host, _ destination: Host, callID: String,
    fromTag: String, toTag: String?, branch: String, vias: Int, headers: [String], sdp: String?,
    fragment: String? = nil, port: UInt16 = 5060
  ) {
    wait(until: time)
    var lines = [startLine]
    for via in 0..<vias {
      lines.append("Via: SIP/2.0/UDP host\(via);branch=\(branch)\(via == 0 ? "" : "-\(via)")")
    }
    lines += ["From: <sip:\(parties.caller)@example.com>;tag=\(fromTag)"]
    lines += ["To: <sip:\(parties.callee)@example.com>" + (toTag.map { ";tag=\($0)" } ?? "")]
    lines += ["Call-ID: \(callID)", "CSeq: \(cseq)", "Max-Forwards: 70"] + headers
    if sdp != nil { lines.append("Content-Type: application/sdp") }
    if fragment != nil { lines.append("Content-Type: message/sipfrag;version=2.0") }
    let body = sdp ?? fragment ?? ""
    lines += ["Content-Length: \(body.utf8.count)", "", body]
    let bytes = Array(lines.joined(separator: "\r\n").utf8)
    number += 1
    var packet = Packet()
    packet.timestamp = Self.timestamp(time)
    packet.number = number
    packet.source = IPAddress(v4: 0x0a00_0000 | source)
    packet.destination = IPAddress(v4: 0x0a00_0000 | destination)
    packet.sourcePort = port
    packet.destinationPort = 5060
    packet.ipVersion = 4
    take(bytes, packet)
  }

  private mutating func take(_ whole: [UInt8], _ packet: Packet) {
    let bytes = Array(whole.prefix(snapLength))
    let isCut = bytes.count < whole.count
    precondition(message.parse(bytes.span, transport: .datagram, isCaptureTruncated: isCut) == .message)
    let keys = MessageKeys(message, bytes.span, seed: 7)
    var session: SessionFacts?
    if let range = message.sessionDescriptionRange(in: bytes.span) {
      description.parse(bytes.span, range, isCut: isCut)
      session = SessionFacts(description, in: bytes.span, isWhole: !isCut, seed: 7)
    }
    repeats.prepare(message, bytes.span, packet)
    let verdict = repeats.judge(message, at: packet.timestamp)
    let origin = PacketOrigin(packet)
    answers.note(message, bytes.span, verdict, origin, at: packet.timestamp)
    if !isOneSided { answers.note(message, bytes.span, verdict, origin.reversed(), at: packet.timestamp) }
    let owner = table.process(
      message, bytes.span, keys, verdict, session: session, origin: origin, acquaintance: acquaintance,
      at: packet.timestamp)
    if session != nil, let owner { table.learnAddresses(of: description, packet, owner.call) }
    note()
  }

  private mutating func note() {
    for change in table.changes {
      for kind in change.changes.inOrder {
        last.reset(CallTable.kind(of: kind), at: change.time, sequence: number)
        origin = change.origin
        table.describe(change.call, kind, streams, into: &last)
        log.append(String(CallTable.kind(of: kind).name.dropFirst("call.".count)))
      }
    }
    table.removeChanges()
    for fault in table.faults { faults.append("\(number) \(fault.rawValue)") }
    table.removeFaults()
  }

  static func timestamp(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64((seconds * 1e9).rounded()))
  }

  /// A description with one audio medium.
  static func sdp(
    _ direction: String = "sendrecv", host: String = "10.0.0.9", session: String = "20518", version: Int = 1,
    owner: String = "alice", port: Int = 49170, more: String = ""
  ) -> String {
    """
    v=0\r
    o=\(owner) \(session) \(version) IN IP4 host.example.com\r
    s=-\r
    c=IN IP4 \(host)\r
    t=0 0\r
    m=audio \(port) RTP/AVP 8 101\r
    a=rtpmap:101 telephone-event/8000\r
    a=\(direction)\r
    \(more)
    """
  }
}
