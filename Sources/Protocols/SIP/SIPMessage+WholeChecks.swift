import Packets
import Values

/// Judges a message as a whole, after all its headers were read.
extension SIPMessage {
  mutating func checkWhole(_ bytes: Bytes) {
    require(.via)
    require(.from)
    require(.to)
    require(.callID)
    require(.cseq)
    if via.range.isEmpty || !via.hasMagicCookie, viaCount > 0 { report(.oldBranch, .via) }
    if !body.isEmpty, !presentHeaders.contains(.contentType) { report(.missingHeader, .contentType) }
    if startLine.kind == .request {
      checkRequest(bytes)
    } else if cseq.method == .other {
      report(.cseqUnknownMethod, .cseq)
    }
  }

  private mutating func require(_ name: SIPHeaderName) {
    if !presentHeaders.contains(name) { report(.missingHeader, name) }
  }

  private mutating func checkRequest(_ bytes: Bytes) {
    require(.maxForwards)
    if startLine.method.needsContact {
      require(.contact)
      if contactCount > 1 { report(.repeatedHeader, .contact) }
    }
    if !cseq.methodRange.isEmpty, !bytes.isEqual(cseq.methodRange, startLine.methodRange) {
      report(.cseqMethodMismatch, .cseq)
    }
    if startLine.method == .invite { checkInvite(bytes) }
  }

  private mutating func checkInvite(_ bytes: Bytes) {
    if !body.isEmpty, !mediaType.isEmpty, !Self.invitationTypes.contains(bytes, mediaType),
      !isMultipart(bytes)
    {
      report(.unknownContentType, .contentType)
    }
    guard presentHeaders.contains(.accept) else { return }
    for header in headers where header.name == .accept {
      var elements = SIPElements(header.value)
      while let element = elements.next(in: bytes) {
        let semicolon = bytes.find(UInt8(ascii: ";"), element.start, element.end)
        if Self.answerTypes.contains(bytes, bytes.trimmed(element.start, semicolon)) { return }
      }
    }
    report(.acceptWithoutSDP, .accept)
  }

  /// Bodies that an INVITE may sensibly carry.
  private static let invitationTypes = SIPTokenSet([
    "application/sdp", "application/isup", "application/qsig", "application/pidf+xml",
    "application/resource-lists+xml", "application/pkcs7-mime", "message/sip", "message/sipfrag",
    "text/plain", "application/trickle-ice-sdpfrag", "application/rs-metadata+xml",
    "application/x-q931",
  ])

  /// What an Accept must offer so that a session description can answer.
  private static let answerTypes = SIPTokenSet(["application/sdp", "application/*", "*/*"])
}
