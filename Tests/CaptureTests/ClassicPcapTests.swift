import Foundation
import Packets
import TestCaptures
import Testing
import Values

@testable import Capture

/// Our reader of classic pcap files beside libpcap.
struct ClassicPcapTests {
  private static let captures: [URL] = {
    let found = FileManager.default.enumerator(
      at: TestFolders.package.appendingPathComponent("Fixtures"), includingPropertiesForKeys: nil)
    let files = found?.compactMap { $0 as? URL } ?? []
    return files.filter { $0.lastPathComponent.contains(".pcap") }.sorted { $0.path < $1.path }
  }()

  /// Compares all frames of files; gives the number of files that our reader reads.
  private func compare(
    _ paths: [String], filter: String? = nil
  ) throws -> (files: Int, ReaderComparison.Outcome) {
    var files = 0
    var sum = ReaderComparison.Outcome()
    for path in paths {
      let comparison = try ReaderComparison(path, filter: filter) {
        try CompressedInput(path, stop: StopFlag())
      }
      guard comparison.ours != nil else { continue }
      files += 1
      let outcome = comparison.expectSame()
      sum.frames += outcome.frames
      sum.intended += outcome.intended
    }
    return (files, sum)
  }

  @Test(arguments: [nil, "udp port 5060"])
  func `our captures are what libpcap reads`(filter: String?) throws {
    let (files, sum) = try compare(Self.captures.map(\.path), filter: filter)
    #expect(files > 20 && sum.frames > 1000 && sum.intended == 0, "\(files) files, \(sum)")
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `real captures are what libpcap reads`() throws {
    let names = try TestFolders.sharedCaptureNames()
    let (files, sum) = try compare(
      names.map { TestFolders.sharedCaptures.appendingPathComponent($0).path })
    print("classic pcap: \(sum.frames) frames of \(files) real captures compared")
    // Two frames of one file are of the years 2071 and 2092.
    #expect(files > 300 && sum.frames > 50_000 && sum.intended <= 2, "\(files) files, \(sum)")
  }

  /// All kinds that our reader reads: byte order and unit.
  private static let kinds = [(false, false), (false, true), (true, false), (true, true)]

  /// A file of short frames, so that most of its bytes say something.
  private static func sample(big: Bool, nano: Bool, snapLength: Int = 65_535) -> [UInt8] {
    let frames = (0..<12).map { index in
      (
        seconds: 1_700_000_000 + index, fraction: 999_990 + index,
        bytes: [UInt8](repeating: 7, count: index % 6)
      )
    }
    var file = CaptureBytes.pcap(frames, big: big, nano: nano)
    file.replaceSubrange(16..<20, with: CaptureBytes.number(snapLength, 4, big: big))
    return file
  }

  @Test(arguments: kinds)
  func `every truncation ends as with libpcap`(big: Bool, nano: Bool) {
    let file = Self.sample(big: big, nano: nano)
    for length in 0...file.count {
      let comparison = ReaderComparison("cut at \(length)", Array(file[..<length]))
      #expect((comparison.ours == nil) == (length < 24), "cut at \(length)")
      #expect((comparison.libpcap == nil) == (length < 24), "cut at \(length)")
      comparison.expectSame()
    }
  }

  @Test(arguments: [0, 1, 4, 5, 262_144, 262_145, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])
  func `frames are cut at the snap length as by libpcap`(snapLength: Int) {
    for (big, nano) in Self.kinds {
      let file = Self.sample(big: big, nano: nano, snapLength: snapLength)
      #expect(ReaderComparison("snap length \(snapLength)", file).expectSame().frames == 12)
    }
  }

  @Test
  func `a frame of the largest length is read, a larger one ends the file`() throws {
    let largest = ClassicPcapFormat.largestFrame
    let whole = [UInt8](repeating: 1, count: largest)
    let lengths = [1, largest, 5, 100_000, 131_072, 131_056, 0, largest]
    let frames = lengths.map { (seconds: 1, fraction: 0, bytes: Array(whole[..<$0])) }
    var file = CaptureBytes.pcap(frames)
    file.replaceSubrange(16..<20, with: [0, 0, 0, 0])
    #expect(ReaderComparison("large frames", file).expectSame().frames == 8)
    file += CaptureBytes.pcap([(1, 0, whole + [1])]).dropFirst(24)
    #expect(ReaderComparison("a frame too large", file).expectSame().frames == 8)
    let folder = try TemporaryFolder()
    let (found, errors) = try readAll([try folder.write(file, as: "large.pcap")])
    #expect(found.frames == frames.map(\.bytes))
    #expect(errors.map(\.lastFrame) == [8])
    #expect(errors.first?.cause == "a frame states 262145 captured bytes; the limit is 262144")
  }

  @Test
  func `what is cut is told`() throws {
    let file = CaptureBytes.pcap([(1, 0, [1, 2, 3]), (2, 0, [4, 5, 6])])
    let folder = try TemporaryFolder()
    func cause(cutting count: Int) throws -> CaptureError? {
      try readAll([try folder.write(Array(file.dropLast(count)), as: "cut.pcap")]).errors.first
    }
    #expect(try cause(cutting: 1)?.cause == "the last frame is cut: 2 of 3 bytes")
    #expect(try cause(cutting: 3)?.cause == "the last frame is cut: 0 of 3 bytes")
    #expect(try cause(cutting: 4)?.cause == "the last frame is cut in its header: 15 of 16 bytes")
    #expect(try cause(cutting: 4)?.lastFrame == 1)
  }

  @Test
  func `link types are those that libpcap gives`() {
    var left: [Int] = []
    for number in Array(0...400) + [0x3ff_ffff, 0x400_0001, 0x1400_0065, 0xfc00_0001, 0xffff_ffff] {
      for big in [false, true] {
        let comparison = ReaderComparison("", CaptureBytes.pcap([], big: big, linkType: number))
        guard let ours = comparison.ours else {
          left.append(number)
          continue
        }
        #expect(ours.header.linkType == comparison.libpcap?.header.linkType, "\(number)")
      }
    }
    #expect(left == [117, 189, 220, 231, 239, 249, 279].flatMap { [$0, $0] })
  }

  @Test(arguments: [(1, 4), (2, 2), (2, 3), (2, 5), (543, 0)])
  func `other versions are left to libpcap`(major: Int, minor: Int) {
    for (big, nano) in Self.kinds {
      var file = Self.sample(big: big, nano: nano)
      let version = CaptureBytes.number(major, 2, big: big) + CaptureBytes.number(minor, 2, big: big)
      file.replaceSubrange(4..<8, with: version)
      #expect(ReaderComparison("version", file).ours == nil)
    }
  }

  @Test(arguments: kinds)
  func `times and lengths are unsigned in both byte orders`(big: Bool, nano: Bool) throws {
    var file = CaptureBytes.pcap([(0xffff_ffff, 0xffff_ffff, [1, 2, 3])], big: big, nano: nano)
    file.replaceSubrange(36..<40, with: [0, 0, 0, 0])
    let folder = try TemporaryFolder()
    let (found, errors) = try readAll([try folder.write(file, as: "a.pcap")])
    #expect(errors.isEmpty)
    #expect(found.times == [0xffff_ffff * 1_000_000_000 + 0xffff_ffff * (nano ? 1 : 1000)])
    #expect(found.headers.map(\.originalLength) == [3])
  }

  @Test(arguments: kinds)
  func `damage gives the same frames and the same end as with libpcap`(big: Bool, nano: Bool) {
    let sample = Self.sample(big: big, nano: nano)
    let seed: UInt64 = (big ? 2 : 0) + (nano ? 1 : 0) + 11
    print("classic pcap: 2000 damaged files from seed \(seed)")
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let numbers = [0, 1, 3, 262_144, 262_145, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
    var (read, intended, left) = (0, 0, 0)
    for round in 0..<2000 {
      var file = sample
      for _ in 0...random(3) { file[random(file.count)] = UInt8(random(256)) }
      if random(3) == 0 {
        let (start, number) = (random(file.count - 3), numbers[random(numbers.count)])
        file.replaceSubrange(start..<start + 4, with: CaptureBytes.number(number, 4, big: big))
      }
      if random(4) == 0 { file.removeLast(random(file.count)) }
      let comparison = ReaderComparison("seed \(seed), round \(round)", file)
      if comparison.ours == nil { left += 1 }
      let outcome = comparison.expectSame()
      read += outcome.frames
      intended += outcome.intended
    }
    #expect(read > 5000 && left > 50 && left < 1500, "\(read) frames, \(left) files left to libpcap")
    #expect(intended > 20 && intended < read / 10, "\(intended) of \(read) frames differ on purpose")
  }
}
