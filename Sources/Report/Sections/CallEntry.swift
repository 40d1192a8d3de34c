internal import Events
internal import Values

/// One call, or one leg of it.
struct CallEntry: Sendable {
  let id: String
  let callID: String
  let start: Timestamp
  var end: Timestamp?
  var caller, callee, callerNumber, calleeNumber, callerCountry, calleeCountry, calleeType: String?
  var account, state, reason, cause, codec, mosSource, mosScale, legEvidence, endedBy: String?
  var source, destination: Endpoint?
  var code: Int?
  var pdd, pddAfterAuth, setup, ring, duration, mos, loss, jitter: Double?
  var encrypted, oneWay, earlyMedia, mediaBeforeAnswer: Bool?
  var holds = 0
  var transfers = 0
  var forks = 0
  var legs = 1
  var messages = 0
  var retransmissions = 0
  /// Ids of the rules that fired on it.
  var rules: [String] = []
  var alerts = 0
  var ladder = Ladder()

  init(_ event: borrowing Event, limit: Int) {
    id = event.text(.callID, limit: limit) ?? ""
    callID = event.text(.callCallID, limit: limit) ?? ""
    start = event.timestamp
    update(event, limit: limit)
  }

  /// Takes what an event knows; every event of a call has all that is known by then.
  mutating func update(_ event: borrowing Event, limit: Int) {
    caller = event.text(.callCaller, limit: limit)
    callee = event.text(.callCallee, limit: limit)
    callerNumber = event.text(.callCallerNumber, limit: limit)
    calleeNumber = event.text(.callCalleeNumber, limit: limit)
    callerCountry = event.text(.callCallerCountry, limit: limit)
    calleeCountry = event.text(.callCalleeCountry, limit: limit)
    calleeType = event.text(.callCalleeType, limit: limit)
    account = event.text(.callAccount, limit: limit)
    source = event.endpoint(.clientIP, .clientPort) ?? source
    destination = event.endpoint(.serverIP, .serverPort) ?? destination
    legs = event.count(.callLegs) ?? 1
    legEvidence = event.text(.callLegEvidence, limit: limit)
    messages = event.count(.callMessages) ?? 0
    retransmissions = event.count(.callRetransmissions) ?? 0
    updateProgress(event, limit: limit)
    updateMedia(event, limit: limit)
  }

  private mutating func updateProgress(_ event: borrowing Event, limit: Int) {
    state = event.text(.callState, limit: limit)
    code = event.count(.callCode)
    reason = event.text(.callReason, limit: limit)
    cause = event.text(.callCause, limit: limit)
    pdd = event.number(.callPDD)
    pddAfterAuth = event.number(.callPDDAfterAuth)
    setup = event.number(.callSetup)
    ring = event.number(.callRing)
    duration = event.number(.callDuration)
    holds = event.count(.callHolds) ?? 0
    transfers = event.count(.callTransfers) ?? 0
    forks = event.count(.callForks) ?? 0
    endedBy = event.text(.callEndedBy, limit: limit)
    if event.kind == .callEnded { end = event.timestamp }
  }

  private mutating func updateMedia(_ event: borrowing Event, limit: Int) {
    codec = event.text(.callCodec, limit: limit)
    encrypted = event.flag(.callEncrypted)
    mos = event.number(.callMOS)
    mosSource = event.text(.callMOSSource, limit: limit)
    mosScale = event.text(.callMOSScale, limit: limit)
    loss = event.number(.callLoss)
    jitter = event.number(.callJitter)
    oneWay = event.flag(.callOneWay)
    earlyMedia = event.flag(.callEarlyMedia)
    mediaBeforeAnswer = event.flag(.callMediaBeforeAnswer)
  }

  /// Whether it was answered.
  var isAnswered: Bool { setup != nil || cause == "answered" }

  /// Whether its quality or its media deserve a look.
  var isPoor: Bool { oneWay == true || (mos ?? 5) < 3.6 || (loss ?? 0) > 0.03 }

  /// How much it matters when not all calls can be kept.
  var rank: Int { alerts > 0 ? 4 : isPoor ? 3 : isAnswered ? 2 : end == nil ? 1 : 0 }
}

extension CallEntry {
  static let shape = Shape<CallEntry>([
    .time("start", "Start", "First INVITE") { $0.start },
    .text("caller", "Caller", "User part of the calling party") { $0.caller },
    .text("callee", "Callee", "User part of the called party") { $0.callee },
    .text("state", "State", "State at the end of the input") { $0.state },
    .text("cause", "Cause", "Why it ended as it did") { $0.cause },
    .identity("code", "Code", "Final status code of the INVITE") { $0.code },
    .seconds("pdd", "PDD s", "Post-dial delay") { $0.pdd },
    .seconds("setup", "Setup s", "First INVITE to the answer") { $0.setup },
    .seconds("duration", "Talk s", "Answer to the first BYE") { $0.duration },
    .text("codec", "Codec", "First audio codec of the answer") { $0.codec },
    .decimal("mos", "MOS", "Lowest mean opinion score of its streams") { $0.mos },
    .share("loss", "Loss", "Highest share of packets lost") { $0.loss },
    .milliseconds("jitter", "Jitter ms", "Highest interarrival jitter") { $0.jitter },
    .flag("one_way", "One-way", "Media in one direction only") { $0.oneWay },
    .text("ended_by", "Ended by", "Who ended it") { $0.endedBy },
    .count("legs", "Legs", "Legs of the call so far, this one included") { $0.legs },
    .count("messages", "Msgs", "SIP messages") { $0.messages },
    .count("alerts", "Alerts", "Alerts about this call") { $0.alerts },
    .text("source", "From", "Address and port of the caller's side") { $0.source?.description },
    .text("destination", "To", "Address and port of the callee's side") { $0.destination?.description },
    .text("callee_country", "Country", "Country of the callee's number") { $0.calleeCountry },
    .text("callee_type", "Type", "Kind of the callee's number") { $0.calleeType },
    .text("call_id", nil, "Call-ID of this leg") { $0.callID },
    .text("id", nil, "Identity of the call, the same for all its legs") { $0.id },
    .time("end", nil, "When it ended") { $0.end },
    .text("account", nil, "Calling account") { $0.account },
    .text("caller_number", nil, "Caller in E.164") { $0.callerNumber },
    .text("callee_number", nil, "Callee in E.164") { $0.calleeNumber },
    .text("caller_country", nil, "Country of the caller's number") { $0.callerCountry },
    .text("reason", nil, "Reason phrase of the final response") { $0.reason },
    .seconds("pdd_after_auth", nil, "Post-dial delay from the INVITE with credentials") { $0.pddAfterAuth },
    .seconds("ring", nil, "First 18x to answer or end") { $0.ring },
    .text("mos_source", nil, "published, proxy or assumed") { $0.mosSource },
    .text("mos_scale", nil, "nb, wb or fb") { $0.mosScale },
    .flag("encrypted", nil, "Media is encrypted") { $0.encrypted },
    .flag("early_media", nil, "Media before the answer that was announced") { $0.earlyMedia },
    .flag("media_before_answer", nil, "Media before the answer that nothing announced") {
      $0.mediaBeforeAnswer
    },
    .count("holds", nil, "Times on hold") { $0.holds },
    .count("transfers", nil, "Times transferred") { $0.transfers },
    .count("forks", nil, "Early dialogs beyond the first") { $0.forks },
    .text("leg_evidence", nil, "What ties this leg to an earlier one") { $0.legEvidence },
    .count("retransmissions", nil, "Retransmitted messages") { $0.retransmissions },
    .texts("rules", nil, "Ids of the rules that fired on it") { $0.rules },
    .object("ladder", "Its SIP messages", Ladder.shape) { $0.ladder },
  ])
}
