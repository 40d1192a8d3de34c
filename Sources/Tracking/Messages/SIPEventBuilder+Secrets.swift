internal import Events
internal import Protocols
internal import Values

/// Passwords and header fields in URIs never reach an event: they are shown as three stars.
extension SIPEventBuilder {
  /// A URI as it may be shown; nearly every one is as it was written.
  @inline(__always)
  func shown(_ uri: SIPURI, in event: inout Event) -> ByteRange {
    uri.mayHoldSecret ? shown(uri.range, around: uri, in: &event) : uri.range
  }

  /// A range of the event's text that contains a URI, without what the URI hides.
  func shown(_ range: ByteRange, around uri: SIPURI, in event: inout Event) -> ByteRange {
    guard uri.mayHoldSecret else { return range }
    let secrets = uri.secrets(in: event.text.span)
    guard !secrets.password.isEmpty || !secrets.headers.isEmpty else { return range }
    let start = event.textCount
    var position = range.start
    for secret in [secrets.password, secrets.headers] where !secret.isEmpty {
      event.append(copying: ByteRange(position, secret.start))
      _ = event.append(constant: "***")
      position = secret.end
    }
    event.append(copying: ByteRange(position, range.end))
    return ByteRange(start, event.textCount)
  }

  /// A URI that stands in another text than the message's header fields.
  func shown(uri range: ByteRange, in event: inout Event) -> ByteRange {
    guard !range.isEmpty else { return range }
    return shown(SIPURI(event.text.span, range), in: &event)
  }
}
