import Capture
import Foundation
import Packets
import Testing

struct CompressedFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The gzip tool, so that our reading is not checked by our own writing.
  private func gzip(_ path: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-kf", path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return path + ".gz"
  }

  @Test
  func `gzip is unpacked whatever the name, members concatenated`() throws {
    let classic = try gzip(try folder.write(CaptureBytes.pcap([(1, 0, [1]), (2, 0, [2])]), as: "a.pcap"))
    var blocks = CaptureBytes.section() + CaptureBytes.interface()
    blocks += CaptureBytes.packet([3], ticks: 3_000_000)
    let modern = try gzip(try folder.write(blocks, as: "b.pcapng"))
    let more = try gzip(try folder.write(CaptureBytes.packet([4], ticks: 4_000_000), as: "c"))
    let joined =
      try Data(contentsOf: URL(fileURLWithPath: modern)) + Data(contentsOf: URL(fileURLWithPath: more))
    let renamed = try folder.write(Array(joined), as: "plain.pcap")
    let (found, errors) = try readAll([classic, renamed])
    #expect(errors.isEmpty)
    #expect(found.frames == [[1], [2], [3], [4]])
  }

  @Test
  func `gzip data that ends too early gives its frames and then an error`() throws {
    var random: UInt32 = 1
    let frames = (1...2000).map { index in
      let bytes = (0..<100).map { _ -> UInt8 in
        random = random &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: random >> 24)
      }
      return (seconds: index, fraction: 0, bytes: bytes)
    }
    let whole = try gzip(try folder.write(CaptureBytes.pcap(frames), as: "a.pcap"))
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: whole)))
    let cut = try folder.write(Array(bytes[..<(bytes.count / 2)]), as: "cut.gz")
    let (found, errors) = try readAll([cut])
    #expect(found.frames.count > 500 && found.frames.count < 1500)
    #expect(errors.count == 1)
    #expect(errors.first?.cause.contains("ends too early") == true)
  }
}
