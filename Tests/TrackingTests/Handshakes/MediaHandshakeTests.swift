import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// When a flow has keys for SRTP of its own.
@Suite struct MediaHandshakeTests {
  private static let profile = (14, HelloBytes.vector(2, HelloBytes.codes([1])) + [0])
  private static let sealed: [UInt8] =
    [22, 0xfe, 0xfd, 0, 1] + [UInt8](repeating: 0, count: 6)
    + HelloBytes.vector(2, [UInt8](repeating: 0xa5, count: 40))
  /// The short header of DTLS 1.3 in epoch 2.
  private static let short: [UInt8] =
    [0x2e, 1, 2] + HelloBytes.vector(2, [UInt8](repeating: 0xa5, count: 40))

  private static func client(_ extensions: [(Int, [UInt8])] = [profile]) -> [UInt8] {
    HelloBytes.dtlsRecord(
      1, HelloBytes.client(version: 0xfefd, isDTLS: true, ciphers: [0xc02b], extensions: extensions))
  }

  private static func server(_ extensions: [(Int, [UInt8])] = [profile]) -> [UInt8] {
    HelloBytes.dtlsRecord(2, HelloBytes.server(version: 0xfefd, cipher: 0xc02b, extensions: extensions))
  }

  private static func zrtp(_ type: String) -> [UInt8] {
    [0x10, 0, 0, 1] + Array("ZRTP".utf8) + [0, 0, 0, 9, 0x50, 0x5a, 0, 3] + Array(type.utf8) + [0, 0, 0, 0]
  }

  private func packet(isBack: Bool) -> Packet {
    var packet = Packet()
    packet.source = IPAddress(v4: isBack ? 2 : 1)
    packet.destination = IPAddress(v4: isBack ? 1 : 2)
    packet.sourcePort = isBack ? 5000 : 4000
    packet.destinationPort = isBack ? 4000 : 5000
    packet.transport = .udp
    packet.ipVersion = 4
    return packet
  }

  /// At which datagram there are keys, each with whether it goes back; nil when there never are.
  private func place(of datagrams: [([UInt8], Bool)]) -> Int? {
    var flows = FlowTable(capacity: 8, seed: 1)
    var reader = DTLSHelloReader()
    var places: [Int] = []
    for (place, (bytes, isBack)) in datagrams.enumerated() {
      let match = flows.add(packet(isBack: isBack))
      if let message = try? ZRTPPacket(parsing: bytes.span) {
        if flows.noteHandshake(message, match) { places.append(place) }
      } else {
        reader.read(bytes.span, flowID: 1, toServer: match.toServer)
        if flows.noteHandshake(reader, match) { places.append(place) }
      }
      #expect(flows.mediaState(match).hasKeys == !places.isEmpty)
    }
    #expect(places.count <= 1)
    return places.first
  }

  @Test func `DTLS has them when the server chose a profile and both sides are done`() {
    let whole = [(Self.client(), true), (Self.server(), false), (Self.sealed, true), (Self.sealed, false)]
    #expect(place(of: whole + whole) == 3)
    for missing in 1..<4 {
      var rest = whole
      rest.remove(at: missing)
      #expect(place(of: rest) == nil, "\(missing)")
    }
    #expect(place(of: [whole[0], (Self.server([]), false), whole[2], whole[3]]) == nil)
  }

  @Test func `in DTLS 1.3 the client's offer stands for the choice, which is encrypted`() {
    let answer = (Self.server([(43, HelloBytes.big(0xfefc, 2))]), false)
    let ends = [(Self.short, false), (Self.short, true)]
    #expect(place(of: [(Self.client(), true), answer] + ends) == 3)
    #expect(place(of: [(Self.client([]), true), answer] + ends) == nil)
  }

  @Test func `a record in the clear or an alert under keys seals nothing`() {
    var alert = Self.sealed
    alert[0] = 21
    for other in [alert, Self.server()] {
      #expect(
        place(of: [(Self.client(), true), (Self.server(), false), (Self.sealed, true), (other, false)]) == nil
      )
    }
  }

  @Test func `a client that asks is not answered yet`() {
    var reader = DTLSHelloReader()
    for (bytes, isAnswered) in [(Self.client(), false), (Self.server(), true), (Self.sealed, true)] {
      reader.read(bytes.span, flowID: 1, toServer: true)
      #expect(reader.isAnswered == isAnswered)
    }
  }

  @Test func `ZRTP has them when both sides have confirmed`() {
    let hellos = ["Hello   ", "HelloACK", "Commit  ", "DHPart1 "].map { (Self.zrtp($0), false) }
    #expect(place(of: hellos + [(Self.zrtp("Hello   "), true)]) == nil)
    let (first, second, last) = (Self.zrtp("Confirm1"), Self.zrtp("Confirm2"), Self.zrtp("Conf2ACK"))
    #expect(place(of: [(first, false), (second, true), (last, false)]) == 1)
    #expect(place(of: [(second, true), (last, false)]) == 1)
    #expect(place(of: [(first, true), (last, false)]) == nil)
    #expect(place(of: [(first, true), (second, true)]) == nil)
  }
}
