internal import Events
internal import Values

/// Audio that does not come, or stops long before its call ends.
extension CallTable {
  /// How long it is known that media is seen between two places, in nanoseconds.
  static let pathMemory: Int64 = 3_600_000_000_000
  /// Nanoseconds of talk before missing media means anything.
  private static let missedTime: Int64 = 5_000_000_000
  /// Packets, since the answer, of a party that was heard.
  private static let heardPackets: UInt64 = 50

  /// Sets how long each party had been silent when the call was hung up.
  func setSilence(
    _ quality: CallQuality, _ number: Int, _ streams: borrowing StreamTable, into event: inout Event
  ) {
    let state = records[number].state
    // Of a call with more streams than it has room for, the last ones are not known.
    guard let answered = state.answered, let ended = state.ended, state.endedBy != nil,
      state.endedBy != .timeout,
      !records[number].sharesMedia, records[number].streamCount < CallRecord.streamLimit
    else { return }
    let parties = [
      (Field.callCallerSilenceAtEnd, false, quality.packetsToCallee),
      (Field.callCalleeSilenceAtEnd, true, quality.packetsToCaller),
    ]
    for (field, isToCaller, packets) in parties where packets >= Self.heardPackets {
      guard let last = lastAudio(of: number, isToCaller: isToCaller, streams) else { continue }
      // Where it stopped with a description after the answer, it is elsewhere now, of another kind or on hold.
      if let described = records[number].lastDescription, described.nanoseconds(since: answered) > Self.slack,
        last.nanoseconds(since: described) <= Self.renegotiationTime
      {
        continue
      }
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

  /// When a party's audio was heard last; nil where its end means nothing.
  private func lastAudio(
    of number: Int, isToCaller: Bool, _ streams: borrowing StreamTable
  ) -> Timestamp? {
    var last: Timestamp?
    for place in 0..<records[number].streamCount {
      let reference = records[number].streams[place]
      guard reference.isToCaller == isToCaller else { continue }
      let stream = live(reference, streams)
      guard let voice = stream?.voice ?? (reference.end == nil ? nil : reference.voice),
        let end = stream?.last ?? reference.end
      else { return nil }
      switch voice {
      case .video: continue
      case .unknown, .pausing: return nil
      case .steady: last = max(last ?? end, end)
      }
    }
    return last
  }
}
