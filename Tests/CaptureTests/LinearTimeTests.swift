import Capture
import Foundation
import Packets
import Testing
import Values

/// The nastiest capture files that we know, doubled.
struct LinearTimeTests {
  struct Input: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Int) -> [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ make: @escaping @Sendable (Int) -> [UInt8]) {
      (self.name, self.make) = (name, make)
    }
  }

  private static func repeated(_ unit: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(unit, count: count).joined())
  }

  private static let head = CaptureBytes.section() + CaptureBytes.interface()

  static let files: [Input] = [
    Input("pcapng: the shortest blocks") { head + repeated(CaptureBytes.block(99, []), $0) },
    Input("pcapng: sections") { repeated(CaptureBytes.section(), $0) },
    Input("pcapng: interfaces") { head + repeated(CaptureBytes.interface(), $0) },
    Input("pcapng: options of an interface") { size in
      CaptureBytes.section()
        + CaptureBytes.block(1, [1, 0, 0, 0, 0, 0, 0, 0] + repeated([1, 0, 0, 0], size))
    },
    Input("pcapng: empty packets") { head + repeated(CaptureBytes.packet([], ticks: 1), $0) },
    Input("pcapng: sections between packets") { size in
      repeated(head + CaptureBytes.packet([1], ticks: 1), size)
    },
    Input("pcapng: long blocks") { head + repeated(CaptureBytes.block(99, repeated([0], 140_000)), $0 / 40) },
    Input("pcap: empty frames") { size in CaptureBytes.pcap(Array(repeating: (1, 0, []), count: size)) },
    Input("pcap: long frames") { size in
      CaptureBytes.pcap(Array(repeating: (1, 0, repeated([0], 140_000)), count: size / 40))
    },
  ]

  @Test(arguments: files)
  func `reading a file takes time that is linear in its length`(input: Input) throws {
    let folder = try TemporaryFolder()
    try expectLinear(input.name) { size in
      let path = try folder.write(input.make(size), as: "input")
      return try Work.steps { _ = try readAll([path]) }
    }
  }

  /// An empty gzip member (RFC 1952): head, one final stored block without bytes, check value and length.
  private static let emptyMember: [UInt8] =
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 0, 0, 255, 255] + [UInt8](repeating: 0, count: 8)

  @Test func `unpacking a file of empty members takes time that is linear in its length`() throws {
    let folder = try TemporaryFolder()
    try expectLinear("empty members") { size in
      let path = try folder.write(Self.repeated(Self.emptyMember, size), as: "input.gz")
      return Work.steps { #expect(throws: CaptureError.self) { try readAll([path]) } }
    }
  }

  @Test func `a small payload unpacks to no more than the limit`() throws {
    let folder = try TemporaryFolder()
    let plain = try folder.write([UInt8](repeating: 0, count: 100_000), as: "zeros")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-9f", plain]
    try process.run()
    process.waitUntilExit()
    let packed = try Array(Data(contentsOf: URL(fileURLWithPath: plain + ".gz")))
    #expect(packed.count < 1000)
    let inflater = PayloadInflater(maximumCount: 1000)
    #expect(inflater.inflate(packed.span) == nil)
    #expect(inflater.bytes.count == 1000)
  }
}
