internal import Events
internal import Values

/// Media streams of calls.
extension CallTable {
  /// The last packet of a call's live streams; nil when it never had any.
  func lastMedia(of number: Int, _ streams: borrowing StreamTable) -> Timestamp? {
    var last = records[number].lastMedia
    for place in 0..<records[number].streamCount {
      guard let stream = live(records[number].streams[place], streams) else { continue }
      last = max(last ?? stream.last, stream.last)
    }
    return last
  }

  private func live(_ reference: StreamReference, _ streams: borrowing StreamTable) -> RTPStream? {
    guard reference.number >= 0 else { return nil }
    let stream = streams.stream(Int(reference.number))
    return stream.flowID != 0 && stream.firstNumber == reference.firstNumber ? stream : nil
  }
}
