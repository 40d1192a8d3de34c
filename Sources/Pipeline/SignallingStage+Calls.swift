internal import Events
internal import Packets
internal import Tracking
internal import Values

/// Calls: each change of one is an event.
extension SignallingStage {
  /// Raises what a message changed.
  mutating func raiseCallChanges(
    _ packet: borrowing Packet, _ match: FlowTable.Match?, _ streams: inout StreamTable,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    for change in calls.changes {
      if change.changes.contains(.answered) { calls.noteAnswer(change.call, &streams) }
      if change.changes.contains(.ended) { calls.noteEnd(change.call, &streams) }
      for kind in change.changes.inOrder where events.needs(CallTable.kind(of: kind)) {
        event.reset(CallTable.kind(of: kind), at: change.time, sequence: packet.number)
        calls.describe(change.call, kind, streams, into: &event)
        emit(packet, match, &flows, &events)
      }
    }
    calls.removeChanges()
  }

  /// Raises what the passing of time changed: these events bear the deadline and the ends of the first packet.
  mutating func raiseExpiredCalls(
    sequence: UInt64, _ streams: borrowing StreamTable, _ events: inout EventOutlet
  ) {
    for change in calls.changes {
      for kind in change.changes.inOrder where events.needs(CallTable.kind(of: kind)) {
        event.reset(CallTable.kind(of: kind), at: change.time, sequence: sequence)
        calls.describe(change.call, kind, streams, into: &event)
        fields.set(calls.origin(of: change.call), into: &event)
        event.set(.appProto, constant: "sip")
        events.process(&event)
      }
    }
    calls.removeChanges()
  }
}
