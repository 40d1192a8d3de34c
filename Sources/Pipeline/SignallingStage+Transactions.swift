internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Transactions: their events have the ends of the request.
extension SignallingStage {
  mutating func trackTransactions(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ sighting: Sighting, _ packet: borrowing Packet,
    _ flows: inout FlowTable, _ events: inout EventStage
  ) {
    guard events.needs(.transaction) else { return }
    transactions.process(
      message, bytes, sighting.keys, sighting.verdict, sighting.origin, at: packet.timestamp)
    let fired = raiseTransactions(sequence: packet.number, &events)
    if fired, let match = sighting.match { flows.markAlerted(match.number) }
  }

  mutating func expireTransactions(at time: Timestamp, sequence: UInt64, _ events: inout EventStage) {
    transactions.expire(at: time)
    raiseTransactions(sequence: sequence, &events)
  }

  @discardableResult
  private mutating func raiseTransactions(sequence: UInt64, _ events: inout EventStage) -> Bool {
    guard !transactions.changes.isEmpty else { return false }
    var fired = false
    for change in transactions.changes {
      event.reset(.transaction, at: change.time, sequence: sequence)
      fields.set(change.origin, into: &event)
      transactions.describe(change, into: &event)
      if events.process(&event) { fired = true }
    }
    transactions.removeChanges()
    return fired
  }
}
