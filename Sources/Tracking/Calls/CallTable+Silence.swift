internal import Events
internal import Values

/// Audio that does not come, or stops long before its call ends.
extension CallTable {
  /// How long it is known that media is seen between two places, in nanoseconds.
  static let pathMemory: Int64 = 3_600_000_000_000
  /// Nanoseconds of talk before missing media means anything.
  private static let missedTime: Int64 = 5_000_000_000
  /// Packets, since the answer, of a party that was heard.
  private static let heardPackets: UInt8 = 50

  /// Sets how long each party had been silent when the call was hung up.
  func setSilence(
    _ quality: CallQuality, _ number: Int, _ streams: borrowing StreamTable, into event: inout Event
  ) {
    let state = records[number].state
    // Of a call with more streams than it has room for, the last ones are not known.
    guard let answered = state.answered, let ended = state.ended, state.endedBy != nil,
      state.endedBy != .timeout, !state.isOnHold, state.transfers == 0,
      !records[number].sharesMedia, !records[number].mayPause,
      records[number].streamCount < CallRecord.streamLimit
    else { return }
    let parties = [
      (Field.callCallerSilenceAtEnd, false, quality.audioToCallee),
      (Field.callCalleeSilenceAtEnd, true, quality.audioToCaller),
    ]
    for (field, isToCaller, packets) in parties where packets >= Self.heardPackets {
      guard let last = lastAudio(of: number, isToCaller: isToCaller, since: answered, streams) else {
        continue
      }
      // Where it stopped with another description, it is elsewhere now, or of another kind.
      let changed = records[number].lastChange
      if changed > answered, last.nanoseconds(since: changed) <= Self.renegotiationTime { continue }
      event.set(field, .duration(max(0, ended.nanoseconds(since: last))))
    }
  }

  /// Notes that the sensor sees the media between the caller and the place where the call was answered.
  mutating func notePath(of number: Int, at time: Timestamp) {
    guard let path = path(of: number) else { return }
    mediaPaths.insert(path.high, path.low, 0, at: time.nanoseconds)
  }

  /// Says that a call that was talked in had no media, where such a call had some within the hour before.
  func setMissing(_ number: Int, into event: inout Event) {
    let state = records[number].state
    guard let answered = state.answered, let ended = state.ended,
      state.endedBy == .caller || state.endedBy == .callee,
      ended.nanoseconds(since: answered) >= Self.missedTime, state.holds == 0,
      !records[number].hasOneWayMedia, !records[number].sharesMedia, let path = path(of: number),
      mediaPaths.value(path.high, path.low, at: ended.nanoseconds) != nil
    else { return }
    event.set(.callNoMedia, bool: true)
  }

  private func path(of number: Int) -> WideKey? {
    let place = records[number].answerPlace
    guard place != 0 else { return nil }
    var hash = SeededHash(seed: seed)
    hash.combine(addressKey(records[number].origin.source))
    hash.combine(place)
    return WideKey(high: hash.value, low: place)
  }

  /// When a party's audio was heard last; nil where its end means nothing, or it moved without a word.
  private func lastAudio(
    of number: Int, isToCaller: Bool, since answered: Timestamp, _ streams: borrowing StreamTable
  ) -> Timestamp? {
    var last: Timestamp?
    for place in 0..<records[number].streamCount {
      let reference = records[number].streams[place]
      let stream = live(reference, streams)
      guard let voice = stream?.voice ?? (reference.end == nil ? nil : reference.voice),
        let end = stream?.last ?? reference.end
      else { return nil }
      guard voice != .video, end > answered else { continue }
      guard reference.isToCaller == isToCaller else {
        // Who has a new place is sent to there.
        if hasMoved(place, of: number, since: answered) { return nil }
        continue
      }
      guard voice == .steady, last == nil else { return nil }
      last = end
    }
    return last
  }

  /// Whether a stream came behind another one of its direction, of the same kind or not, after the answer, and goes
  /// elsewhere; where only the SSRC is another one, its receiver is where he was.
  private func hasMoved(_ place: Int, of number: Int, since answered: Timestamp) -> Bool {
    let reference = records[number].streams[place]
    guard !reference.isInPlace, reference.start.nanoseconds(since: answered) > Self.slack else {
      return false
    }
    return (0..<place).contains { records[number].streams[$0].isToCaller == reference.isToCaller }
  }
}
