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

  @Test
  func `every truncation of gzip data ends with an error, padding behind it does not`() throws {
    let whole = try gzip(try folder.write(CaptureBytes.pcap([(1, 0, [1, 2, 3])]), as: "a.pcap"))
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: whole)))
    for length in 3..<bytes.count {
      let path = try folder.write(Array(bytes[..<length]), as: "cut.gz")
      do {
        let (found, errors) = try readAll([path])
        #expect(errors.count == 1, "cut at \(length)")
        #expect(found.frames.count <= 1)
      } catch {
        #expect((error as? CaptureError)?.cause.isEmpty == false)
      }
    }
    let padded = try folder.write(bytes + [UInt8](repeating: 0, count: 512), as: "padded.gz")
    let (found, errors) = try readAll([padded])
    #expect(found.frames == [[1, 2, 3]])
    #expect(errors.isEmpty)
  }

  @Test
  func `mutated gzip data and captures never trap`() throws {
    let frames = (1...20).map { (seconds: $0, fraction: 0, bytes: [UInt8](repeating: UInt8($0), count: 60)) }
    let plain = CaptureBytes.pcap(frames)
    let packed = try Array(
      Data(contentsOf: URL(fileURLWithPath: try gzip(try folder.write(plain, as: "a.pcap")))))
    var blocks = CaptureBytes.section() + CaptureBytes.interface(resolution: 9, offset: 1)
    for index in 0..<20 { blocks += CaptureBytes.packet([1, 2, 3], ticks: index) }
    let seed: UInt64 = 7
    print("capture files: 900 mutated inputs from seed \(seed)")
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var read = 0
    for round in 0..<900 {
      var bytes = [plain, packed, blocks][round % 3]
      for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
      let path = try folder.write(bytes, as: "mutated")
      if let (found, _) = try? readAll([path]) { read += found.frames.count }
    }
    #expect(read > 1000)
  }
}
