import Capture
import Foundation
import Packets
import Testing
import Values

struct PcapReaderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func `pcap of both byte orders and precisions gives the same frames`(big: Bool, nano: Bool) throws {
    let frames = (1...5).map {
      (seconds: $0, fraction: nano ? 7_000 : 7, bytes: [UInt8](repeating: 9, count: $0))
    }
    let path = try folder.write(CaptureBytes.pcap(frames, big: big, nano: nano), as: "a.pcap")
    let (found, errors) = try readAll([path])
    #expect(errors.isEmpty)
    #expect(found.frames == frames.map(\.bytes))
    #expect(found.numbers == [1, 2, 3, 4, 5])
    #expect(found.times == (1...5).map { $0 * 1_000_000_000 + 7_000 })
    #expect(found.headers.map(\.originalLength) == [2, 3, 4, 5, 6])
    #expect(found.headers.allSatisfy { $0.linkType == .ethernet })
  }

  @Test(arguments: [false, true])
  func `pcapng with different link types, snap lengths and clocks is read`(big: Bool) throws {
    var file = CaptureBytes.section(big: big)
    file += CaptureBytes.interface(linkType: 1, snapLength: 96, big: big)
    file += CaptureBytes.interface(linkType: 101, resolution: 9, offset: 100, big: big)
    file += CaptureBytes.interface(linkType: 0, resolution: 0x80 | 10, big: big)
    file += CaptureBytes.packet([1, 2, 3], ticks: 2_000_001, big: big)
    file += CaptureBytes.block(0xbad, [1, 2, 3], big: big)
    file += CaptureBytes.packet([4], ticks: 3_000_000_001, interface: 1, big: big)
    file += CaptureBytes.packet([5, 6], ticks: 1024 * 7 + 512, interface: 2, big: big)
    file += CaptureBytes.block(3, CaptureBytes.number(2, 4, big: big) + [7, 8], big: big)
    let path = try folder.write(file, as: "a.pcapng")
    let (found, errors) = try readAll([path])
    #expect(errors.isEmpty)
    #expect(found.frames == [[1, 2, 3], [4], [5, 6], [7, 8]])
    #expect(found.times == [2_000_001_000, 103_000_000_001, 7_500_000_000, 7_500_000_000])
    #expect(found.headers.map(\.linkType.rawValue) == [1, 12, 0, 1])
  }

  @Test
  func `a second section has its own byte order and interfaces`() throws {
    var file = CaptureBytes.section() + CaptureBytes.interface() + CaptureBytes.packet([1], ticks: 1)
    file += CaptureBytes.section(big: true) + CaptureBytes.interface(linkType: 113, big: true)
    file += CaptureBytes.packet([2], ticks: 2, big: true)
    let (found, errors) = try readAll([try folder.write(file, as: "a.pcapng")])
    #expect(errors.isEmpty)
    #expect(found.frames == [[1], [2]])
    #expect(found.headers.map(\.linkType.rawValue) == [1, 113])
  }

  @Test(arguments: [1, 3, 7, 24, 1000])
  func `a capture that comes in pieces is the same as a file of them`(size: Int) throws {
    let frames = (1...9).map {
      (seconds: $0, fraction: 7, bytes: [UInt8](repeating: UInt8($0), count: 3 * $0))
    }
    let blocks = CaptureBytes.section() + CaptureBytes.interface() + CaptureBytes.packet([1, 2], ticks: 1)
    for file in [CaptureBytes.pcap(frames), blocks, Array(blocks.dropLast(3)), []] {
      let path = try folder.write(file, as: "a.pcap")
      var rest = file[...]
      let pieces = CapturePieces {
        let piece = rest.prefix(size)
        rest = rest.dropFirst(size)
        return piece.isEmpty ? nil : Array(piece)
      }
      let expected = Result { try readAll([path]) }
      let actual = Result {
        var reader = try PcapReader(pieces, name: path)
        return readAll(&reader)
      }
      switch (expected, actual) {
      case (.success(let expected), .success(let actual)):
        #expect(actual.found.frames == expected.found.frames)
        #expect(actual.found.times == expected.found.times)
        #expect(actual.errors.map(\.description) == expected.errors.map(\.description))
      case (.failure(let expected), .failure(let actual)): #expect("\(actual)" == "\(expected)")
      default: Issue.record("\(actual) in the place of \(expected)")
      }
    }
  }

  @Test
  func `every truncation of a file gives its whole frames and then one error`() throws {
    let frames = (1...4).map { (seconds: $0, fraction: 0, bytes: [UInt8](repeating: 1, count: 10)) }
    let classic = CaptureBytes.pcap(frames)
    var blocks = CaptureBytes.section() + CaptureBytes.interface()
    for index in 0..<4 { blocks += CaptureBytes.packet([1, 2, 3, 4], ticks: index) }
    for (name, file, header, each) in [("a.pcap", classic, 24, 26), ("a.pcapng", blocks, 48, 36)] {
      for length in header...file.count {
        let path = try folder.write(Array(file[..<length]), as: name)
        let (found, errors) = try readAll([path])
        #expect(found.frames.count == (length - header) / each)
        let isWhole = (length - header) % each == 0
        #expect(errors.count == (isWhole ? 0 : 1), "\(name) cut at \(length)")
        #expect(errors.first?.lastFrame == (isWhole ? nil : UInt64(found.frames.count)))
      }
    }
  }

  @Test
  func `frames behind later ones are put in order, with the numbers that they have in the file`() throws {
    let seconds = [1, 2, 3, 3, 3, 4, 9]
    let millis = [0, 0, 500, 100, 0, 200, 0]
    let frames = seconds.indices.map { (seconds[$0], millis[$0] * 1000, [UInt8($0 + 1)]) }
    let path = try folder.write(CaptureBytes.pcap(frames), as: "a.pcap")
    let (found, errors) = try readAll([path])
    #expect(errors.isEmpty)
    // The first one that is behind comes after the one that was given before it was known.
    #expect(found.numbers == [1, 2, 3, 5, 4, 6, 7])
    #expect(found.frames == found.numbers.map { [UInt8($0)] })
  }

  @Test
  func `frames of several interfaces are in order from the first one on, and a broken end comes last`() throws
  {
    var file = CaptureBytes.section() + CaptureBytes.interface() + CaptureBytes.interface()
    for (number, ticks) in [1_300_000, 1_200_000, 1_000_000, 1_250_000].enumerated() {
      file += CaptureBytes.packet([UInt8(number + 1)], ticks: ticks, interface: number % 2)
    }
    let whole = try readAll([try folder.write(file, as: "a.pcapng")])
    #expect(whole.0.numbers == [3, 2, 4, 1])
    #expect(whole.0.frames == [[3], [2], [4], [1]])
    let (found, errors) = try readAll([try folder.write(Array(file.dropLast()), as: "cut.pcapng")])
    #expect(found.numbers == [3, 2, 1])
    #expect(errors.count == 1 && errors.first?.lastFrame == 3)
  }

  @Test
  func `a clock that is set back by more than a second changes no order`() throws {
    let seconds = [100, 100, 99, 50, 51, 51, 50, 200, 10]
    let frames = seconds.enumerated().map { ($1, $0, [UInt8($0)]) }
    let path = try folder.write(CaptureBytes.pcap(frames), as: "a.pcap")
    let (found, _) = try readAll([path])
    // 99 is less than a second behind 100, as its fraction is larger; 50 is not, and what follows is sorted for itself.
    #expect(found.numbers == [1, 2, 3, 4, 7, 5, 6, 8, 9])
  }

  @Test
  func `sorting is bounded and equal to a stable sort within its window`() throws {
    var state: UInt64 = 11
    func random(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let frames = (0..<30_000).map { number -> (Int, Int, [UInt8]) in
      let micros = 1_000_000_000 + number * 200 - random(below: 150_000)
      return (micros / 1_000_000, micros % 1_000_000, [UInt8](repeating: 7, count: 1 + random(below: 90)))
    }
    let path = try folder.write(CaptureBytes.pcap(frames), as: "a.pcap")
    let (found, errors) = try readAll([path])
    #expect(errors.isEmpty && found.frames.count == frames.count)
    let start = found.times.firstIndex { $0 >= 1_000_400_000_000 } ?? 0
    #expect(zip(found.times[start...], found.times[start...].dropFirst()).allSatisfy { $0 <= $1 })
    #expect(Set(found.numbers).count == frames.count)
    for index in stride(from: 0, to: 30_000, by: 97) {
      #expect(found.frames[index] == frames[Int(found.numbers[index]) - 1].2)
    }
  }

  @Test
  func `several files are merged by time and ties keep the order of the files`() throws {
    let first = try folder.write(
      CaptureBytes.pcap([(1, 0, [1]), (4, 0, [4]), (9, 0, [9])]), as: "first.pcap")
    let second = try folder.write(
      CaptureBytes.pcap([(1, 0, [11]), (2, 0, [12]), (4, 0, [14])]), as: "second.pcap")
    let third = try folder.write(CaptureBytes.pcap([(3, 0, [23])], big: true), as: "third.pcap")
    let empty = try folder.write(CaptureBytes.pcap([]), as: "empty.pcap")
    let (found, errors) = try readAll([first, second, empty, third])
    #expect(errors.isEmpty)
    #expect(found.frames == [[1], [11], [12], [23], [4], [14], [9]])
    #expect(found.headers.map(\.interface) == [0, 1, 1, 3, 0, 1, 0])
    #expect(found.numbers == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test
  func `a broken file among several does not stop the others`() throws {
    let good = try folder.write(CaptureBytes.pcap([(1, 0, [1]), (3, 0, [3])]), as: "good.pcap")
    let cut = try folder.write(
      Array(CaptureBytes.pcap([(2, 0, [2]), (4, 0, [4])]).dropLast()), as: "cut.pcap")
    let headOnly = try folder.write(Array(CaptureBytes.pcap([(2, 0, [2])]).dropLast()), as: "head.pcap")
    let (found, errors) = try readAll([cut, good, headOnly])
    #expect(found.frames == [[1], [2], [3]])
    #expect(Set(errors.map(\.input)) == [cut, headOnly])
    #expect(Set(errors.map(\.lastFrame)) == [0, 1])
  }

  @Test
  func `a filter lets only matching frames through and numbers those`() throws {
    var udp = [UInt8](repeating: 0, count: 42)
    udp[12] = 8
    udp[14] = 0x45
    udp[23] = 17
    var tcp = udp
    tcp[23] = 6
    let path = try folder.write(CaptureBytes.pcap([(1, 0, tcp), (2, 0, udp), (3, 0, [])]), as: "a.pcap")
    let (found, _) = try readAll([path], filter: "udp")
    #expect(found.frames == [udp])
    #expect(found.numbers == [1])
    #expect(throws: CaptureError.self) { _ = try readAll([path], filter: "udp and and") }
  }

  @Test
  func `errors at opening name the file, the cause and a remedy`() throws {
    let garbage = try folder.write(Array("not a capture".utf8), as: "garbage")
    let empty = try folder.write([], as: "empty")
    let missing = folder.url.path + "/missing"
    for path in [garbage, empty, missing, folder.url.path] {
      do {
        _ = try PcapReader([path])
        Issue.record("\(path) was opened")
      } catch {
        #expect(error.input == path)
        #expect(!error.cause.isEmpty)
        #expect(!error.remedy.isEmpty)
      }
    }
  }

  @Test
  func `progress goes from nothing to all`() throws {
    let frames = (1...20_000).map { (seconds: $0, fraction: 0, bytes: [UInt8](repeating: 1, count: 200)) }
    let path = try folder.write(CaptureBytes.pcap(frames), as: "a.pcap")
    var reader = try PcapReader([path])
    var collector = FrameCollector()
    let begin = reader.fractionRead ?? -1
    _ = try reader.read(upTo: 10_000, visitor: &collector)
    let middle = reader.fractionRead ?? -1
    while try reader.read(upTo: 1000, visitor: &collector) != .ended {}
    let end = reader.fractionRead
    let received = reader.statistics.received
    #expect(begin >= 0 && begin < 0.1)
    #expect(middle > 0.4 && middle < 0.6)
    #expect(end == 1)
    #expect(received == 20_000)
  }

  @Test(arguments: [
    CaptureBytes.pcap([(1, 0, [1]), (2, 0, [2]), (3, 0, [3])]),
    CaptureBytes.section() + CaptureBytes.interface(linkType: 1)
      + CaptureBytes.packet([1], ticks: 1_000_000) + CaptureBytes.packet([2], ticks: 2_000_000)
      + CaptureBytes.packet([3], ticks: 3_000_000),
  ])
  func `frames of a live pipe come as they are written`(file: [UInt8]) throws {
    let path = folder.url.path + "/pipe"
    try #require(unsafe mkfifo(path, 0o600) == 0)
    // Open for both, so that neither end waits for the other.
    let writer = unsafe open(path, O_RDWR)
    defer { close(writer) }
    let handle = FileHandle(fileDescriptor: writer)
    func write(_ bytes: ArraySlice<UInt8>) { handle.write(Data(bytes)) }
    // The third frame comes in two pieces.
    write(file.dropLast(3))
    var reader = try PcapReader([path])
    var collector = FrameCollector()
    let first = try reader.read(upTo: 1, visitor: &collector)
    #expect(first == .more)
    #expect(collector.frames == [[1]])
    let second = try reader.read(upTo: 8, visitor: &collector)
    #expect(second == .waiting)
    #expect(collector.frames == [[1], [2]])
    let fraction = reader.fractionRead
    #expect(fraction == nil)
    write(file.suffix(3))
    let third = try reader.read(upTo: 8, visitor: &collector)
    #expect(third == .waiting)
    #expect(collector.frames == [[1], [2], [3]])
  }

  @Test func `a filter is judged for the link type of the file`() throws {
    let folder = try TemporaryFolder()
    let wireless = CaptureBytes.section() + CaptureBytes.interface(linkType: 105)
    let path = try folder.write(
      wireless + CaptureBytes.packet([0x80] + [UInt8](repeating: 0, count: 30), ticks: 1),
      as: "wireless.pcapng")
    #expect(try readAll([path], filter: "wlan type mgt").found.frames.count == 1)
    let raw = try folder.write(
      CaptureBytes.section() + CaptureBytes.interface(linkType: 101), as: "raw.pcapng")
    let error = #expect(throws: CaptureError.self) { try readAll([raw], filter: "wlan type mgt") }
    #expect(error?.isRefusedFilter == true)
    let broken = try folder.write(
      CaptureBytes.section() + [1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0], as: "broken.pcapng")
    #expect(try readAll([broken], filter: "udp").errors.count == 1)
  }

  @Test func `a filter looks into frames without a link header, in pcapng too`() throws {
    let folder = try TemporaryFolder()
    var udp: [UInt8] = [0x45] + [UInt8](repeating: 0, count: 27)
    udp[9] = 17
    let blocks = CaptureBytes.section() + CaptureBytes.interface(linkType: 101)
    for file in [
      blocks + CaptureBytes.packet(udp, ticks: 1) + CaptureBytes.packet([0x45], ticks: 2),
      CaptureBytes.pcap([(1, 0, udp), (2, 0, [0x45])], linkType: 101),
    ] {
      let (found, errors) = try readAll([try folder.write(file, as: "raw")], filter: "udp")
      #expect(found.frames == [udp])
      #expect(errors.isEmpty)
    }
  }

  @Test func `a file that cannot be opened is told of and the others are read`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(CaptureBytes.pcap([(1, 0, [1])]), as: "a.pcap")
    let (found, errors) = try readAll(["/nowhere/b.pcap", path, "/nowhere/c.pcap"])
    #expect(found.frames == [[1]] && found.headers.first?.interface == 1)
    #expect(errors.map(\.input) == ["/nowhere/b.pcap", "/nowhere/c.pcap"])
    #expect(throws: CaptureError.self) { try readAll(["/nowhere/b.pcap", "/nowhere/c.pcap"]) }
  }
}
