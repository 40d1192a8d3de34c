internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// From messages to what they are part of: each message goes to all trackers, whose changes become events.
struct SignallingStage: ~Copyable {
  var calls: CallTable
  let fields: PacketEventFields
  /// Refilled for each change.
  var event: Event
  /// Of the hashes of all trackers.
  let seed: UInt64
  var registrations: RegistrationTracker
  var transactions: TransactionTracker
  var strangers: StrangerTracker
  /// Who was asked what, and who answers.
  var answerers: AnswerTracker
  /// What is known of answers that were not read.
  var answers: AnswerVisibility

  init(configuration: SensorConfiguration, headerNames: HeaderNames, fields: PacketEventFields) {
    calls = CallTable(options: configuration.calls, seed: configuration.hashSeed)
    self.fields = fields
    event = Event(headerSlots: headerNames.names.count)
    seed = configuration.hashSeed
    registrations = RegistrationTracker(capacity: configuration.registrationLimit, seed: seed)
    transactions = TransactionTracker(capacity: configuration.transactionLimit, seed: seed)
    strangers = StrangerTracker(capacity: configuration.registrationLimit, seed: seed)
    answerers = AnswerTracker(capacity: configuration.messageMemory, seed: seed)
    answers = AnswerVisibility(capacity: configuration.messageMemory, seed: seed)
  }

  /// A message as the trackers get it.
  struct Sighting {
    let keys: MessageKeys
    let verdict: RepeatVerdict
    let match: FlowTable.Match?
    let origin: PacketOrigin
  }

  /// Takes a message after its `sip` event, and says whose its description is.
  ///
  /// - Parameter session: what its description says, nil without one.
  mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    session: SessionFacts?, _ packet: borrowing Packet, _ match: FlowTable.Match?,
    _ streams: inout StreamTable,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) -> MediaOwner? {
    let sighting = Sighting(
      keys: keys, verdict: verdict, match: match,
      origin: PacketOrigin(packet, flowID: match?.flowID ?? 0, toServer: match?.toServer ?? true))
    answers.note(message, bytes, verdict, sighting.origin, at: packet.timestamp)
    answerers.process(message, bytes, keys, verdict, sighting.origin, strangers, at: packet.timestamp)
    if let forgery = answerers.forgery, forgery.isEarlier {
      calls.disregard(forgery.code, keys)
      registrations.disregardChallenge(before: message, keys, sighting.origin)
    }
    trackTransactions(message, bytes, sighting, packet, &flows, &events)
    trackRegistrations(message, bytes, sighting, packet, &flows, &events)
    strangers.process(message, bytes, keys, verdict, sighting.origin, at: packet.timestamp)
    let owner = calls.process(
      message, bytes, keys, verdict, session: session, origin: sighting.origin,
      acquaintance: strangers.acquaintance(message, sighting.origin, at: packet.timestamp),
      registrar: registrations.registrar(of: message, keys, sighting.origin),
      standing: standing(keys, sighting.origin, at: packet.timestamp), at: packet.timestamp)
    if !calls.changes.isEmpty { raiseCallChanges(packet, match, &streams, &flows, &events) }
    return owner
  }

  /// What the response at hand is to its request. That a stranger answers is doubted only where the client has a server that
  /// was seen to answer it itself: others may have several addresses.
  private func standing(
    _ keys: MessageKeys, _ origin: PacketOrigin, at time: Timestamp
  ) -> AnswerTracker.Standing {
    guard answerers.standing == .doubtful else { return answerers.standing }
    guard let (client, server) = calls.firstHop(of: keys) else { return .accepted }
    return strangers.isServed(client, by: server, at: time) ? .doubtful : .accepted
  }

  /// Lets packet time pass: what was awaited and did not come becomes events.
  mutating func advance(
    to time: Timestamp, sequence: UInt64, _ streams: inout StreamTable, _ events: inout EventOutlet
  ) {
    expireTransactions(at: time, sequence: sequence, &events)
    expireRegistrations(at: time, sequence: sequence, &events)
    calls.expire(at: time, streams, answers)
    if !calls.changes.isEmpty { raiseExpiredCalls(sequence: sequence, &streams, &events) }
  }

  /// Ends what is only waited for: the input ends, or packet time begins anew.
  mutating func finish(sequence: UInt64, _ streams: inout StreamTable, _ events: inout EventOutlet) {
    calls.finish()
    if !calls.changes.isEmpty { raiseExpiredCalls(sequence: sequence, &streams, &events) }
  }

  /// Forgets all transactions, registrations and calls: packet time begins anew.
  mutating func restart() {
    transactions.restart()
    registrations.restart()
    strangers.restart()
    answerers.restart()
    calls.restart()
    answers.restart()
  }

  /// Hands on an event about a packet.
  mutating func emit(
    _ packet: borrowing Packet, _ match: FlowTable.Match?, _ flows: inout FlowTable,
    _ events: inout EventOutlet
  ) {
    fields.set(packet, into: &event)
    if let match { flows.describe(match, fields, into: &event) }
    events.process(&event, ofFlow: match.map { flows.identity(of: $0.number) } ?? 0)
  }
}
