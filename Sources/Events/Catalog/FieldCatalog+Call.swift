extension FieldCatalog {
  static let call: [FieldDefinition] = [
    FieldDefinition(
      .callEvent, "call.event", .text, "started, ringing, answered, held, transferred or ended",
      in: .callKinds, always: true),
    FieldDefinition(
      .callID, "call.id", .text, "Identity of the call in this log, the same for all its legs",
      in: .callAndStreamKinds),
    FieldDefinition(
      .callCallID, "call.call_id", .text, "Call-ID of this leg, at most 256 bytes", source: "RFC 3261 §20.8",
      in: .callAndStreamKinds, senderChosen: true),
    FieldDefinition(
      .callCaller, "call.caller", .text, "User part of the calling party", source: "RFC 3261 §20.20",
      in: .callAndStreamKinds, senderChosen: true),
    FieldDefinition(
      .callCallee, "call.callee", .text, "User part of the called party", source: "RFC 3261 §20.39",
      in: .callAndStreamKinds, senderChosen: true),
    FieldDefinition(
      .callCallerNumber, "call.caller_number", .text, "Caller in E.164, where the dial plan can tell",
      source: "ITU-T E.164", in: .callKinds, senderChosen: true),
    FieldDefinition(
      .callCalleeNumber, "call.callee_number", .text, "Callee in E.164, where the dial plan can tell",
      source: "ITU-T E.164", in: .callKinds, senderChosen: true),
    FieldDefinition(
      .callCallerCountry, "call.caller_country", .text, "Country of the caller's number",
      source: "ITU-T E.164", in: .callKinds),
    FieldDefinition(
      .callCalleeCountry, "call.callee_country", .text, "Country of the callee's number",
      source: "ITU-T E.164", in: .callKinds),
    FieldDefinition(
      .callCalleeType, "call.callee_type", .text,
      "mobile, fixed, premium, satellite, toll-free, emergency or unknown", source: "ITU-T E.164",
      in: .callKinds),
    FieldDefinition(
      .callInternational, "call.international", .bool,
      "The callee's number is one of another country than home, or of a satellite network; home is the country of the dial plan, or else of the caller's number",
      source: "ITU-T E.164", in: .callKinds),
    FieldDefinition(
      .callDialled, "call.dialled", .text,
      "User part of the Request-URI of the first INVITE, by which servers go, where it is not the callee's",
      source: "RFC 3261 §16.5", in: .callKinds, senderChosen: true),
    FieldDefinition(
      .callDialledNumber, "call.dialled_number", .text,
      "The dialled number in E.164, where the dial plan can tell",
      source: "ITU-T E.164", in: .callKinds, senderChosen: true),
    FieldDefinition(
      .callDialledCountry, "call.dialled_country", .text, "Country of the dialled number",
      source: "ITU-T E.164", in: .callKinds),
    FieldDefinition(
      .callDialledType, "call.dialled_type", .text, "Kind of the dialled number, as in call.callee_type",
      source: "ITU-T E.164", in: .callKinds),
    FieldDefinition(
      .callState, "call.state", .text,
      "calling, proceeding, ringing, waiting (for another INVITE), talking, held or ended",
      in: .callAndStreamKinds),
    FieldDefinition(
      .callCode, "call.code", .integer, "Final status code of the INVITE", source: "RFC 3261 §13",
      in: .callKinds),
    FieldDefinition(
      .callReason, "call.reason", .text, "Reason phrase of the final response", source: "RFC 3261 §7.2",
      in: .callKinds, senderChosen: true),
    FieldDefinition(
      .callCause, "call.cause", .text,
      "answered, busy, no-answer, cancelled, rejected, failed, redirected, timeout or challenge-unanswered",
      in: .callKinds),
    FieldDefinition(
      .callPDD, "call.pdd", .duration, "Post-dial delay: first INVITE to first 18x or 2xx",
      source: "RFC 6076 §4.3", in: .callKinds, unit: "s"),
    FieldDefinition(
      .callPDDAfterAuth, "call.pdd_after_auth", .duration,
      "Post-dial delay counted from the INVITE with credentials", source: "RFC 6076 §4.3", in: .callKinds,
      unit: "s"),
    FieldDefinition(
      .callSetup, "call.setup", .duration, "First INVITE to 2xx", source: "RFC 6076 §4.3", in: .callKinds,
      unit: "s"),
    FieldDefinition(
      .callRing, "call.ring", .duration, "First 18x to answer or end", in: .callKinds, unit: "s"),
    FieldDefinition(
      .callDuration, "call.duration", .duration,
      "2xx to first BYE; absent where silence ended a call of which no media was seen",
      source: "RFC 6076 §4.5", in: .callKinds,
      unit: "s"),
    FieldDefinition(
      .callEarlyMedia, "call.early_media", .bool,
      "Media flowed more than a second before the answer, and a provisional response had announced it",
      source: "RFC 3960",
      in: .callKinds),
    FieldDefinition(
      .callHolds, "call.holds", .integer, "Times that it was put on hold", source: "RFC 3264 §8.4",
      in: .callKinds),
    FieldDefinition(
      .callTransfers, "call.transfers", .integer,
      "Times that it was transferred: REFERs that were accepted and did not fail", source: "RFC 3515",
      in: .callKinds),
    FieldDefinition(
      .callTransferCode, "call.transfer_code", .integer,
      "Final status of the last transfer: what a NOTIFY says of the new call, or the refusal of the REFER",
      source: "RFC 3515 §2.4.5", in: .callKinds),
    FieldDefinition(
      .callReplacedBy, "call.replaced_by", .text,
      "Call-ID of the call that took its place: its INVITE had Replaces and was accepted", source: "RFC 3891",
      in: .callKinds, senderChosen: true),
    FieldDefinition(
      .callForks, "call.forks", .integer, "Early dialogs beyond the first", source: "RFC 3261 §12",
      in: .callKinds),
    FieldDefinition(
      .callLegs, "call.legs", .integer, "Legs of the call so far, this one included", in: .callKinds),
    FieldDefinition(
      .callLegEvidence, "call.leg_evidence", .text,
      "What ties this leg to an earlier one: session-id, header, icid, call-id, sdp-origin, replaces, refer, numbers or callee",
      in: .callKinds),
    FieldDefinition(
      .callCarriedOn, "call.carried_on", .bool,
      "A leg with which an exchange carries an earlier one on, to the number that was called there",
      in: .callKinds, always: true),
    FieldDefinition(.callMessages, "call.messages", .integer, "SIP messages", in: .callKinds),
    FieldDefinition(
      .callRetransmissions, "call.retransmissions", .integer, "Retransmitted messages", in: .callKinds),
    FieldDefinition(
      .callCodec, "call.codec", .text,
      "First audio codec of the answer, but for comfort noise and redundancy", source: "RFC 8866 §6.6",
      in: .callKinds,
      senderChosen: true),
    FieldDefinition(
      .callEncrypted, "call.encrypted", .bool, "Media is encrypted", source: "RFC 3711", in: .callKinds),
    FieldDefinition(
      .callConcurrent, "call.concurrent", .integer, "Live calls of that caller now", in: .callKinds),
    FieldDefinition(
      .callMOS, "call.mos", .decimal, "Lowest mean opinion score of its streams", source: "ITU-T G.107",
      in: .callKinds),
    FieldDefinition(.callMOSSource, "call.mos_source", .text, "published, proxy or assumed", in: .callKinds),
    FieldDefinition(
      .callMOSScale, "call.mos_scale", .text, "Scale of call.mos: nb, wb or fb", source: "ITU-T G.107",
      in: .callKinds),
    FieldDefinition(
      .callLoss, "call.loss", .decimal, "Highest share of packets lost of its audio", source: "RFC 3550 §A.3",
      in: .callKinds),
    FieldDefinition(
      .callJitter, "call.jitter", .duration, "Highest interarrival jitter of its audio",
      source: "RFC 3550 §A.8",
      in: .callKinds, unit: "s"),
    FieldDefinition(
      .callOneWay, "call.one_way", .bool,
      "Media in one direction only, in an answered call of 3 s or more that was never on hold", in: .callKinds
    ),
    FieldDefinition(
      .callSilentParty, "call.silent_party", .text,
      "Whose media nobody saw where it is one-way: caller or callee", in: .callKinds),
    FieldDefinition(
      .callNoMedia, "call.no_media", .bool,
      "True where nobody's media was seen for 5 s or more of talk, and an earlier call between the same places had some",
      in: .callKinds),
    FieldDefinition(
      .callCallerSilenceAtEnd, "call.caller_silence_at_end", .duration,
      "Time from the caller's last audio to the end, where he hangs up or is hung up on and suppresses no silence",
      in: .callKinds, unit: "s"),
    FieldDefinition(
      .callCalleeSilenceAtEnd, "call.callee_silence_at_end", .duration,
      "Time from the callee's last audio to the end, likewise", in: .callKinds, unit: "s"),
    FieldDefinition(
      .callMediaBeforeAnswer, "call.media_before_answer", .bool,
      "Media flowed more than a second before the answer, or the end of a call without one, and nothing had announced it",
      source: "RFC 3960", in: .callAndStreamKinds),
    FieldDefinition(
      .callMediaAfterEnd, "call.media_after_end", .bool, "Media went on for more than a second after the end",
      in: .callAndStreamKinds),
    FieldDefinition(
      .callMediaAfterEndTime, "call.media_after_end_time", .duration,
      "How long the stream has gone on since the end; only with media_after_end", in: EventKindSet(.rtp),
      unit: "s"),
    FieldDefinition(.callEndedBy, "call.ended_by", .text, "caller, callee, timeout or other", in: .callKinds),
    FieldDefinition(
      .callAccount, "call.account", .text, "Calling account: `user@host` of From", source: "RFC 3261 §20.20",
      in: .callAndStreamKinds, senderChosen: true),
    FieldDefinition(
      .callSourceConcurrent, "call.source_concurrent", .integer, "Live calls from the caller's address now",
      in: .callKinds),
  ]
}

extension EventKindSet {
  static let callKinds: EventKindSet = EventKindSet(.call)
  /// Events of a stream say whose call it belongs to.
  static let callAndStreamKinds = EventKindSet(.call).union(EventKindSet(.rtp))
}
