/// What is wrong with a message in the light of those before it; raw values are the names that logs and rules
/// use and never change.
public enum SignallingFault: String, CaseIterable, Sendable {
  /// Credentials, response and all, are those of another request.
  case replayedCredentials = "sip.replayed_credentials"
  /// The INVITE that answers a challenge describes another session than the one that was challenged.
  case sessionChanged = "sip.session_changed_after_challenge"
  /// The INVITE that answers a challenge wants the media at another address than the one that was challenged.
  case sessionMoved = "sip.session_moved_after_challenge"
  /// A request within a dialog is accepted that came without credentials from where no party of the call is.
  case foreignRequest = "sip.foreign_request_accepted"
  /// A telephone accepts a NOTIFY outside of any dialog that was seen, which came without credentials from where none of its
  /// servers is.
  case strangersNotify = "sip.strangers_notify_accepted"
  /// The same of a REFER.
  case strangersRefer = "sip.strangers_refer_accepted"
  /// A telephone rings or answers for an INVITE that came without credentials from where none of its servers and no other
  /// telephone is.
  case strangersCall = "sip.strangers_call_rings"
  /// A call that somebody replaces by Replaces, from where no party is, without credentials or having been asked to.
  case strangersReplaces = "sip.strangers_replaces_accepted"
  /// The same of a call that somebody joins.
  case strangersJoin = "sip.strangers_join_accepted"
  /// A final response comes from where its request did not go, beside another one from where it went.
  case foreignAnswer = "sip.foreign_answer"
  /// A server gives one request two final responses that differ.
  case contradictingAnswer = "sip.contradicting_answer"
  /// A party goes on with a dialog that it has ended by a BYE, as far as that one was its own.
  case requestAfterBye = "sip.request_after_bye"
  /// A certificate is another one than the session description announces.
  case foreignCertificate = "dtls.fingerprint_mismatch"
  /// A datagram overflows a receiver that expects a fax.
  case faxOverflow = "t38.overflow"

  /// What is wrong, in one sentence.
  public var meaning: String {
    switch self {
    case .replayedCredentials:
      "The credentials of a request are those of another one: nonce, count, user and response. A relay that passes the "
        + "request on is none: its receiver, or within half a second anybody else who sends it to another server."
    case .sessionChanged:
      "An INVITE with credentials describes another session than the INVITE whose challenge it answers: "
        + "another owner, medium or port, or the address at which the caller was seen. A telephone may open new ports."
    case .sessionMoved:
      "An INVITE with credentials wants the media at another address than the INVITE whose challenge it answers, and not "
        + "where that one is known to have come from: at its source, or, of a private one, where the challenge has seen it "
        + "(`received`)."
    case .foreignRequest:
      "A re-INVITE, UPDATE, REFER or INFO of a call is accepted although it came without credentials from an address "
        + "that no message of the call has named: raised by the response."
    case .strangersNotify:
      "A NOTIFY outside of any dialog that was seen is accepted by a telephone that has registered, although it came "
        + "without credentials from an address that has granted the telephone nothing within a day: raised by the "
        + "response."
    case .strangersRefer:
      "A REFER outside of any dialog that was seen is accepted by a telephone that has registered, although it came "
        + "without credentials from an address that has granted the telephone nothing within a day: raised by the "
        + "response."
    case .strangersCall:
      "A telephone that has registered rings or answers for a call that came without credentials from an address that has "
        + "granted the telephone nothing within a day, was itself granted no registration, and whose calls the telephone has "
        + "not answered: raised by the first 18x or 2xx."
    case .strangersReplaces:
      "An INVITE with Replaces takes over a call that talks, although it came without credentials from where no party of "
        + "that call and no server of the receiver is, and no party has asked for it by REFER: raised by the 2xx."
    case .strangersJoin:
      "An INVITE with Join joins a call that talks, although it came without credentials from where no party of "
        + "that call and no server of the receiver is, and no party has asked for it by REFER: raised by the 2xx."
    case .foreignAnswer:
      "A final response comes from an address that its request was not seen to go to, and which has granted the client no "
        + "registration; and the address that it went to answers the same transaction, too: finally and with another "
        + "status or tag, or for now, where the other one has granted the client nothing at all. `anomaly.detail` is the "
        + "status code. Raised by the response that comes second, with the ends of the forged one."
    case .contradictingAnswer:
      "A request that was sent once gets two final responses with different status codes from one address, of which one is "
        + "forged: no server does that. Left out are 408 and 5xx, with INVITE also 2xx, 480 and 487, and with BYE and CANCEL 481, "
        + "which may come beside others. `anomaly.detail` has the two codes. Raised by the second."
    case .requestAfterBye:
      "A party sends another BYE, a re-INVITE or an UPDATE in a dialog more than two seconds after a BYE from the same address "
        + "was accepted in it: that BYE was forged. Raised by the later request, for 32 s after the end of the call."
    case .foreignCertificate:
      "The certificate of a DTLS handshake is not the one whose fingerprint the session description of its "
        + "sender announces: somebody may be in between."
    case .faxOverflow:
      "A datagram to where a session description expects T.38 over UDPTL has more than 1,500 bytes, or repeats more than "
        + "fifteen packets, or has more blocks of parity: receivers keep sixteen, and some did not count."
    }
  }

  /// Where the violated rule is written, or the check that it comes from.
  public var source: String {
    switch self {
    case .replayedCredentials: "RFC 7616 §3.4; Snort 140:20"
    case .sessionChanged, .sessionMoved: "RFC 3261 §8.1.3.5, §22.2; RFC 8866 §5.2; Snort 140:21"
    case .foreignRequest: "RFC 3261 §12.2.2, §26.1"
    case .strangersNotify: "RFC 6665 §4.1.3, RFC 3842 §3"
    case .strangersRefer: "RFC 3515 §5"
    case .strangersCall: "RFC 3261 §26.1"
    case .strangersReplaces: "RFC 3891 §3, §8"
    case .strangersJoin: "RFC 3911 §4, §8"
    case .foreignAnswer: "RFC 3261 §17.1.3, §18.2.2, §26.1"
    case .contradictingAnswer: "RFC 3261 §17.2, §26.1.4"
    case .requestAfterBye: "RFC 3261 §15, §26.1.4"
    case .foreignCertificate: "RFC 5763 §5; RFC 8122 §5"
    case .faxOverflow: "ITU-T T.38 §9.1; CVE-2011-1147"
    }
  }
}
