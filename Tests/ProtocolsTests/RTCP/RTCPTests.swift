import Packets
import Testing
import Values

@testable import Protocols

enum RTCPSample {
  static let senderReport = WireSample.hex(
    """
    81 c8 000c  11111111  e0000001 80000000  00001000  00000064  00003e80
    22222222  40 ffffff  00010002  00000010  aabbccdd  00010000
    """)
  static let receiverReport = WireSample.hex("80 c9 0001 33333333")
  static let description = WireSample.hex(
    "82 ca 0006  11111111 01 03 612e62 02 01 7a 00000000 22222222 0801 00 00")
  static let goodbye = WireSample.hex("81 cb 0003  11111111 04 6c656674 000000")
  static let application = WireSample.hex("85 cc 0003  11111111 61626364 01020304")
  static let negative = WireSample.hex("81 cd 0003  11111111 22222222 00050000")
  static let estimate = WireSample.hex("8f ce 0004  11111111 00000000 52454d42 01000000")
  static let compound = senderReport + description + goodbye

  /// Loss runs, reference time, delays, statistics and VoIP metrics in one packet.
  static let extended: [UInt8] = {
    let blocks = WireSample.hex(
      """
      01 00 0004  22222222 0001 0021  400a 8005  c000 0000
      04 00 0002  e0000001 80000000
      05 00 0003  33333333 12345678 00008000
      06 f8 0009  22222222 0001 0021  00000003 00000001 00000001 00000009 00000005 00000002 3f403f00
      07 00 0008  22222222  05 06 07 08  0064 03e8  0032 0014  ec 80 7f 10  5d 7f 2a 29  30 00  0028 0050 0078
      63 00 0001  00000000
      """)
    return WireSample.hex("80 cf") + WireSample.big(UInt16(1 + blocks.count / 4)) + [0x11, 0x11, 0x11, 0x11]
      + blocks
  }()

  static let all = [compound, receiverReport, application, negative, estimate, extended]
}

struct RTCPCompoundTests {
  @Test func `a compound is walked to its exact end`() throws {
    let bytes = RTCPSample.compound
    var compound = try RTCPCompound(parsing: bytes.span)
    #expect(compound.protection == .none)
    #expect(compound.fault == nil)
    #expect(compound.packetCount == 3)
    #expect(compound.senderSSRC == 0x1111_1111)
    var kinds: [RTCPPacket.Kind?] = []
    while let packet = compound.next(in: bytes.span) { kinds.append(packet.kind) }
    #expect(kinds == [.senderReport, .sourceDescription, .goodbye])
  }

  @Test func `a reduced-size datagram may begin with any type`() throws {
    for bytes in RTCPSample.all {
      #expect(try RTCPCompound(parsing: bytes.span).fault == nil)
    }
  }

  @Test func `a truncated compound gives the whole packets and names the fault`() throws {
    let bytes = RTCPSample.compound
    try feedTruncations(of: bytes) { prefix, count in
      guard count >= RTCPSample.senderReport.count else {
        #expect(throws: WireError.self) { try RTCPCompound(parsing: prefix) }
        return
      }
      let compound = try RTCPCompound(parsing: prefix)
      let ends = [52, 80]
      #expect(compound.packetCount == ends.filter { $0 <= count }.count)
      #expect((compound.fault == nil) == ends.contains(count))
    }
  }

  @Test func `encrypted SRTCP gives its first header and nothing else`() throws {
    var random = WireRandom(seed: 3711)
    for tag in [10, 4, 0] {
      for index: UInt32 in [0, 1, 70_000] {
        var bytes = Array(RTCPSample.compound[..<8]) + random.bytes(RTCPSample.compound.count - 8)
        bytes += WireSample.big(0x8000_0000 | index) + random.bytes(tag)
        var compound = try RTCPCompound(parsing: bytes.span)
        #expect(compound.protection == .encrypted)
        #expect(compound.packetCount == 0)
        #expect(compound.fault == nil)
        #expect(compound.firstType == 200)
        #expect(compound.senderSSRC == 0x1111_1111)
        #expect(compound.next(in: bytes.span) == nil)
      }
    }
  }

  @Test func `authenticated SRTCP without encryption is readable`() throws {
    let bytes = RTCPSample.compound + WireSample.big(UInt32(7)) + [UInt8](repeating: 0xaa, count: 10)
    let compound = try RTCPCompound(parsing: bytes.span)
    #expect(compound.protection == .authenticated)
    #expect(compound.packetCount == 3)
  }

  @Test func `bytes behind the last packet are a fault`() throws {
    let compound = try RTCPCompound(parsing: (RTCPSample.receiverReport + [1, 2, 3, 4, 5]).span)
    #expect(compound.packetCount == 1)
    #expect(compound.fault?.field.description == "version")
    #expect(compound.fault?.offset == 8)
  }

  @Test func `padding is cut off the body and checked`() throws {
    let padded = WireSample.hex("a0 c9 0002 33333333 00000004")
    #expect(try RTCPPacket(parsing: padded.span).body == ByteRange(4, 8))
    for count: UInt8 in [0, 3, 12, 255] {
      var bytes = padded
      bytes[11] = count
      let error = #expect(throws: WireError.self) { try RTCPPacket(parsing: bytes.span) }
      #expect(error?.field.description == "padding")
    }
  }

  @Test func `a chain of the shortest packets is walked once`() throws {
    // The nastiest input: every four bytes are a packet. Steps double with the size.
    for count in [1000, 2000, 4000] {
      let bytes = Array(repeatElement(WireSample.hex("80 cb 0000"), count: count).joined())
      var compound = try RTCPCompound(parsing: bytes.span)
      var steps = 0
      while compound.next(in: bytes.span) != nil { steps += 1 }
      #expect(steps == count)
    }
  }

  @Test func `mutated compounds never trap and stay inside`() {
    feedMutations("RTCP", seed: 3611, of: RTCPSample.all) { bytes in
      guard var compound = try? RTCPCompound(parsing: bytes) else { return }
      while let packet = compound.next(in: bytes) {
        #expect(packet.body.end <= packet.range.end && packet.range.end <= bytes.count)
        Self.readEverything(bytes, packet)
      }
    }
  }

  static func readEverything(_ bytes: Bytes, _ packet: RTCPPacket) {
    if let report = try? RTCPReport(parsing: bytes, packet) {
      for index in 0..<32 { _ = report.block(index, in: bytes) }
      _ = report.sender?.time
    }
    if var items = try? RTCPDescriptionItems(bytes, packet) {
      while let item = try? items.next(in: bytes) { #expect(item.value.end <= packet.body.end) }
    }
    if let goodbye = try? RTCPGoodbye(parsing: bytes, packet) {
      for index in 0..<32 { _ = goodbye.source(index, in: bytes) }
    }
    _ = try? RTCPApplication(parsing: bytes, packet)
    _ = try? RTCPFeedback(parsing: bytes, packet)
    if var blocks = try? RTCPExtendedReports(bytes, packet) {
      for _ in 0...packet.body.count {
        guard let block = try? blocks.next(in: bytes) else { continue }
        if case .lossRuns(let runs) = block {
          let tally = runs.tally(in: bytes)
          #expect(tally.zeros + tally.ones <= 65_536)
        }
        if case .delaySinceLastReceiverReport(let delays) = block {
          _ = delays.item(delays.count - 1, in: bytes)
        }
      }
    }
  }
}

struct RTCPReportTests {
  @Test func `a sender report has clock, counts and blocks`() throws {
    let bytes = RTCPSample.senderReport
    let report = try RTCPReport(parsing: bytes.span, RTCPPacket(parsing: bytes.span))
    let sender = try #require(report.sender)
    #expect(report.ssrc == 0x1111_1111)
    #expect(sender.rtpTimestamp == 0x1000)
    #expect(sender.packetCount == 100)
    #expect(sender.octetCount == 16_000)
    // 0xE0000001 seconds after 1900 are 1549107073 after 1970, and a half.
    #expect(sender.time == Timestamp(seconds: 0xe000_0001 - 2_208_988_800, nanoseconds: 500_000_000))
    let first = report.block(0, in: bytes.span)
    let block = try #require(first)
    #expect(block.ssrc == 0x2222_2222)
    #expect(block.fractionLost == 64)
    #expect(block.cumulativeLost == -1)
    #expect(block.extendedHighestSequence == 0x0001_0002)
    #expect(block.jitter == 16)
    #expect(block.lastSenderReport == 0xaabb_ccdd)
    #expect(block.delaySinceLastSenderReport == 65_536)
    #expect(report.block(1, in: bytes.span) == nil)
    #expect(!report.isTruncated)
  }

  @Test func `a count without its blocks is told`() throws {
    var bytes = RTCPSample.senderReport
    bytes[0] = 0x9f
    let report = try RTCPReport(parsing: bytes.span, RTCPPacket(parsing: bytes.span))
    #expect(report.blockCount == 1)
    #expect(report.isTruncated)
  }

  @Test func `a clock in the next NTP era and no clock are told apart`() throws {
    var bytes = RTCPSample.senderReport
    bytes.replaceSubrange(8..<16, with: WireSample.hex("00000001 00000000"))
    let next = try RTCPReport(parsing: bytes.span, RTCPPacket(parsing: bytes.span))
    #expect(next.sender?.time == Timestamp(seconds: 2_085_978_497, nanoseconds: 0))
    bytes.replaceSubrange(8..<16, with: [UInt8](repeating: 0, count: 8))
    let none = try RTCPReport(parsing: bytes.span, RTCPPacket(parsing: bytes.span))
    #expect(none.sender?.time == nil)
  }

  @Test func `another packet type is refused`() throws {
    let bytes = RTCPSample.goodbye
    let packet = try RTCPPacket(parsing: bytes.span)
    let error = #expect(throws: WireError.self) { try RTCPReport(parsing: bytes.span, packet) }
    #expect(error?.field.description == "packet_type")
    #expect(error?.needed == 203)
  }

  @Test func `description items keep their source over chunk padding`() throws {
    let bytes = RTCPSample.description
    var items = try RTCPDescriptionItems(bytes.span, RTCPPacket(parsing: bytes.span))
    #expect(try items.next(in: bytes.span) == .init(ssrc: 0x1111_1111, type: 1, value: ByteRange(10, 13)))
    #expect(try items.next(in: bytes.span) == .init(ssrc: 0x1111_1111, type: 2, value: ByteRange(15, 16)))
    #expect(try items.next(in: bytes.span) == .init(ssrc: 0x2222_2222, type: 8, value: ByteRange(26, 27)))
    #expect(try items.next(in: bytes.span) == nil)
  }

  @Test func `a description item that is cut off ends the list with an error`() throws {
    let bytes = WireSample.hex("82 ca 0002  11111111 01 ff 6161")
    var items = try RTCPDescriptionItems(bytes.span, RTCPPacket(parsing: bytes.span))
    let error = #expect(throws: WireError.self) { try items.next(in: bytes.span) }
    #expect(error?.field.description == "sdes_item")
    #expect(error?.needed == 255)
    #expect(try items.next(in: bytes.span) == nil)
  }

  @Test func `goodbye, application and feedback have their parts`() throws {
    let goodbye = RTCPSample.goodbye
    let left = try RTCPGoodbye(parsing: goodbye.span, RTCPPacket(parsing: goodbye.span))
    #expect(left.source(0, in: goodbye.span) == 0x1111_1111)
    #expect(left.source(1, in: goodbye.span) == nil)
    #expect(left.reason == ByteRange(9, 13))
    let application = try RTCPApplication(
      parsing: RTCPSample.application.span, RTCPPacket(parsing: RTCPSample.application.span))
    #expect(application.subtype == 5)
    #expect(application.name == 0x6162_6364)
    #expect(application.data == ByteRange(12, 16))
    let negative = try RTCPFeedback(
      parsing: RTCPSample.negative.span, RTCPPacket(parsing: RTCPSample.negative.span))
    #expect(negative.message == .negativeAcknowledgement)
    #expect(negative.mediaSSRC == 0x2222_2222)
    #expect(negative.information == ByteRange(12, 16))
    let estimate = try RTCPFeedback(
      parsing: RTCPSample.estimate.span, RTCPPacket(parsing: RTCPSample.estimate.span))
    #expect(estimate.message == .bandwidthEstimate)
  }
}

struct RTCPExtendedReportTests {
  static func blocks() throws -> [RTCPExtendedReport] {
    let bytes = RTCPSample.extended
    var reader = try RTCPExtendedReports(bytes.span, RTCPPacket(parsing: bytes.span))
    var blocks: [RTCPExtendedReport] = []
    while let block = try reader.next(in: bytes.span) { blocks.append(block) }
    return blocks
  }

  @Test func `loss runs are counted over runs, vectors and the end of the range`() throws {
    guard case .lossRuns(let runs) = try Self.blocks()[0] else {
      Issue.record("no loss runs")
      return
    }
    #expect(runs.ssrc == 0x2222_2222)
    // 32 packets: ten ones in a run, a vector of fifteen with two ones, seven more of a vector with one.
    #expect(runs.tally(in: RTCPSample.extended.span) == .init(zeros: 19, ones: 13))
  }

  @Test func `clock and delay blocks have their numbers`() throws {
    guard case .receiverReferenceTime(let time) = try Self.blocks()[1],
      case .delaySinceLastReceiverReport(let delays) = try Self.blocks()[2]
    else {
      Issue.record("no clock blocks")
      return
    }
    #expect(time == 0xe000_0001_8000_0000)
    #expect(delays.count == 1)
    #expect(
      delays.item(0, in: RTCPSample.extended.span)
        == .init(ssrc: 0x3333_3333, lastReceiverReport: 0x1234_5678, delay: 0x8000))
    #expect(delays.item(1, in: RTCPSample.extended.span) == nil)
  }

  @Test func `a statistics summary has what its flags announce`() throws {
    guard case .statisticsSummary(let summary) = try Self.blocks()[3] else {
      Issue.record("no summary")
      return
    }
    #expect(summary.lost == 3)
    #expect(summary.duplicates == 1)
    #expect(summary.jitter == .init(least: 1, greatest: 9, mean: 5, deviation: 2))
    #expect(summary.timeToLive == .init(least: 63, greatest: 64, mean: 63, deviation: 0))
  }

  @Test func `VoIP metrics are complete and 127 is not measured`() throws {
    guard case .voipMetrics(let metrics) = try Self.blocks()[4] else {
      Issue.record("no metrics")
      return
    }
    #expect(metrics.lossRate == 5)
    #expect(metrics.discardRate == 6)
    #expect(metrics.burstDensity == 7)
    #expect(metrics.gapDensity == 8)
    #expect(metrics.burstDuration == 100)
    #expect(metrics.gapDuration == 1000)
    #expect(metrics.roundTripDelay == 50)
    #expect(metrics.endSystemDelay == 20)
    #expect(metrics.signalLevel == -20)
    #expect(metrics.noiseLevel == -128)
    #expect(metrics.residualEchoReturnLoss == nil)
    #expect(metrics.minimumGap == 16)
    #expect(metrics.rFactor == 93)
    #expect(metrics.externalRFactor == nil)
    #expect(metrics.listeningMOSTenths == 42)
    #expect(metrics.conversationalMOSTenths == 41)
    #expect(metrics.receiverConfiguration == 0x30)
    #expect(metrics.jitterBufferNominal == 40)
    #expect(metrics.jitterBufferMaximum == 80)
    #expect(metrics.jitterBufferAbsoluteMaximum == 120)
  }

  @Test(arguments: [
    ("65 ff 09 33", nil, nil), ("64 00 0a 32", 100, 10), ("00 64 32 0a", 0, 50), ("7f 7f 7f 7f", nil, nil),
    ("80 80 00 ff", nil, nil),
  ])
  func `qualities outside of their scales are ignored`(values: String, rFactor: UInt8?, mos: UInt8?) throws {
    let bytes = WireSample.hex(
      "80 cf 000a  11111111  07 00 0008  22222222  05 06 07 08  0064 03e8  0032 0014  ec 80 7f 10 "
        + values + " 30 00  0028 0050 0078")
    var blocks = try RTCPExtendedReports(bytes.span, RTCPPacket(parsing: bytes.span))
    guard case .voipMetrics(let metrics) = try blocks.next(in: bytes.span) else {
      Issue.record("no metrics")
      return
    }
    #expect(metrics.rFactor == rFactor && metrics.listeningMOSTenths == mos)
    #expect((metrics.externalRFactor == nil) == (rFactor == nil))
    #expect((metrics.conversationalMOSTenths == nil) == (mos == nil))
  }

  @Test func `a short block is named and the next one is read`() throws {
    let bytes = WireSample.hex("80 cf 0006  11111111  07 00 0001 22222222  04 00 0002 0000000100000000")
    var blocks = try RTCPExtendedReports(bytes.span, RTCPPacket(parsing: bytes.span))
    let error = #expect(throws: WireError.self) { try blocks.next(in: bytes.span) }
    #expect(error?.field.description == "xr_voip_metrics")
    guard case .receiverReferenceTime = try blocks.next(in: bytes.span) else {
      Issue.record("no block behind the short one")
      return
    }
  }
}
