internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Responses that were captured before their requests go on behind them.
extension MessageStage {
  /// Lets go on what waits under the Call-ID of the message at hand and for another request than this, and what there is
  /// no room for; before anything is made of the message, since that is one at a time.
  mutating func trackEarlier(than keys: MessageKeys, _ bytes: Bytes) {
    guard !early.isEmpty else { return }
    while let response = early.popFirst(before: message, bytes, keys) { track(response) }
    while early.isFull, let response = early.popFirst() { track(response) }
  }

  /// Lets the responses go on that were captured before the request at hand, as if they had come with it.
  mutating func trackAnswers(to keys: MessageKeys, _ bytes: Bytes, at time: Timestamp) {
    guard !early.isEmpty else { return }
    while var response = early.popFirst(answering: message, bytes, keys) {
      response.delay(to: time)
      track(response)
    }
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
    let keys = MessageKeys(message, bytes, seed: signalling.seed)
    track(bytes, keys, response.packet, flows.find(response.packet), isCut: isCut)
  }
}
