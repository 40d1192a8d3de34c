internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// From messages to what they are part of: each message goes to all trackers, whose changes become events.
struct SignallingStage: ~Copyable {
  let fields: PacketEventFields
  /// Refilled for each change.
  var event: Event
  private let seed: UInt64
  var registrations: RegistrationTracker
  var transactions: TransactionTracker

  init(configuration: SensorConfiguration, headerNames: HeaderNames, fields: PacketEventFields) {
    self.fields = fields
    event = Event(headerSlots: headerNames.names.count)
    seed = configuration.hashSeed
    registrations = RegistrationTracker(capacity: configuration.registrationLimit, seed: seed)
    transactions = TransactionTracker(capacity: configuration.transactionLimit, seed: seed)
  }

  /// A message as the trackers get it.
  struct Sighting {
    let keys: MessageKeys
    let verdict: RepeatVerdict
    let match: FlowTable.Match?
    let origin: PacketOrigin
  }

  /// Takes a message after its `sip` event.
  mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ verdict: RepeatVerdict, _ packet: borrowing Packet,
    _ match: FlowTable.Match?, _ flows: inout FlowTable, _ events: inout EventStage
  ) {
    let flowID = match.map { flows.identity(of: $0.number) } ?? 0
    let sighting = Sighting(
      keys: MessageKeys(message, bytes, seed: seed), verdict: verdict, match: match,
      origin: PacketOrigin(packet, flowID: flowID, toServer: match?.toServer ?? true))
    trackTransactions(message, bytes, sighting, packet, &flows, &events)
    trackRegistrations(message, bytes, sighting, packet, &flows, &events)
  }

  /// Lets packet time pass: what was awaited and did not come becomes events.
  mutating func advance(to time: Timestamp, sequence: UInt64, _ events: inout EventStage) {
    expireTransactions(at: time, sequence: sequence, &events)
    expireRegistrations(at: time, sequence: sequence, &events)
  }

  /// The input has ended.
  mutating func finish(sequence: UInt64, _ events: inout EventStage) {}

  /// Hands on an event about a packet.
  mutating func emit(
    _ packet: borrowing Packet, _ match: FlowTable.Match?, _ flows: inout FlowTable,
    _ events: inout EventStage
  ) {
    fields.set(packet, into: &event)
    if let match { flows.describe(match, fields, into: &event) }
    if events.process(&event), let match { flows.markAlerted(match.number) }
  }
}
