internal import Events
internal import Packets
internal import Tracking

/// Forged answers, which are told of when the true one comes at the latest.
extension MessageStage {
  /// Raises the anomaly of a forged response with the ends of its packet, which may be an earlier one than the present.
  mutating func raise(
    _ forgery: AnswerTracker.Forgery, _ packet: borrowing Packet, _ match: FlowTable.Match?
  ) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, copying: SignallingFault.foreignAnswer.rawValue)
    event.set(.anomalyLayer, constant: "sip")
    event.set(.anomalyAppProto, constant: "sip")
    event.set(.anomalyDetail, copying: "\(forgery.code)")
    guard forgery.isEarlier else {
      SIPEventBuilder.setRoles(packet, isRequest: false, into: &event)
      return finishAnomaly(packet, match)
    }
    forgery.origin.setAnswerer(into: &event)
    fields.set(forgery.origin, into: &event)
    fields.setNumber(of: forgery.origin, into: &event)
    event.set(.appProto, constant: "sip")
    counts.anomalies &+= 1
    events.process(&event, ofFlow: forgery.origin.flowID)
  }
}
