public import Events
public import Values

/// Media streams of calls.
extension CallTable {
  /// RTP may overtake the answer or the BYE by this much.
  static let slack: Int64 = 1_000_000_000
  /// For how long a BYE is sent again and again (timer F).
  private static let byeTime: Int64 = 32_000_000_000
  /// How long after the end of a call a stream may begin that is still its own.
  private static let matchingTime: Int64 = 30_000_000_000
  /// How long after a description its media may take to change.
  static let renegotiationTime: Int64 = 3_000_000_000
  /// Packets, and nanoseconds of talk, before silence in one direction means anything.
  private static let oneWayPackets: UInt64 = 100
  private static let oneWayTime: Int64 = 3_000_000_000

  /// Notes a stream that was found to belong to a call.
  public mutating func attach(_ stream: borrowing RTPStream, number streamNumber: Int) {
    guard let owner = stream.owner, let number = call(of: stream) else { return }
    var reference = StreamReference(
      number: Int32(truncatingIfNeeded: streamNumber), firstNumber: stream.firstNumber,
      isToCaller: owner.isCaller, start: stream.destination.isMulticast ? stream.last : stream.start)
    let place = records[number].streamCount
    for known in 0..<place {
      if records[number].streams[known].firstNumber == stream.firstNumber { return }
      if records[number].streams[known].isBefore(stream) { reference.isInPlace = true }
    }
    // Of a call with more streams the first ones stand for it.
    guard place < CallRecord.streamLimit else { return }
    records[number].streams[place] = reference
    records[number].streamCount += 1
    notePath(of: number, at: stream.last)
  }

  /// Notes that a stream has ended, whose number may be used again.
  public mutating func detach(_ stream: borrowing RTPStream, isConcealed: Bool) {
    guard let number = call(of: stream) else { return }
    notePath(of: number, at: stream.last)
    for place in 0..<records[number].streamCount
    where records[number].streams[place].firstNumber == stream.firstNumber {
      records[number].streams[place].end = stream.last
      records[number].streams[place].voice = stream.voice
      records[number].quality.add(
        stream.qualitySinceAnswer(isConcealed: isConcealed), of: stream.voice,
        isToCaller: records[number].streams[place].isToCaller)
    }
  }

  /// The account of whoever is taken to send a stream whose sender its call does not know; nil where it knows him, or
  /// cannot tell.
  public func accountOfStranger(sending stream: borrowing RTPStream) -> UInt64? {
    guard let owner = stream.owner, !stream.hasUnknownSender, let number = call(of: stream),
      records[number].addresses.contains(addressKey(stream.source)) == false
    else { return nil }
    let account = owner.isCaller ? records[number].callee : records[number].caller
    return account == 0 ? nil : account
  }

  /// Notes that a stream comes from where its party's account is registered; whether that says that the party has moved: it
  /// does so of a server of the call.
  public mutating func learnMove(of stream: borrowing RTPStream, registrar: IPAddress) -> Bool {
    guard let number = call(of: stream), isParty(registrar, of: records[number]) else { return false }
    records[number].addresses.insert(addressKey(stream.source))
    return true
  }

  /// The call was just answered: what its streams have counted so far was early media.
  public func noteAnswer(_ call: CallReference, _ streams: inout StreamTable) {
    forEachLiveStream(of: call, &streams) { $0.noteAnswer(of: $1) }
  }

  /// The parties have agreed on their media: they may go elsewhere for a while.
  public func noteAgreement(_ call: CallReference, at time: Timestamp, _ streams: inout StreamTable) {
    forEachLiveStream(of: call, &streams) { $0.noteAgreement(of: $1, at: time) }
  }

  /// Two calls describe the same place, as the legs of one do whose media flow directly between the phones.
  public mutating func noteSharedMedia(_ call: CallReference, _ other: CallReference) {
    guard isLive(call), isLive(other), records[Int(other.number)].state.phase != .ended else { return }
    records[Int(call.number)].sharesMedia = true
    records[Int(other.number)].sharesMedia = true
  }

  /// The call has just ended: its streams may go on as those of the next one.
  public func noteEnd(_ call: CallReference, _ streams: inout StreamTable) {
    forEachLiveStream(of: call, &streams) { $0.orphan($1) }
  }

  /// Whether a call agreed on something new since a stream began, or was answered: then its change is what was
  /// agreed on.
  public func hasRenegotiated(
    _ stream: borrowing RTPStream, _ change: StreamChange, before time: Timestamp
  ) -> Bool {
    guard let number = call(of: stream) else { return false }
    let agreed = records[number].lastDescription
    let last = max(agreed, records[number].state.answered ?? agreed)
    return last > change.previousStart && time.nanoseconds(since: last) <= Self.renegotiationTime
  }

  /// The last packet of a call's media as far as its silence means something: where media stopped with a
  /// description, it is elsewhere now, or of another kind.
  func judgedMedia(of number: Int, _ lastMedia: Timestamp?) -> Timestamp? {
    guard let lastMedia, records[number].state.phase == .talking,
      lastMedia.nanoseconds(since: records[number].lastDescription) <= Self.renegotiationTime
    else { return lastMedia }
    return nil
  }

  /// The last packet of a call's media; nil when it never had any.
  func lastMedia(of number: Int, _ streams: borrowing StreamTable) -> Timestamp? {
    var last: Timestamp?
    for place in 0..<records[number].streamCount {
      let reference = records[number].streams[place]
      let end = reference.end ?? live(reference, streams)?.last ?? reference.start
      last = max(last ?? end, end)
    }
    return last
  }

  /// Whether a stream of a call has not ended yet.
  func hasLiveStreams(_ number: Int, _ streams: borrowing StreamTable) -> Bool {
    for place in 0..<records[number].streamCount where live(records[number].streams[place], streams) != nil {
      return true
    }
    return false
  }

  /// The call of a stream: ports are used again, so it must not have been over for long when the stream began,
  /// nor have come after it.
  private func call(of stream: borrowing RTPStream) -> Int? {
    guard let call = stream.owner?.call, isLive(call) else { return nil }
    let number = Int(call.number)
    guard records[number].state.start.nanoseconds(since: stream.start) <= Self.slack else { return nil }
    guard let ended = records[number].state.ended else { return number }
    return stream.start.nanoseconds(since: ended) <= Self.matchingTime ? number : nil
  }

  /// Tells something to each stream of a call that goes on.
  private func forEachLiveStream(
    of call: CallReference, _ streams: inout StreamTable, _ tell: (inout StreamTable, Int) -> Void
  ) {
    guard isLive(call) else { return }
    let number = Int(call.number)
    for place in 0..<records[number].streamCount where live(records[number].streams[place], streams) != nil {
      tell(&streams, Int(records[number].streams[place].number))
    }
  }

  func live(_ reference: StreamReference, _ streams: borrowing StreamTable) -> RTPStream? {
    guard reference.end == nil, reference.number >= 0 else { return nil }
    let stream = streams.stream(Int(reference.number))
    return stream.flowID != 0 && stream.firstNumber == reference.firstNumber ? stream : nil
  }
}

// MARK: - Fields

extension CallTable {
  /// The fields of a stream's call; nothing but `rtp.correlated_by` when it has none.
  public func describe(_ stream: borrowing RTPStream, into event: inout Event) {
    guard let owner = stream.owner, let number = call(of: stream) else {
      event.set(.rtpCorrelatedBy, constant: "none")
      return
    }
    event.set(.rtpCorrelatedBy, constant: owner.evidence.name)
    setIdentity(records[number], into: &event)
    if case .text(let callID) = event[.callCallID] { event.set(.rtpCallID, text: callID) }
    let isKnown = records[number].addresses.contains(addressKey(stream.source))
    let isHidden = stream.hasUnknownSender || records[number].hasHiddenPlaces
    if let isKnown, isKnown || !isHidden {
      event.set(.rtpSenderKnown, bool: isKnown)
    }
    let state = records[number].state
    event.set(.callState, constant: state.name)
    // What goes to a group is there before the call and after it.
    guard !stream.destination.isMulticast else { return }
    event.set(
      .callMediaBeforeAnswer,
      bool: isBeforeAnswer(stream.start, number) && !records[number].hasEarlyDescription)
    guard let ended = state.ended else { return }
    // A party talks until the BYE reaches it.
    let known = min(max(ended, records[number].lastBye), ended.advanced(byNanoseconds: Self.byeTime))
    let excess = stream.last.nanoseconds(since: known)
    event.set(.callMediaAfterEnd, bool: excess > Self.slack)
    if excess > Self.slack { event.set(.callMediaAfterEndTime, .duration(excess)) }
  }

  func setMedia(_ number: Int, _ streams: borrowing StreamTable, into event: inout Event) {
    guard records[number].streamCount > 0 else { return setMissing(number, into: &event) }
    let phase = records[number].state.phase
    if phase == .talking || phase == .ended {
      let isEarly = hasEarlyMedia(number)
      event.set(.callEarlyMedia, bool: isEarly && records[number].hasEarlyDescription)
      event.set(.callMediaBeforeAnswer, bool: isEarly && !records[number].hasEarlyDescription)
    }
    guard phase == .ended, records[number].state.answered != nil else { return }
    setQuality(number, streams, into: &event)
  }

  private func setQuality(_ number: Int, _ streams: borrowing StreamTable, into event: inout Event) {
    var quality = records[number].quality
    for place in 0..<records[number].streamCount {
      let reference = records[number].streams[place]
      guard let stream = live(reference, streams) else { continue }
      quality.add(
        stream.qualitySinceAnswer(isConcealed: streams.isConcealed), of: stream.voice,
        isToCaller: reference.isToCaller)
    }
    if let loss = quality.loss { event.set(.callLoss, .decimal(loss)) }
    if let jitter = quality.jitter {
      event.set(.callJitter, .duration(Int64(exactly: jitter.rounded()) ?? .max))
    }
    if let opinion = quality.opinion {
      event.set(.callMOS, .decimal(opinion.shownScore))
      event.set(.callMOSSource, constant: opinion.source.name)
      event.set(.callMOSScale, constant: opinion.scale.name)
    }
    setOneWay(quality, number, into: &event)
    setSilence(quality, number, streams, into: &event)
  }

  /// Audio in one direction only, in a call that was long enough, never on hold and meant for both directions.
  private func setOneWay(_ quality: CallQuality, _ number: Int, into event: inout Event) {
    let state = records[number].state
    guard let answered = state.answered, let ended = state.ended, state.holds == 0,
      !records[number].hasOneWayMedia, !records[number].sharesMedia,
      ended.nanoseconds(since: answered) >= Self.oneWayTime
    else { return }
    let (less, more) = (
      min(quality.packetsToCaller, quality.packetsToCallee),
      max(quality.packetsToCaller, quality.packetsToCallee)
    )
    let isOneWay = less == 0 && more >= Self.oneWayPackets
    event.set(.callOneWay, bool: isOneWay)
    guard isOneWay else { return }
    event.set(.callSilentParty, constant: quality.packetsToCaller == 0 ? "callee" : "caller")
  }

  /// Whether media flowed before the answer; in a call without one in both directions, since phones that ring may play to
  /// the caller.
  private func hasEarlyMedia(_ number: Int) -> Bool {
    var (toCaller, toCallee) = (false, false)
    for place in 0..<records[number].streamCount
    where isBeforeAnswer(records[number].streams[place].start, number) {
      if records[number].streams[place].isToCaller { toCaller = true } else { toCallee = true }
    }
    return records[number].state.answered == nil ? toCaller && toCallee : toCaller || toCallee
  }

  private func isBeforeAnswer(_ start: Timestamp, _ number: Int) -> Bool {
    let state = records[number].state
    guard let answered = state.answered ?? state.ended else { return true }
    return answered.nanoseconds(since: start) > Self.slack
  }
}
