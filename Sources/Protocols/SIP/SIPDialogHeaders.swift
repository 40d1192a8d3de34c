public import Packets
public import Values

/// A Reason header (RFC 3326): why a request was sent or a response given.
public struct SIPReason: Sendable, Equatable {
  /// The protocol, such as `SIP` or `Q.850`.
  public var protocolName = ByteRange()
  /// The cause code.
  public var cause: UInt32?
  /// The text, without quotes.
  public var text = ByteRange()

  /// Reads one element of a Reason header.
  public init(_ bytes: Bytes, _ element: ByteRange) {
    let semicolon = bytes.find(UInt8(ascii: ";"), element.start, element.end)
    protocolName = bytes.trimmed(element.start, semicolon)
    guard semicolon < element.end else { return }
    var list = SIPParameters(ByteRange(semicolon + 1, element.end))
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count <= 8 else { continue }
      switch SIPWord(rawValue: bytes.word(parameter.name)) {
      case .cause:
        cause = bytes.decimal(parameter.value, upTo: 0xffff).map { UInt32(truncatingIfNeeded: $0) }
      case .text: text = parameter.value
      default: break
      }
    }
  }
}

/// A Replaces header (RFC 3891), or a Join header (RFC 3911): the dialog that a new one takes over, or joins.
public struct SIPReplaces: Sendable, Equatable {
  /// The Call-ID of that dialog.
  public var callID = ByteRange()
  /// Its to-tag, seen from the receiver of the request.
  public var toTag = ByteRange()
  /// Its from-tag.
  public var fromTag = ByteRange()

  /// Reads a Replaces value; nil when the Call-ID or a tag is missing.
  public init?(_ bytes: Bytes, _ value: ByteRange) {
    let semicolon = bytes.find(UInt8(ascii: ";"), value.start, value.end)
    callID = bytes.trimmed(value.start, semicolon)
    guard semicolon < value.end, !callID.isEmpty else { return nil }
    var list = SIPParameters(ByteRange(semicolon + 1, value.end))
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count <= 8 else { continue }
      switch SIPWord(rawValue: bytes.word(parameter.name)) {
      case .toTag: toTag = parameter.value
      case .fromTag: fromTag = parameter.value
      default: break
      }
    }
    guard !toTag.isEmpty, !fromTag.isEmpty else { return nil }
  }
}

/// A Session-ID header (RFC 7989): one identifier that survives every B2BUA on the way.
public struct SIPSessionID: Sendable, Equatable {
  /// The identifier of the sender's side, 32 hexadecimal digits.
  public var local = ByteRange()
  /// The `remote` parameter, empty when there is none.
  public var remote = ByteRange()

  /// Reads a Session-ID value; nil when it is not 32 small hexadecimal digits.
  public init?(_ bytes: Bytes, _ value: ByteRange) {
    let semicolon = bytes.find(UInt8(ascii: ";"), value.start, value.end)
    local = bytes.trimmed(value.start, semicolon)
    guard local.count == 32 else { return nil }
    for index in local.range {
      guard bytes[index] &- 0x30 < 10 || bytes[index] &- 0x61 < 6 else { return nil }
    }
    guard semicolon < value.end else { return }
    var list = SIPParameters(ByteRange(semicolon + 1, value.end))
    while let parameter = list.next(in: bytes) {
      if parameter.name.count <= 8, bytes.word(parameter.name) == SIPWord.remote.rawValue {
        remote = parameter.value
      }
    }
  }
}

/// A Warning value (RFC 3261 §20.43).
public struct SIPWarning: Sendable, Equatable {
  /// The three-digit code.
  public var code: UInt16
  /// The agent that warns.
  public var agent: ByteRange
  /// The text, without quotes.
  public var text: ByteRange
}

/// A RAck value (RFC 3262 §7.2).
public struct SIPRAck: Sendable, Equatable {
  /// The RSeq number that is acknowledged.
  public var rseq: UInt32
  /// The CSeq number of the request that the provisional response answered.
  public var cseq: UInt32
  /// The method of that request.
  public var method: SIPMethod
}

/// Reads the headers of dialogs and of reliable provisional responses on demand.
extension SIPMessage {
  /// The first Reason.
  public func reason(in bytes: Bytes) -> SIPReason? {
    guard let value = value(.reason) else { return nil }
    var elements = SIPElements(value)
    return elements.next(in: bytes).map { SIPReason(bytes, $0) }
  }

  /// Replaces.
  public func replaces(in bytes: Bytes) -> SIPReplaces? {
    value(.replaces).flatMap { SIPReplaces(bytes, $0) }
  }

  /// Join, which names a dialog as Replaces does (RFC 3911 §7.1).
  public func join(in bytes: Bytes) -> SIPReplaces? {
    value(.join).flatMap { SIPReplaces(bytes, $0) }
  }

  /// Session-ID.
  public func sessionID(in bytes: Bytes) -> SIPSessionID? {
    value(.sessionID).flatMap { SIPSessionID(bytes, $0) }
  }

  /// The `icid-value` of P-Charging-Vector (RFC 7315 §4.6): one charging identity for all legs of a call.
  public func chargingIdentity(in bytes: Bytes) -> ByteRange? {
    guard let value = value(.pChargingVector) else { return nil }
    var list = SIPParameters(value)
    while let parameter = list.next(in: bytes) {
      if parameter.name.count == 10, bytes.spellsIgnoringCase("icid-value", at: parameter.name.start) {
        return parameter.value.isEmpty ? nil : parameter.value
      }
    }
    return nil
  }

  /// Session-Expires in seconds (RFC 4028 §4).
  public func sessionExpires(in bytes: Bytes) -> UInt32? {
    value(.sessionExpires).flatMap { leadingSeconds(bytes, $0) }
  }

  /// Retry-After in seconds (RFC 3261 §20.33).
  public func retryAfter(in bytes: Bytes) -> UInt32? {
    value(.retryAfter).flatMap { leadingSeconds(bytes, $0) }
  }

  /// RSeq (RFC 3262 §7.1), 1 to 2^32−1.
  public func rseq(in bytes: Bytes) -> UInt32? {
    value(.rseq).flatMap { readSeconds(bytes, $0) }.flatMap { $0 == 0 ? nil : $0 }
  }

  /// RAck.
  public func rack(in bytes: Bytes) -> SIPRAck? {
    guard let value = value(.rack) else { return nil }
    let first = bytes.skip(.token, value.start, value.end)
    let second = bytes.skipWhitespace(first, value.end)
    let third = bytes.skip(.token, second, value.end)
    let method = bytes.trimmed(third, value.end)
    guard let rseq = readSeconds(bytes, ByteRange(value.start, first)),
      let cseq = readSeconds(bytes, ByteRange(second, third)), !method.isEmpty,
      bytes.consists(of: .token, method)
    else { return nil }
    return SIPRAck(rseq: rseq, cseq: cseq, method: SIPMethod.named(bytes, method))
  }

  /// The first Warning.
  public func warning(in bytes: Bytes) -> SIPWarning? {
    guard let value = value(.warning) else { return nil }
    var elements = SIPElements(value)
    guard let element = elements.next(in: bytes), element.count > 4 else { return nil }
    let codeRange = ByteRange(element.start, element.start + 3)
    guard let code = bytes.decimal(codeRange, upTo: 999), bytes[codeRange.end] == 0x20 else { return nil }
    let agentStart = bytes.skipWhitespace(codeRange.end, element.end)
    let agentEnd = bytes.skip(.word, agentStart, element.end)
    var text = bytes.trimmed(agentEnd, element.end)
    let quote = UInt8(ascii: "\"")
    if text.count >= 2, bytes[text.start] == quote, bytes[text.end - 1] == quote {
      text = ByteRange(text.start + 1, text.end - 1)
    }
    return SIPWarning(
      code: UInt16(truncatingIfNeeded: code), agent: ByteRange(agentStart, agentEnd), text: text)
  }
}
