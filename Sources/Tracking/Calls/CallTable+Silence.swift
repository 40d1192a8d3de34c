internal import Events
internal import Values

/// Audio that stops long before its call ends.
extension CallTable {
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
