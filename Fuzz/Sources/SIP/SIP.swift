import Packets
import Protocols
import Values

/// Everything that a message offers, read from a datagram, as a message of a stream and as a stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  read(bytes, .datagram)
  read(bytes, .stream)
  var framer = SIPStreamFramer()
  var delivered = 0
  let middle = count / 2
  framer.feed(bytes.extracting(..<middle)) { message, _ in delivered += message.count }
  framer.feed(bytes.extracting(middle...)) { message, _ in delivered += message.count }
  framer.finish { message, _ in delivered += message.count }
  precondition(delivered + framer.skippedByteCount <= count && framer.bufferedByteCount == 0)
  _ = WebSocketHandshake(bytes)
  _ = PayloadClassifier.datagram(bytes, isSIP: false)
  return 0
}

private func read(_ bytes: Bytes, _ transport: SIPTransport) {
  var message = SIPMessage()
  guard message.parse(bytes, transport: transport) == .message else { return }
  func check(_ range: ByteRange) { precondition(range.start <= range.end && range.end <= bytes.count) }
  for header in message.headers {
    check(header.nameRange)
    check(header.value)
  }
  for range in [message.callID, message.body, message.remainder, message.via.branch, message.from.tag] {
    check(range)
  }
  for name in message.presentHeaders where name != .other {
    message.forEachValue(of: name, in: bytes, check)
    if let address = message.address(name, in: bytes) { check(address.uri.user) }
  }
  if let credentials = message.credentials(in: bytes) ?? message.challenge(in: bytes) {
    check(credentials.username)
    check(credentials.realm)
  }
  if let reason = message.reason(in: bytes) { check(reason.text) }
  if let replaces = message.replaces(in: bytes) { check(replaces.callID) }
  if let session = message.sessionID(in: bytes) { check(session.remote) }
  if let warning = message.warning(in: bytes) { check(warning.text) }
  _ = (message.rack(in: bytes), message.rseq(in: bytes), message.retryAfter(in: bytes))
  var passport = PASSporT()
  if let identity = message.value(.identity) { _ = passport.parse(bytes, identity) }
  if let range = message.sessionDescriptionRange(in: bytes) {
    check(range)
    var description = SessionDescription()
    description.parse(bytes, range)
  }
}
