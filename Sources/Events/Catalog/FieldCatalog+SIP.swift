extension FieldCatalog {
  static let sip: [FieldDefinition] = [
    FieldDefinition(
      .sipMethod, "sip.method", .text, "Method; of a response, the method of its CSeq",
      source: "RFC 3261 §7.1", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipURI, "sip.uri", .text, "Request-URI", source: "RFC 3261 §7.1", in: .requestKind, senderChosen: true),
    FieldDefinition(
      .sipURIUser, "sip.uri_user", .text, "User part of the Request-URI, `%32` as `2`",
      source: "RFC 3261 §19.1.1",
      in: .requestKind, senderChosen: true),
    FieldDefinition(
      .sipURIHost, "sip.uri_host", .text, "Host of the Request-URI, IPv6 without brackets",
      source: "RFC 3261 §19.1.1", in: .requestKind, senderChosen: true),
    FieldDefinition(
      .sipVersion, "sip.version", .text, "Protocol version of the start line, SIP/2.0",
      source: "RFC 3261 §7.1", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipRequestLine, "sip.request_line", .text, "Request line as sent", source: "RFC 3261 §7.1",
      in: .requestKind, senderChosen: true),
    FieldDefinition(
      .sipCode, "sip.code", .integer, "Status code of a grammatically valid status line",
      source: "RFC 3261 §7.2", in: .responseKind, format: .quotedNumber),
    FieldDefinition(
      .sipReason, "sip.reason", .text, "Reason phrase of the status line", source: "RFC 3261 §7.2",
      in: .responseKind, senderChosen: true),
    FieldDefinition(
      .sipResponseLine, "sip.response_line", .text, "Status line as sent", source: "RFC 3261 §7.2",
      in: .responseKind, senderChosen: true),
    FieldDefinition(
      .sipCallID, "sip.call_id", .text, "Call-ID", source: "RFC 3261 §20.8", in: .sipKinds, senderChosen: true
    ),
    FieldDefinition(
      .sipCseq, "sip.cseq", .integer, "Sequence number of CSeq", source: "RFC 3261 §20.16", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipBranch, "sip.branch", .text, "Branch of the top Via", source: "RFC 3261 §20.42", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipMaxForwards, "sip.max_forwards", .integer, "Max-Forwards", source: "RFC 3261 §20.22", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipExpires, "sip.expires", .integer, "Expires header", source: "RFC 3261 §20.19", in: .sipKinds,
      unit: "s", senderChosen: true),
    FieldDefinition(
      .sipContentType, "sip.content_type", .text, "Content-Type without parameters",
      source: "RFC 3261 §20.15", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipContentLength, "sip.content_length", .integer, "Content-Length as stated",
      source: "RFC 3261 §20.14", in: .sipKinds, unit: "bytes", senderChosen: true),
    FieldDefinition(
      .sipUserAgent, "sip.user_agent", .text, "User-Agent, or Server", source: "RFC 3261 §20.41",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipSize, "sip.size", .integer, "Length of the whole message", in: .sipKinds, unit: "bytes",
      always: true),
    FieldDefinition(
      .sipTransport, "sip.transport", .text, "udp, tcp, sctp or ws", source: "RFC 3261 §18",
      in: .sipKinds, always: true),
    FieldDefinition(
      .sipRetransmission, "sip.retransmission", .bool,
      "Same message with the same credentials again on the same 5-tuple",
      source: "RFC 3261 §17", in: .sipKinds, always: true),
    FieldDefinition(
      .sipForwarded, "sip.forwarded", .bool,
      "Same message seen before with another top Via, passed on by a proxy that has received it",
      source: "RFC 3261 §16.6", in: .sipKinds, always: true),
    FieldDefinition(
      .sipRelayed, "sip.relayed", .bool,
      "Forwarded by an address that the message was seen to go to before",
      source: "RFC 3261 §16.6", in: .sipKinds, always: true),
    FieldDefinition(
      .sipDuplicate, "sip.duplicate", .bool, "Same packet captured twice within 20 ms; also a retransmission",
      in: .sipKinds, always: true),
    FieldDefinition(
      .sipOtherWay, "sip.other_way", .bool,
      "Over UDP: came over another way than what its sender has sent under the same Call-ID, with another time to live or hardware address; only where true",
      in: .sipKinds),
    FieldDefinition(
      .sipInDialog, "sip.in_dialog", .bool,
      "The message belongs to a dialog: From and To have tags, and a response is 101 to 299 and answers no REGISTER, OPTIONS, MESSAGE or PUBLISH",
      source: "RFC 3261 §12",
      in: .sipKinds, always: true),
    FieldDefinition(
      .sipHeaderCount, "sip.header_count", .integer, "Number of header fields", in: .sipKinds, always: true),
    FieldDefinition(
      .sipFromURI, "sip.from.uri", .text, "URI of From", source: "RFC 3261 §20.20", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipFromUser, "sip.from.user", .text, "User part of From, `%32` as `2`", source: "RFC 3261 §20.20",
      in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipFromHost, "sip.from.host", .text, "Host of From", source: "RFC 3261 §20.20", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipFromDisplayName, "sip.from.display_name", .text, "Display name of From", source: "RFC 3261 §20.20",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipFromTag, "sip.from.tag", .text, "Tag of From", source: "RFC 3261 §19.3", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipToURI, "sip.to.uri", .text, "URI of To", source: "RFC 3261 §20.39", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipToUser, "sip.to.user", .text, "User part of To, `%32` as `2`", source: "RFC 3261 §20.39",
      in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipToHost, "sip.to.host", .text, "Host of To", source: "RFC 3261 §20.39", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipToDisplayName, "sip.to.display_name", .text, "Display name of To", source: "RFC 3261 §20.39",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipToTag, "sip.to.tag", .text, "Tag of To", source: "RFC 3261 §19.3", in: .sipKinds, senderChosen: true
    ),
    FieldDefinition(
      .sipContactURI, "sip.contact.uri", .text, "URI of the first Contact, or *", source: "RFC 3261 §20.10",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipContactUser, "sip.contact.user", .text, "User part of the first Contact, `%32` as `2`",
      source: "RFC 3261 §20.10",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipContactHost, "sip.contact.host", .text, "Host of the first Contact", source: "RFC 3261 §20.10",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipContactDisplayName, "sip.contact.display_name", .text, "Display name of the first Contact",
      source: "RFC 3261 §20.10", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipContactTag, "sip.contact.tag", .text, "Tag parameter of the first Contact",
      source: "RFC 3261 §20.10", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipContactExpires, "sip.contact.expires", .integer, "Expires parameter of the first Contact",
      source: "RFC 3261 §20.10", in: .sipKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .sipViaHost, "sip.via.host", .text, "Host of the top Via (sent-by)", source: "RFC 3261 §20.42",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipViaPort, "sip.via.port", .port, "Port of the top Via (sent-by)", source: "RFC 3261 §20.42",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipViaCount, "sip.via.count", .integer, "Number of Via values", source: "RFC 3261 §20.42",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipViaReceived, "sip.via.received", .text, "Received parameter of the top Via",
      source: "RFC 3261 §18.2.1", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipRouteCount, "sip.route_count", .integer, "Number of Route values", source: "RFC 3261 §20.34",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipPAssertedIdentity, "sip.p_asserted_identity", .text, "URI of the first P-Asserted-Identity",
      source: "RFC 3325 §9.1", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipDiversion, "sip.diversion", .text, "URI of the first Diversion", source: "RFC 5806 §4",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipReferredBy, "sip.referred_by", .text, "URI of Referred-By", source: "RFC 3892 §3", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipSessionID, "sip.session_id", .text, "Session-ID, local UUID", source: "RFC 7989 §5", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipReasonHeaderProtocol, "sip.reason_header.protocol", .text, "Protocol of the Reason header",
      source: "RFC 3326 §2", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipReasonHeaderCause, "sip.reason_header.cause", .integer, "Cause of the Reason header",
      source: "RFC 3326 §2", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipReasonHeaderText, "sip.reason_header.text", .text, "Text of the Reason header",
      source: "RFC 3326 §2", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipIdentityAttest, "sip.identity.attest", .text,
      "Attestation level of the PASSporT (A, B or C), not verified", source: "RFC 8588 §4", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipIdentityOrig, "sip.identity.orig", .text, "Originating number or URI of the PASSporT, not verified",
      source: "RFC 8225 §5.2.1", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipIdentityDest, "sip.identity.dest", .text, "First destination of the PASSporT, not verified",
      source: "RFC 8225 §5.2.1", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipIdentityIat, "sip.identity.iat", .integer,
      "Issued-at of the PASSporT, seconds since 1970, not verified", source: "RFC 8225 §5.1.1", in: .sipKinds,
      unit: "s", senderChosen: true),
    FieldDefinition(
      .sipIdentityX5u, "sip.identity.x5u", .text, "Certificate URL of the PASSporT, not verified",
      source: "RFC 8225 §4.3", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipAuthScheme, "sip.auth.scheme", .text, "Authentication scheme of credentials or challenge",
      source: "RFC 3261 §20.7", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipAuthUsername, "sip.auth.username", .text, "Username of the credentials", source: "RFC 3261 §20.7",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipAuthRealm, "sip.auth.realm", .text, "Realm of credentials or challenge", source: "RFC 3261 §20.7",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipAuthAlgorithm, "sip.auth.algorithm", .text, "Digest algorithm", source: "RFC 8760 §2",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipAuthQop, "sip.auth.qop", .text, "Quality of protection", source: "RFC 3261 §20.7", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipAuthNc, "sip.auth.nc", .integer, "Nonce count", source: "RFC 3261 §20.7",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipAuthNonceReused, "sip.auth.nonce_reused", .bool,
      "The user used the nonce with this count before, in another request that no relay made of this one",
      source: "RFC 7616 §3.4",
      in: .sipKinds),
    FieldDefinition(
      .sipSDPOrigin, "sip.sdp.origin", .text, "Origin line (o=)", source: "RFC 8866 §5.2", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipSDPSessionName, "sip.sdp.session_name", .text, "Session name (s=)", source: "RFC 8866 §5.3",
      in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipSDPConnectionData, "sip.sdp.connection_data", .text, "Session connection line (c=)",
      source: "RFC 8866 §5.7", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipSDPTime, "sip.sdp.time", .text, "First time line (t=)", source: "RFC 8866 §5.9", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipSDPMediaDescriptionsMedia, "sip.sdp.media_descriptions.media", .textList, "Media lines (m=)",
      source: "RFC 8866 §5.14", in: .sipKinds, senderChosen: true, format: .objects(member: "media")),
    FieldDefinition(
      .sipSDPConnectionIP, "sip.sdp.connection_ip", .ip,
      "Address for the first media: its c= line or the session's", source: "RFC 8866 §5.7", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipSDPMediaTypes, "sip.sdp.media_types", .textList,
      "Media types that are not rejected: audio, video, image …", source: "RFC 8866 §5.14", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipSDPCodecs, "sip.sdp.codecs", .textList,
      "Codecs offered or answered, by rtpmap or static payload type", source: "RFC 8866 §6.6", in: .sipKinds,
      senderChosen: true),
    FieldDefinition(
      .sipSDPSecure, "sip.sdp.secure", .bool, "A medium is SRTP by its profile or by its keys",
      source: "RFC 3711, RFC 4568, RFC 8643", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipSDPDtls, "sip.sdp.dtls", .bool, "A medium that is not rejected has a DTLS fingerprint",
      source: "RFC 5763 §5", in: .sipKinds, senderChosen: true),
    FieldDefinition(
      .sipSDPIce, "sip.sdp.ice", .bool, "ICE candidates or credentials are there", source: "RFC 8839 §5",
      in: .sipKinds, senderChosen: true),
  ]
}

extension EventKindSet {
  static let sipKinds: EventKindSet = EventKindSet(.sip)
  static let requestKind = EventKind.sipRequest.set
  static let responseKind = EventKind.sipResponse.set
}
