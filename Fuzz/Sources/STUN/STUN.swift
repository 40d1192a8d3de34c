import Packets
import Protocols
import Values

/// STUN messages and TURN channel data.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  if let data = try? TURNChannelData(parsing: bytes) { precondition(data.data.end <= count) }
  _ = TURNChannelData.byteCount(atStartOf: bytes)
  _ = PayloadClassifier.datagram(bytes, isSIP: false)
  guard let message = try? STUNMessage(parsing: bytes) else { return 0 }
  for range in [message.username, message.realm, message.software, message.data, message.errorReason] {
    guard let range else { continue }
    precondition(range.start <= range.end && range.end <= message.range.end)
  }
  precondition(message.attributeCount <= count / 4 && message.range.end <= count)
  return 0
}
