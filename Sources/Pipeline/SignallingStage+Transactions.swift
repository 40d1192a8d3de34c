internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Transactions: their events have the ends of the request.
extension SignallingStage {
  mutating func trackTransactions(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ sighting: Sighting, _ packet: borrowing Packet,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    guard events.needs(.transaction) else { return }
    transactions.process(
      message, bytes, sighting.keys, sighting.verdict, sighting.origin, at: packet.timestamp)
    let flow = sighting.match.map { flows.identity(of: $0.number) } ?? 0
    raiseTransactions(sequence: packet.number, ofFlow: flow, &events)
  }

  mutating func expireTransactions(at time: Timestamp, sequence: UInt64, _ events: inout EventOutlet) {
    transactions.expire(at: time, answers)
    raiseTransactions(sequence: sequence, ofFlow: 0, &events)
  }

  private mutating func raiseTransactions(
    sequence: UInt64, ofFlow flow: Int64, _ events: inout EventOutlet
  ) {
    guard !transactions.changes.isEmpty else { return }
    for change in transactions.changes {
      event.reset(.transaction, at: change.time, sequence: sequence)
      fields.set(change.origin, into: &event)
      transactions.describe(change, into: &event)
      events.process(&event, ofFlow: flow)
    }
    transactions.removeChanges()
  }
}
