internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Responses that were captured before their requests go on behind them.
extension MessageStage {
  /// Lets go on what waits under the Call-ID of the message at hand and for another request than this.
  mutating func trackEarlier(than bytes: Bytes) {
    while let response = early.popFirst(before: message, bytes) { track(response) }
  }

  /// Lets the responses go on that were captured before the request at hand, as if they had come with it.
  mutating func trackAnswers(to bytes: Bytes, at time: Timestamp) {
    while var response = early.popFirst(answering: message, bytes) {
      response.delay(to: time)
      track(response)
    }
  }

  /// Makes room for another response.
  mutating func trackOldestEarly() {
    while early.isFull, let response = early.popFirst() { track(response) }
  }

  /// Lets the responses go on that have waited long enough.
  mutating func trackEarly(at time: Timestamp) {
    guard early.isDue(at: time) else { return }
    while let response = early.popDue(at: time) { track(response) }
  }

  /// Lets all responses go on: the input ends, or packet time begins anew.
  mutating func finishEarly() {
    while let response = early.popDue(at: nil) { track(response) }
  }

  private mutating func track(_ response: EarlyResponses.Waiting) {
    swap(&message, &spareMessage)
    defer { swap(&message, &spareMessage) }
    let bytes = response.bytes.span
    let isCut = !response.isStream && response.packet.isTruncated
    let transport: SIPTransport = response.isStream ? .stream : .datagram
    guard message.parse(bytes, transport: transport, isCaptureTruncated: isCut) == .message else { return }
    builder.resume(message, bytes, response.verdict)
    track(bytes, response.packet, flows.find(response.packet), isCut: isCut)
  }
}
