import Foundation
import Pipeline
import TestCaptures
import Testing

/// Messages that Wireshark exported, without the headers of their packets.
@Suite struct ExportedMessageTests {
  /// The frame of an exported message; 2 is TCP, 3 is UDP.
  private func exported(_ message: [UInt8], portType: UInt8, isReversed: Bool = false) -> [UInt8] {
    let ends: [[UInt8]] = [[192, 0, 2, 10], [192, 0, 2, 50]]
    var frame: [UInt8] = [0, 12, 0, 4] + Array("sip\0".utf8)
    frame += [0, 20, 0, 4] + ends[isReversed ? 1 : 0] + [0, 21, 0, 4] + ends[isReversed ? 0 : 1]
    frame += [0, 24, 0, 4, 0, 0, 0, portType]
    frame += [
      0, 25, 0, 4, 0, 0, 0x13, isReversed ? 0xc5 : 0xc4, 0, 26, 0, 4, 0, 0, 0x13, isReversed ? 0xc4 : 0xc5,
    ]
    return frame + [0, 0, 0, 0] + message
  }

  @Test(arguments: [(UInt8(2), "tcp"), (3, "udp")])
  func `they are read as any others, in both directions, and those of TCP without their segments`(
    portType: UInt8, transport: String
  ) throws {
    let invite = SIPText.request("INVITE", callID: "exported")
    let refused = SIPText.response(486, "Busy Here", to: "INVITE", callID: "exported")
    var capture = CaptureBytes(linkType: 252)
    capture.add(frame: exported(invite.bytes, portType: portType), at: 0)
    capture.add(frame: exported(refused.bytes, portType: portType, isReversed: true), at: 90)
    let run = try SensorRun(capture)
    let lines = try run.objects(of: "sip")
    #expect(lines.compactMap { $0["src_port"] as? Int } == [5060, 5061])
    #expect(lines.compactMap { $0["proto"] as? String } == [transport.uppercased(), transport.uppercased()])
    #expect(try lines.map { try $0.object("sip")["transport"] as? String } == [transport, transport])
    let flows = try run.objects(of: "flow")
    #expect(flows.compactMap { $0["app_proto"] as? String } == ["sip"])
    #expect(try run.objects(of: "call").count == 2)
    #expect(run.report["tcp.sessions"] == 0)
  }
}
