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
        guard change.origin == nil else {
          finish(change, ofFlow: match.map { flows.identity(of: $0.number) } ?? 0, &events)
          continue
        }
        emit(packet, match, &flows, &events)
      }
    }
    calls.removeChanges()
  }

  /// Hands on an event that is not about the present packet: it has the ends of the earlier packet that made the
  /// change, with its number, or those of the call's first one.
  private mutating func finish(
    _ change: CallTable.Change, ofFlow flow: Int64, _ events: inout EventOutlet
  ) {
    fields.set(change.origin ?? calls.origin(of: change.call), into: &event)
    if let origin = change.origin { fields.setNumber(of: origin, into: &event) }
    event.set(.appProto, constant: "sip")
    events.process(&event, ofFlow: flow)
  }

  /// Raises what the passing of time changed: these events bear the deadline and the ends of the first packet, unless
  /// it was another one that waited for its answer.
  mutating func raiseExpiredCalls(
    sequence: UInt64, _ streams: inout StreamTable, _ events: inout EventOutlet
  ) {
    for change in calls.changes {
      if change.changes.contains(.ended) { calls.noteEnd(change.call, &streams) }
      for kind in change.changes.inOrder where events.needs(CallTable.kind(of: kind)) {
        event.reset(CallTable.kind(of: kind), at: change.time, sequence: sequence)
        calls.describe(change.call, kind, streams, into: &event)
        finish(change, ofFlow: 0, &events)
      }
    }
    calls.removeChanges()
  }
}
