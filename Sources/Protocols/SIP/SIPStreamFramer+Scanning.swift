import Packets
import Values

/// The walk through the chunks. `scan` works in the chunk itself, `fill` when a beginning is in the buffer.
extension SIPStreamFramer {
  /// Advances through a chunk while nothing is buffered; gives the offset up to which it is used.
  mutating func scan(_ chunk: Bytes, _ offset: Int, _ deliver: (Bytes, SIPFrameNote) -> Void) -> Int {
    switch phase {
    case .skipping(let count):
      let step = min(count, chunk.count - offset)
      phase = step == count ? .boundary : .skipping(count - step)
      skippedByteCount += step
      return offset + step
    case .inLongLine:
      let lineFeed = find(chunk, offset)
      skip(min(lineFeed + 1, chunk.count) - offset)
      if lineFeed < chunk.count { phase = .searching }
      return min(lineFeed + 1, chunk.count)
    case .boundary, .searching, .header, .body:
      return scanStart(chunk, offset, deliver)
    }
  }

  private mutating func scanStart(
    _ chunk: Bytes, _ offset: Int, _ deliver: (Bytes, SIPFrameNote) -> Void
  ) -> Int {
    let start = skipLineBreaks(chunk, offset)
    guard start < chunk.count else { return start }
    if verdict == .undecided, isTLSRecord(chunk, start) {
      giveUp()
      return chunk.count
    }
    let lineFeed = find(chunk, start)
    guard lineFeed < chunk.count else { return keep(chunk, start) }
    workCount += lineFeed - start
    if let glued = gluedStart(chunk, start, lineFeed) {
      skip(glued - start)
      return frame(chunk, glued, lineFeed + 1, deliver)
    }
    if isStart(chunk, start, lineFeed) { return frame(chunk, start, lineFeed + 1, deliver) }
    reject(isOtherProtocol: SIPDetector.namesOtherProtocol(chunk, start, lineFeed), lineFeed + 1 - start)
    return lineFeed + 1
  }

  /// Skips a line that begins no message.
  private mutating func reject(isOtherProtocol: Bool, _ count: Int) {
    skip(count)
    if verdict == .undecided, isOtherProtocol { giveUp() }
    if verdict != .notSIP { phase = .searching }
  }

  /// Counts a run of line ends between messages once, however the chunks cut it.
  private mutating func skipLineBreaks(_ chunk: Bytes, _ offset: Int) -> Int {
    var start = offset
    // Some clients keep the connection open with zeros.
    while start < chunk.count, chunk[start] == 0x0d || chunk[start] == 0x0a || chunk[start] == 0 {
      start += 1
    }
    workCount += start - offset + 1
    if start > offset, !isInLineBreaks {
      isInLineBreaks = true
      if case .boundary = phase { keepAliveCount += 1 }
    }
    if start < chunk.count { isInLineBreaks = false }
    return start
  }

  /// Keeps an unfinished start line for the next chunk.
  private mutating func keep(_ chunk: Bytes, _ start: Int) -> Int {
    guard chunk.count - start <= limits.startLine else {
      skip(chunk.count - start)
      if verdict != .notSIP { phase = .inLongLine }
      return chunk.count
    }
    append(chunk, start, chunk.count)
    return chunk.count
  }

  /// Frames the message that begins at `start` and whose first header line is at `line`.
  private mutating func frame(
    _ chunk: Bytes, _ start: Int, _ line: Int, _ deliver: (Bytes, SIPFrameNote) -> Void
  ) -> Int {
    phase = .header
    var position = line
    while position < chunk.count {
      let lineFeed = find(chunk, position)
      guard lineFeed < chunk.count else { break }
      let end = lineFeed > position && chunk[lineFeed - 1] == 0x0d ? lineFeed - 1 : lineFeed
      if end == position {
        return frameBody(chunk, start, lineFeed + 1, deliver)
      }
      if SIPDetector.isStartLine(chunk, position, lineFeed) {
        return restart(chunk, start, position, deliver)
      }
      contentLength.read(chunk, position, end)
      position = lineFeed + 1
      if position - start > limits.header { return cutOversized(chunk, start, position, deliver) }
    }
    append(chunk, start, chunk.count)
    lineStart = position - start
    return chunk.count
  }

  private mutating func frameBody(
    _ chunk: Bytes, _ start: Int, _ body: Int, _ deliver: (Bytes, SIPFrameNote) -> Void
  ) -> Int {
    guard SIPDetector.detect(chunk.extracting(start..<body), from: 0) != .notSIP else {
      return dropHeader(body - start, next: body)
    }
    let length = contentLength.value ?? 0
    guard length <= limits.body else { return cutOversized(chunk, start, body, deliver) }
    let end = body + length
    guard end <= chunk.count else {
      append(chunk, start, chunk.count)
      phase = .body(total: end - start)
      return chunk.count
    }
    deliverSlice(chunk.extracting(start..<end), deliver)
    return end
  }

  /// A start line at `next`, in the middle of a header section: the message before it never ended, and
  /// what there is of it is delivered first.
  private mutating func restart(
    _ chunk: Bytes, _ start: Int, _ next: Int, _ deliver: (Bytes, SIPFrameNote) -> Void
  ) -> Int {
    let unfinished = chunk.extracting(start..<next)
    guard SIPDetector.detect(unfinished, from: 0) != .notSIP else {
      return dropHeader(next - start, next: next)
    }
    deliverSlice(unfinished, deliver)
    return next
  }

  /// A header section that looked like SIP at its first line only.
  private mutating func dropHeader(_ count: Int, next: Int) -> Int {
    skip(count)
    contentLength = SIPStreamContentLength()
    if verdict != .notSIP { phase = .searching }
    return next
  }

  /// Delivers the beginning of a message that is larger than the limits; its length is not believed.
  private mutating func cutOversized(
    _ chunk: Bytes, _ start: Int, _ end: Int, _ deliver: (Bytes, SIPFrameNote) -> Void
  ) -> Int {
    guard SIPDetector.detect(chunk.extracting(start..<end), from: 0) != .notSIP else {
      return dropHeader(end - start, next: end)
    }
    note.faults.insert(.oversizedMessage)
    note.isCut = true
    deliverSlice(chunk.extracting(start..<end), deliver)
    (phase, isSkippingExplained) = (.searching, true)
    return end
  }

  // MARK: With a beginning in the buffer

  /// Adds to the buffer what belongs to its message; gives the offset up to which the chunk is used.
  mutating func fill(_ chunk: Bytes, _ offset: Int, _ deliver: (Bytes, SIPFrameNote) -> Void) -> Int {
    if case .body(let total) = phase {
      let end = min(chunk.count, offset + total - buffer.count)
      append(chunk, offset, end)
      if buffer.count == total { deliverBuffer(deliver) }
      return end
    }
    let lineFeed = find(chunk, offset)
    let end = min(lineFeed + 1, chunk.count)
    append(chunk, offset, end)
    if lineFeed < chunk.count {
      endLine(deliver)
    } else {
      checkLength(deliver)
    }
    return end
  }

  /// A line in the buffer is complete.
  private mutating func endLine(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    let last = buffer.count - 1
    guard case .header = phase else {
      return endFirstLine(last)
    }
    let end = last > lineStart && buffer[last - 1] == 0x0d ? last - 1 : last
    if end == lineStart { return endHeader(deliver) }
    if SIPDetector.isStartLine(buffer.span, lineStart, last) { return restart(deliver) }
    var length = contentLength
    length.read(buffer.span, lineStart, end)
    contentLength = length
    lineStart = buffer.count
    checkLength(deliver)
  }

  private mutating func endFirstLine(_ lineFeed: Int) {
    workCount += lineFeed
    if let glued = gluedStart(buffer.span, 0, lineFeed) {
      skip(glued)
      buffer.removeSubrange(..<glued)
      (phase, lineStart) = (.header, buffer.count)
      return
    }
    if isStart(buffer.span, 0, lineFeed) {
      (phase, lineStart) = (.header, buffer.count)
      return
    }
    let isOtherProtocol = SIPDetector.namesOtherProtocol(buffer.span, 0, lineFeed)
    reject(isOtherProtocol: isOtherProtocol, buffer.count)
    clearBuffer()
  }

  private mutating func endHeader(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    guard SIPDetector.looksLikeSIP(buffer.span) != .notSIP else {
      _ = dropHeader(buffer.count, next: 0)
      return clearBuffer()
    }
    let length = contentLength.value ?? 0
    guard length <= limits.body else { return cutBuffer(deliver) }
    if length == 0 { return deliverBuffer(deliver) }
    phase = .body(total: buffer.count + length)
  }

  /// The same as `restart` in a chunk.
  private mutating func restart(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    let next = Array(buffer[lineStart...])
    buffer.removeSubrange(lineStart...)
    workCount += next.count
    if SIPDetector.looksLikeSIP(buffer.span) == .notSIP {
      _ = dropHeader(buffer.count, next: 0)
      clearBuffer()
    } else {
      deliverBuffer(deliver)
    }
    guard verdict != .notSIP else { return }
    buffer.append(contentsOf: next)
    (phase, lineStart) = (.header, buffer.count)
  }

  private mutating func checkLength(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    if case .header = phase {
      if buffer.count > limits.header { cutBuffer(deliver) }
    } else if buffer.count > limits.startLine {
      skip(buffer.count)
      clearBuffer()
      if verdict != .notSIP { phase = .inLongLine }
    }
  }

  private mutating func cutBuffer(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    guard SIPDetector.looksLikeSIP(buffer.span) != .notSIP else {
      _ = dropHeader(buffer.count, next: 0)
      return clearBuffer()
    }
    note.faults.insert(.oversizedMessage)
    note.isCut = true
    deliverBuffer(deliver)
    (phase, isSkippingExplained) = (.searching, true)
  }

  // MARK: Judging

  /// Whether a complete line begins a message: behind a message also a broken one may.
  private func isStart(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Bool {
    if SIPDetector.isStartLine(bytes, start, lineFeed) { return true }
    guard case .boundary = phase else { return false }
    return SIPDetector.mayBeStartLine(bytes, start, lineFeed)
  }

  /// Where a message begins in a line whose front belongs to a body that a gap has cut.
  ///
  /// Only in streams that are SIP: in any other, a line that quotes SIP is just a line.
  private func gluedStart(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Int? {
    guard case .searching = phase, verdict == .sip else { return nil }
    return SIPDetector.gluedStart(bytes, start, lineFeed)
  }

  /// A record header of TLS or SSL 3 (RFC 8446 §5.1).
  private func isTLSRecord(_ bytes: Bytes, _ start: Int) -> Bool {
    bytes[start] >= 0x14 && bytes[start] <= 0x18 && start + 1 < bytes.count && bytes[start + 1] == 0x03
  }

  private mutating func find(_ bytes: Bytes, _ offset: Int) -> Int {
    let lineFeed = bytes.find(0x0a, offset, bytes.count)
    workCount += lineFeed - offset + 1
    return lineFeed
  }

  private mutating func append(_ bytes: Bytes, _ start: Int, _ end: Int) {
    workCount += end - start
    for index in start..<end { buffer.append(bytes[index]) }
  }
}
