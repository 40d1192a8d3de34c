import Events
import Packets
import Protocols
import Values

@testable import Tracking

/// Clients 10.0.0.n and their registrar, whose messages go to the trackers as the pipeline hands them over.
struct SignallingScene: ~Copyable {
  var registrations: RegistrationTracker
  var transactions: TransactionTracker
  var strangers: StrangerTracker
  var answerers: AnswerTracker
  /// What the messages show to be wrong, each behind the number of its packet.
  private(set) var faults: [String] = []
  /// The status codes of forged answers, each behind the number of the packet that shows it and that of its own.
  private(set) var forgeries: [String] = []
  /// The status codes of answers of one server that contradict each other, behind the number of the second's packet.
  private(set) var contradictions: [String] = []
  /// What each message is to its request.
  private(set) var standings: [AnswerTracker.Standing] = []
  /// What the registrations came to: all fields of each event, with the event's name under `kind`.
  private(set) var outcomes: [[String: String]] = []
  /// The same of transactions.
  private(set) var ends: [[String: String]] = []
  /// What the sender of the last message is to its receiver.
  private(set) var acquaintance = Acquaintance.unknown
  /// What each message repeats.
  private(set) var verdicts: [RepeatVerdict] = []

  private var repeats: SIPRepeats
  /// What is known of answers that were not read.
  private var answers: AnswerVisibility
  /// Whether only what clients send is captured, so that nothing was ever seen to come to them.
  var isOneSided = false
  private var number: UInt64 = 0
  private var message = SIPMessage()
  private let seed: UInt64

  static let start: Int64 = 1_772_403_247

  init(capacity: Int = 1024, memory: Int = 1 << 12, seed: UInt64 = 5) {
    registrations = RegistrationTracker(capacity: capacity, seed: seed)
    transactions = TransactionTracker(capacity: capacity, seed: seed)
    strangers = StrangerTracker(capacity: capacity, seed: seed)
    answerers = AnswerTracker(capacity: capacity, seed: seed)
    answers = AnswerVisibility(seed: seed)
    repeats = SIPRepeats(capacity: memory, seed: seed)
    self.seed = seed
  }

  /// Lets time pass and sends a message.
  ///
  /// - Parameter snapLength: bytes of it that are captured.
  mutating func send(
    _ text: String, from source: UInt32, to destination: UInt32, at seconds: Double, snapLength: Int = .max
  ) {
    number += 1
    var packet = Packet()
    packet.number = number
    packet.timestamp = Self.time(seconds)
    packet.ipVersion = 4
    packet.transport = .udp
    packet.source = Self.address(source)
    packet.destination = Self.address(destination)
    packet.sourcePort = 5060
    packet.destinationPort = 5060
    wait(until: seconds)
    let bytes = Array(text.utf8.prefix(snapLength))
    let isCut = bytes.count < text.utf8.count
    guard message.parse(bytes.span, transport: .datagram, isCaptureTruncated: isCut) == .message else {
      return
    }
    repeats.prepare(message, bytes.span, packet)
    let verdict = repeats.judge(message, at: packet.timestamp)
    verdicts.append(verdict)
    let keys = MessageKeys(message, bytes.span, seed: seed)
    let origin = PacketOrigin(packet)
    answers.note(message, bytes.span, verdict, origin, at: packet.timestamp)
    if !isOneSided { answers.note(message, bytes.span, verdict, origin.reversed(), at: packet.timestamp) }
    registrations.expire(before: message, keys, verdict, origin, at: packet.timestamp, answers)
    collect()
    answerers.process(message, bytes.span, keys, verdict, origin, strangers, at: packet.timestamp)
    standings.append(answerers.standing)
    if let forgery = answerers.forgery {
      forgeries.append("\(number): \(forgery.origin.number) \(forgery.code)")
    }
    if let codes = answerers.contradiction {
      contradictions.append("\(number): \(codes.first) \(codes.second)")
    }
    registrations.process(message, bytes.span, keys, verdict, origin, at: packet.timestamp)
    transactions.process(message, bytes.span, keys, verdict, origin, at: packet.timestamp)
    strangers.process(message, bytes.span, keys, verdict, origin, at: packet.timestamp)
    acquaintance = strangers.acquaintance(message, origin, at: packet.timestamp)
    if let fault = strangers.fault { faults.append("\(number) \(fault.rawValue)") }
    collect()
  }

  /// Lets time pass.
  mutating func wait(until seconds: Double) {
    registrations.expire(at: Self.time(seconds), answers)
    transactions.expire(at: Self.time(seconds), answers)
    collect()
  }

  private mutating func collect() {
    var event = Event()
    for change in registrations.changes {
      event.reset(change.kind, at: change.time, sequence: number)
      registrations.describe(change, into: &event)
      outcomes.append(Self.fields(of: event))
    }
    registrations.removeChanges()
    for change in transactions.changes {
      event.reset(.transaction, at: change.time, sequence: number)
      transactions.describe(change, into: &event)
      ends.append(Self.fields(of: event))
    }
    transactions.removeChanges()
  }

  /// The fields of an event by the last part of their names, as text.
  private static func fields(of event: borrowing Event) -> [String: String] {
    let time = Double(event.timestamp.nanoseconds - start * 1_000_000_000) / 1e9
    var fields = ["kind": event.kind.name, "at": "\(time)"]
    for row in FieldCatalog.all where event.has(row.field) {
      let name = row.name.split(separator: ".").last.map(String.init) ?? row.name
      let isEnd = row.name.hasPrefix("client.") || row.name.hasPrefix("server.")
      switch event[row.field] {
      case .text: fields[name] = event.string(row.field)
      case .integer(let value): fields[isEnd ? row.name : name] = "\(value)"
      case .bool(let value): fields[name] = "\(value)"
      case .ip(let value): fields[isEnd ? row.name : name] = "\(value)"
      case .duration(let value): fields[name] = "\(Double(value) / 1e9)"
      default: fields[name] = "?"
      }
    }
    return fields
  }

  static func time(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: start * 1_000_000_000 + Int64(seconds * 1e9))
  }

  static func address(_ host: UInt32) -> IPAddress { IPAddress(v4: 0x0a00_0000 + host) }
}

/// The words of a registration; a test says only what matters to it.
struct Registration {
  var user = "101"
  var client: UInt32 = 1
  var registrar: UInt32 = 250
  var callID = "call-1"
  var cseq = 1
  var branch = "z9hG4bK-1"
  var contact: String? = "<sip:101@10.0.0.1:5060>"
  var from: String?
  /// Further header lines.
  var headers: [String] = []

  /// A digest that answers a challenge.
  static let credentials =
    #"Authorization: Digest username="101", realm="r", nonce="n", uri="sip:example.com", response="abc""#
  static let challenge = #"WWW-Authenticate: Digest realm="r", nonce="n""#

  func request(_ further: [String] = []) -> String {
    var lines = ["REGISTER sip:example.com SIP/2.0"] + common(toTag: "")
    if let contact { lines.append("Contact: \(contact)") }
    lines += ["User-Agent: Phone 1"] + headers + further
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  func response(_ code: Int, _ further: [String] = []) -> String {
    let lines = ["SIP/2.0 \(code) Words"] + common(toTag: ";tag=server") + further
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  private func common(toTag: String) -> [String] {
    [
      "Via: SIP/2.0/UDP 10.0.0.\(client):5060;branch=\(branch)-\(cseq)",
      "From: <sip:\(from ?? user)@example.com>;tag=\(callID)", "To: <sip:\(user)@Example.com>\(toTag)",
      "Call-ID: \(callID)", "CSeq: \(cseq) REGISTER",
    ]
  }
}

extension SignallingScene {
  /// Sends a REGISTER of a registration.
  mutating func ask(_ registration: Registration, _ headers: [String] = [], at seconds: Double) {
    send(
      registration.request(headers), from: registration.client, to: registration.registrar, at: seconds)
  }

  /// Sends a response to it.
  mutating func answer(
    _ code: Int, _ registration: Registration, _ headers: [String] = [], at seconds: Double
  ) {
    send(
      registration.response(code, headers), from: registration.registrar, to: registration.client,
      at: seconds)
  }

  /// A REGISTER and a 200 that grants what the contact says.
  mutating func register(_ registration: Registration, expires: Int = 60, at seconds: Double) {
    ask(registration, ["Expires: \(expires)"], at: seconds)
    let contact = registration.contact.map { ["Contact: \($0);expires=\(expires)"] } ?? []
    answer(200, registration, contact, at: seconds + 0.01)
  }

  /// The kinds of the outcomes, without the type.
  var story: [String] { outcomes.compactMap { $0["event"] } }

  /// The last outcome.
  var last: [String: String] { outcomes.last ?? [:] }
}
