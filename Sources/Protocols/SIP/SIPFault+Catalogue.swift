extension SIPFault {
  /// Every fault in the order of the enumeration, with its name, meaning and source.
  public static let catalogue: [SIPFaultDescription] =
    startLine + addresses + headers + values + framing

  private static let startLine: [SIPFaultDescription] = [
    violation(
      .malformedStartLine, "sip.malformed_start_line",
      "The start line breaks the grammar: a part is missing, doubled white space or trailing white space.",
      "RFC 3261 §7.1; RFC 4475 §3.1.2.9, §3.1.2.10"),
    violation(
      .badVersion, "sip.bad_version",
      "A SIP-Version other than SIP/2.0 in the start line or a Via.",
      "RFC 4475 §3.1.2.16; Snort 140:24"),
    notable(
      .unknownMethod, "sip.unknown_method",
      "The request method is not a registered one.",
      "RFC 4475 §3.1.2.18; Snort 140:26"),
    violation(
      .badMethod, "sip.bad_method",
      "The method holds characters that no token may hold.",
      "RFC 3261 §25.1"),
    notable(
      .oversizedMethod, "sip.oversized_method",
      "The method is longer than the limit.",
      "RFC 3261 §26.3.2.4; Snort's limit on request names"),
    violation(
      .badStatusCode, "sip.bad_status_code",
      "The status code is not three digits from 100 to 699.",
      "RFC 4475 §3.1.2.19; Snort 140:22"),
    violation(
      .emptyRequestURI, "sip.empty_request_uri",
      "There is no Request-URI.",
      "Snort 140:2"),
    notable(
      .oversizedRequestURI, "sip.oversized_request_uri",
      "The Request-URI is longer than the limit.",
      "Snort 140:3"),
    violation(
      .requestURIInBrackets, "sip.request_uri_in_brackets",
      "The Request-URI stands in angle brackets.",
      "RFC 4475 §3.1.2.7"),
    violation(
      .requestURIWhitespace, "sip.request_uri_whitespace",
      "The Request-URI contains white space.",
      "RFC 4475 §3.1.2.8"),
    violation(
      .requestURIHeaders, "sip.request_uri_headers",
      "The Request-URI carries header fields after a question mark.",
      "RFC 4475 §3.1.2.11"),
  ]

  private static let addresses: [SIPFaultDescription] = [
    violation(
      .badURI, "sip.bad_uri",
      "A URI holds bytes that no URI may hold, or lacks its scheme.",
      "RFC 3261 §25.1"),
    violation(
      .badHost, "sip.bad_host",
      "A host is neither a name nor an address literal, or a port is no number from 1 to 65535.",
      "RFC 3261 §25.1"),
    violation(
      .badEscape, "sip.bad_escape",
      "A percent sign is not followed by two hexadecimal digits.",
      "RFC 3261 §25.1"),
    notable(
      .escapedNull, "sip.escaped_null",
      "A URI contains an escaped zero byte, which cuts strings in careless software.",
      "RFC 4475 §3.1.1.4"),
    notable(
      .unknownURIScheme, "sip.unknown_uri_scheme",
      "The scheme of a URI is not one that SIP elements know.",
      "RFC 4475 §3.3.2-4"),
    violation(
      .ipv6WithoutBrackets, "sip.ipv6_without_brackets",
      "An IPv6 address stands in a URI or a Via without square brackets.",
      "RFC 5118 §4.2"),
    notable(
      .ipv6PortAmbiguous, "sip.ipv6_port_ambiguous",
      "The last group of an IPv6 reference looks like a SIP port that slipped inside the brackets.",
      "RFC 5118 §4.3"),
    notable(
      .ipv6ExtraColon, "sip.ipv6_extra_colon",
      "An IPv6 reference has three colons before its IPv4 part, as the grammar of RFC 3261 wrongly had it.",
      "RFC 5118 §4.10; RFC 5954 §4.1"),
    notable(
      .uriHeadersInAddress, "sip.uri_headers_in_address",
      "The URI of a From, To or Contact carries header fields after a question mark.",
      "RFC 4475 §3.1.2.13, §3.3.14"),
    violation(
      .unbracketedURI, "sip.unbracketed_uri",
      "A URI with a comma, question mark or semicolon part of its own lacks its angle brackets.",
      "RFC 4475 §3.1.2.13; RFC 3261 §20.10"),
    violation(
      .whitespaceInBrackets, "sip.whitespace_in_brackets",
      "White space between an angle bracket and the URI.",
      "RFC 4475 §3.1.2.14"),
    violation(
      .unquotedDisplayName, "sip.unquoted_display_name",
      "A display name that is not made of tokens lacks its quotation marks.",
      "RFC 4475 §3.1.2.15"),
    violation(
      .unbalancedQuotes, "sip.unbalanced_quotes",
      "A quoted string is not closed.",
      "RFC 4475 §3.1.2.6"),
    violation(
      .unbalancedBrackets, "sip.unbalanced_brackets",
      "An angle bracket is not closed.",
      "RFC 3261 §25.1"),
  ]

  private static let headers: [SIPFaultDescription] = [
    violation(
      .malformedHeader, "sip.malformed_header",
      "A header line has no colon, an empty name or a name that is no token.",
      "RFC 3261 §7.3.1"),
    violation(
      .missingHeader, "sip.missing_header",
      "A header that every such message must carry is missing.",
      "RFC 4475 §3.3.1; RFC 3261 §8.1.1"),
    violation(
      .repeatedHeader, "sip.repeated_header",
      "A header that may occur only once occurs several times or has several values.",
      "RFC 4475 §3.3.8"),
    notable(
      .oversizedHeader, "sip.oversized_header",
      "The value of a header is longer than the limit.",
      "RFC 4475 §3.1.1.7"),
    notable(
      .oversizedHeaderName, "sip.oversized_header_name",
      "The name of a header is longer than the limit.",
      "RFC 4475 §3.1.1.7"),
    notable(
      .tooManyHeaders, "sip.too_many_headers",
      "There are more header lines than the limit.",
      "RFC 3261 §26.3.2.4"),
    violation(
      .bareLineFeed, "sip.bare_line_feed",
      "A line ends with LF alone.",
      "RFC 3261 §7"),
    violation(
      .bareCarriageReturn, "sip.bare_carriage_return",
      "A CR stands within a line; what follows it in that line is not read.",
      "RFC 3261 §7"),
    violation(
      .missingBlankLine, "sip.missing_blank_line",
      "The message ends before the empty line that ends the header section.",
      "RFC 3261 §7"),
    violation(
      .controlCharacter, "sip.control_character",
      "A control character stands in a header outside an escape in a quoted string.",
      "RFC 3261 §25.1"),
    violation(
      .controlInTag, "sip.control_in_tag",
      "A control character other than NUL and ESC stands in the tag of From or To, which is only compared.",
      "RFC 3261 §25.1"),
    violation(
      .invalidUTF8, "sip.invalid_utf8",
      "The header section is not valid UTF-8.",
      "RFC 3261 §25.1"),
    notable(
      .leadingLineBreaks, "sip.leading_line_breaks",
      "Empty lines stand before the start line of a datagram.",
      "RFC 3261 §7.5"),
  ]

  private static let framing: [SIPFaultDescription] = [
    violation(
      .badContentLength, "sip.bad_content_length",
      "Content-Length is no number.",
      "RFC 3261 §20.14"),
    violation(
      .negativeContentLength, "sip.negative_content_length",
      "Content-Length is negative.",
      "RFC 4475 §3.1.2.3; Snort 140:16"),
    notable(
      .oversizedContentLength, "sip.oversized_content_length",
      "Content-Length is larger than the limit.",
      "Snort 140:16"),
    violation(
      .contentLengthMismatch, "sip.content_length_mismatch",
      "Content-Length differs from the bytes that are there.",
      "RFC 4475 §3.1.2.2; Snort 140:18"),
    violation(
      .multipleContentLength, "sip.multiple_content_length",
      "There are several Content-Length headers.",
      "RFC 4475 §3.3.9"),
    violation(
      .missingContentLength, "sip.missing_content_length",
      "A message in a stream has no Content-Length.",
      "RFC 3261 §20.14"),
    notable(
      .multipleMessages, "sip.multiple_messages",
      "A datagram carries more than one message.",
      "RFC 4475 §3.1.1.8; Snort 140:17"),
    violation(
      .emptyContentType, "sip.empty_content_type",
      "Content-Type has no value.",
      "Snort 140:23"),
    notable(
      .oversizedContentType, "sip.oversized_content_type",
      "Content-Type is longer than the limit.",
      "RFC 3261 §26.3.2.4"),
    violation(
      .badContentType, "sip.bad_content_type",
      "Content-Type is not type/subtype.",
      "RFC 3261 §20.15"),
    notable(
      .unknownContentType, "sip.unknown_content_type",
      "The body of an INVITE is of a type that no phone understands.",
      "RFC 4475 §3.3.6"),
    notable(
      .acceptWithoutSDP, "sip.accept_without_sdp",
      "An INVITE accepts no session description, so nobody can answer it.",
      "RFC 4475 §3.3.15"),
    violation(
      .badMultipart, "sip.bad_multipart",
      "A multipart body has no boundary, or its boundary does not occur.",
      "RFC 2046 §5.1"),
    violation(
      .streamGarbage, "sip.stream_garbage",
      "Bytes in a stream belong to no message and were skipped.",
      "RFC 3261 §18.3"),
    notable(
      .streamGap, "sip.stream_gap",
      "Bytes of a stream were not captured, so a message was cut.",
      "RFC 3261 §18.3"),
    violation(
      .streamTruncated, "sip.stream_truncated",
      "A stream ended within a message.",
      "RFC 3261 §18.3"),
    notable(
      .oversizedMessage, "sip.oversized_message",
      "A message in a stream is larger than the limit and was cut.",
      "RFC 3261 §18.3"),
  ]

  static func violation(
    _ fault: SIPFault, _ name: String, _ meaning: String, _ source: String
  ) -> SIPFaultDescription {
    SIPFaultDescription(
      fault: fault, name: name, meaning: meaning, source: source, faultClass: .violation)
  }

  static func notable(
    _ fault: SIPFault, _ name: String, _ meaning: String, _ source: String
  ) -> SIPFaultDescription {
    SIPFaultDescription(
      fault: fault, name: name, meaning: meaning, source: source, faultClass: .notable)
  }
}
