internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Registrations: outcomes that a response brings are about its packet, those of silence have none.
extension SignallingStage {
  mutating func trackRegistrations(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ sighting: Sighting, _ packet: borrowing Packet,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    guard message.method == .register else { return }
    registrations.expire(
      before: message, sighting.keys, sighting.verdict, sighting.origin, at: packet.timestamp, answers)
    raiseExpiredRegistrations(sequence: packet.number, &events)
    guard answerers.standing != .forged else { return }
    registrations.process(
      message, bytes, sighting.keys, sighting.verdict, sighting.origin, at: packet.timestamp)
    for change in registrations.changes where events.needs(change.kind) {
      event.reset(change.kind, at: change.time, sequence: packet.number)
      registrations.describe(change, into: &event)
      emit(packet, sighting.match, &flows, &events)
    }
    registrations.removeChanges()
  }

  mutating func expireRegistrations(at time: Timestamp, sequence: UInt64, _ events: inout EventOutlet) {
    registrations.expire(at: time, answers)
    raiseExpiredRegistrations(sequence: sequence, &events)
  }

  /// Raises what silence came to.
  private mutating func raiseExpiredRegistrations(sequence: UInt64, _ events: inout EventOutlet) {
    for change in registrations.changes where events.needs(change.kind) {
      event.reset(change.kind, at: change.time, sequence: sequence)
      fields.set(change.origin, into: &event)
      registrations.describe(change, into: &event)
      events.process(&event)
    }
    registrations.removeChanges()
  }
}
