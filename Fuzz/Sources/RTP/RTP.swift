import Packets
import Protocols
import Values

/// Everything that runs on media ports beside STUN and DTLS: RTP, RTCP, telephone events, T.38, ZRTP, and
/// the probes that tell them apart.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  readRTP(bytes)
  readRTCP(bytes)
  if let packet = try? ZRTPPacket(parsing: bytes) { precondition(packet.body.end <= count) }
  if let packet = try? UDPTLPacket(parsing: bytes) { precondition(packet.primary.end <= count) }
  var rtp = RTPProbe()
  for _ in 0..<4 {
    let verdict = rtp.process(bytes)
    _ = PayloadClassifier.datagram(bytes, isSIP: false, rtp: verdict)
  }
  return 0
}

private func readRTP(_ bytes: Bytes) {
  guard let header = try? RTPHeader(parsing: bytes) else { return }
  precondition(header.payload.start <= header.payload.end && header.payload.end <= bytes.count)
  for index in 0..<16 { _ = header.csrc(index, in: bytes) }
  var elements = RTPExtensionElements(header)
  var steps = 0
  while let element = elements.next(in: bytes) {
    precondition(element.data.end <= header.extensionData.end)
    steps += 1
  }
  precondition(steps <= bytes.count)
  _ = try? TelephoneEvent(parsing: bytes, payload: header.payload)
}

private func readRTCP(_ bytes: Bytes) {
  guard var compound = try? RTCPCompound(parsing: bytes) else { return }
  while let packet = compound.next(in: bytes) {
    precondition(packet.body.end <= packet.range.end && packet.range.end <= bytes.count)
    if let report = try? RTCPReport(parsing: bytes, packet) {
      for index in 0..<32 { _ = report.block(index, in: bytes) }
      _ = report.sender?.time
    }
    if var items = try? RTCPDescriptionItems(bytes, packet) {
      while let item = try? items.next(in: bytes) { precondition(item.value.end <= packet.body.end) }
    }
    if let goodbye = try? RTCPGoodbye(parsing: bytes, packet) {
      for index in 0..<32 { _ = goodbye.source(index, in: bytes) }
    }
    _ = try? RTCPApplication(parsing: bytes, packet)
    _ = try? RTCPFeedback(parsing: bytes, packet)
    readExtendedReports(bytes, packet)
  }
}

private func readExtendedReports(_ bytes: Bytes, _ packet: RTCPPacket) {
  guard var blocks = try? RTCPExtendedReports(bytes, packet) else { return }
  for _ in 0...packet.body.count / 4 {
    guard let block = try? blocks.next(in: bytes) else { continue }
    if case .lossRuns(let runs) = block { _ = runs.tally(in: bytes) }
    if case .delaySinceLastReceiverReport(let delays) = block {
      for index in -1...min(delays.count, 64) { _ = delays.item(index, in: bytes) }
    }
  }
}
