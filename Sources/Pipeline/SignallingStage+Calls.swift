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
        if let origin = change.origin {
          finish(with: origin, ofFlow: match.map { flows.identity(of: $0.number) } ?? 0, &events)
        } else {
          emit(packet, match, &flows, &events)
        }
      }
    }
    calls.removeChanges()
  }

  /// Hands on an event about an earlier packet.
  private mutating func finish(
    with origin: PacketOrigin, ofFlow flow: Int64, _ events: inout EventOutlet
  ) {
    fields.set(origin, into: &event)
    fields.setNumber(of: origin, into: &event)
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
        if let origin = change.origin {
          finish(with: origin, ofFlow: 0, &events)
          continue
        }
        fields.set(calls.origin(of: change.call), into: &event)
        event.set(.appProto, constant: "sip")
        events.process(&event)
      }
    }
    calls.removeChanges()
  }
}
