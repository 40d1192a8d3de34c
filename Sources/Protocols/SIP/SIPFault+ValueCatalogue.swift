extension SIPFault {
  /// The faults of single header values.
  static let values: [SIPFaultDescription] = [
    violation(
      .emptyFrom, "sip.empty_from",
      "From has no value.",
      "Snort 140:8"),
    notable(
      .oversizedFrom, "sip.oversized_from",
      "From is longer than the limit.",
      "Snort 140:9"),
    violation(
      .badFrom, "sip.bad_from",
      "From cannot be read as an address.",
      "RFC 3261 §20.20"),
    violation(
      .emptyTo, "sip.empty_to",
      "To has no value.",
      "Snort 140:10"),
    notable(
      .oversizedTo, "sip.oversized_to",
      "To is longer than the limit.",
      "Snort 140:11"),
    violation(
      .badTo, "sip.bad_to",
      "To cannot be read as an address.",
      "RFC 3261 §20.39"),
    notable(
      .missingTag, "sip.missing_tag",
      "From has no tag: an RFC 2543 sender.",
      "RFC 4475 §3.4.1; RFC 3261 §8.1.1.3"),
    violation(
      .emptyContact, "sip.empty_contact",
      "Contact has no value.",
      "Snort 140:14"),
    notable(
      .oversizedContact, "sip.oversized_contact",
      "A Contact line is longer than the limit.",
      "Snort 140:15"),
    violation(
      .badContact, "sip.bad_contact",
      "Contact cannot be read as a list of addresses or as a star.",
      "RFC 4475 §3.1.2.1; RFC 3261 §20.10"),
    violation(
      .badContactExpires, "sip.bad_contact_expires",
      "The expires parameter of a Contact is no number below 2^32.",
      "RFC 4475 §3.1.2.4"),
    violation(
      .emptyVia, "sip.empty_via",
      "Via has no value.",
      "Snort 140:12"),
    notable(
      .oversizedVia, "sip.oversized_via",
      "A Via line is longer than the limit.",
      "Snort 140:13"),
    violation(
      .badVia, "sip.bad_via",
      "Via breaks the grammar.",
      "RFC 4475 §3.1.2.1; RFC 3261 §20.42"),
    violation(
      .badBranch, "sip.bad_branch",
      "The branch is nothing but the magic cookie.",
      "RFC 4475 §3.2.1"),
    notable(
      .oldBranch, "sip.old_branch",
      "The top Via has no branch, or one without the magic cookie: an RFC 2543 sender.",
      "RFC 4475 §3.4.1; RFC 3261 §8.1.1.7"),
    notable(
      .unknownTransport, "sip.unknown_transport",
      "A Via names a transport that is not registered.",
      "RFC 4475 §3.1.1.10"),
    notable(
      .broadcastVia, "sip.broadcast_via",
      "A Via names a broadcast or multicast address, to which a reply would be amplified.",
      "RFC 4475 §3.3.10"),
    violation(
      .emptyCallID, "sip.empty_call_id",
      "Call-ID has no value.",
      "Snort 140:4"),
    notable(
      .oversizedCallID, "sip.oversized_call_id",
      "Call-ID is longer than the limit.",
      "Snort 140:5"),
    violation(
      .badCallID, "sip.bad_call_id",
      "Call-ID contains white space or other bytes that it may not hold.",
      "RFC 3261 §20.8"),
    violation(
      .badCSeq, "sip.bad_cseq",
      "CSeq is not a number and a method.",
      "RFC 3261 §20.16; Snort 140:6"),
    violation(
      .cseqOutOfRange, "sip.cseq_out_of_range",
      "The CSeq number is not below 2^31.",
      "RFC 4475 §3.1.2.4-5; Snort 140:6"),
    violation(
      .cseqMethodMismatch, "sip.cseq_method_mismatch",
      "The method in CSeq differs from that of the request.",
      "RFC 4475 §3.1.2.17-18; Snort 140:25"),
    notable(
      .cseqUnknownMethod, "sip.cseq_unknown_method",
      "The method in the CSeq of a response is not a registered one.",
      "Snort 140:19"),
    notable(
      .oversizedCSeqMethod, "sip.oversized_cseq_method",
      "The method in CSeq is longer than the limit.",
      "Snort 140:7"),
    violation(
      .badMaxForwards, "sip.bad_max_forwards",
      "Max-Forwards is no number from 0 to 255.",
      "RFC 4475 §3.1.2.4; RFC 3261 §20.22"),
    notable(
      .maxForwardsExhausted, "sip.max_forwards_exhausted",
      "Max-Forwards is 0: the request may not be forwarded.",
      "RFC 4475 §3.3.11"),
    violation(
      .badExpires, "sip.bad_expires",
      "Expires is no number below 2^32.",
      "RFC 4475 §3.1.2.4"),
    violation(
      .badDate, "sip.bad_date",
      "Date is no RFC 1123 date in GMT.",
      "RFC 4475 §3.1.2.12"),
    violation(
      .badRetryAfter, "sip.bad_retry_after",
      "Retry-After is no number below 2^32.",
      "RFC 4475 §3.1.2.5"),
    violation(
      .badWarning, "sip.bad_warning",
      "A Warning does not begin with a three-digit code.",
      "RFC 4475 §3.1.2.5"),
    violation(
      .badSessionExpires, "sip.bad_session_expires",
      "Session-Expires or Min-SE is no number below 2^32.",
      "RFC 4028 §4"),
    violation(
      .badSessionID, "sip.bad_session_id",
      "Session-ID is not 32 small hexadecimal digits.",
      "RFC 7989 §5"),
    violation(
      .badRSeq, "sip.bad_rseq",
      "RSeq or RAck is out of range or malformed.",
      "RFC 3262 §7"),
    violation(
      .badReplaces, "sip.bad_replaces",
      "Replaces lacks its Call-ID or one of its two tags.",
      "RFC 3891 §6.1"),
    violation(
      .badReferTo, "sip.bad_refer_to",
      "Refer-To cannot be read as an address.",
      "RFC 3515 §2.1"),
    violation(
      .badIdentity, "sip.bad_identity",
      "Identity is no PASSporT with an info parameter and no RFC 4474 signature.",
      "RFC 8224 §4"),
    violation(
      .badAuthorization, "sip.bad_authorization",
      "Credentials or a challenge lack their scheme or a parameter that Digest demands.",
      "RFC 3261 §22.4; RFC 8760"),
    notable(
      .unknownAuthScheme, "sip.unknown_auth_scheme",
      "Credentials or a challenge of a scheme other than Digest or Bearer.",
      "RFC 4475 §3.3.7"),
    notable(
      .unknownExtension, "sip.unknown_extension",
      "Require or Proxy-Require names an option tag that is not registered.",
      "RFC 4475 §3.3.5"),
  ]
}
