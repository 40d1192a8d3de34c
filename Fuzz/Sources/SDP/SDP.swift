import Packets
import Protocols
import Values

/// A session description.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  var description = SessionDescription()
  description.parse(bytes, ByteRange(0, count))
  func check(_ range: ByteRange) { precondition(range.start <= range.end && range.end <= count) }
  for range in [description.sessionName, description.time, description.bundle] { check(range) }
  for medium in description.media {
    for range in [medium.line, medium.kindRange, medium.transport, medium.mid, medium.cryptoSuite] {
      check(range)
    }
    check(medium.fingerprintHash)
    check(description.connection(of: medium).range)
    precondition(medium.formats.upperBound <= description.formats.count)
    precondition(medium.candidates.upperBound <= description.candidates.count)
    _ = description.isHeld(medium)
  }
  for format in description.formats {
    check(format.range)
    check(format.codec)
  }
  for candidate in description.candidates { check(candidate.range) }
  return 0
}
