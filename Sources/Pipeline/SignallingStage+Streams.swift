internal import Tracking

/// Streams of calls: who sends them may have registered from there.
extension SignallingStage {
  /// Whether a stream comes from where no party of its call was, and the party that sends it has registered from there: it
  /// has moved, and its media come before it says so within the call.
  mutating func learnMove(of stream: borrowing RTPStream) -> Bool {
    guard let account = calls.accountOfStranger(sending: stream),
      let registrar = registrations.registrar(of: account, at: stream.source)
    else { return false }
    return calls.learnMove(of: stream, registrar: registrar)
  }
}
