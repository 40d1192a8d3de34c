import Packets
import Testing
import Values

@testable import Capture

/// How the reading of a file ends.
enum ReadingEnd: Equatable {
  case whole
  case broken(after: UInt64?)
}

extension CaptureFile {
  /// Moves to the next frame; says how the file ends when there is none.
  func step() -> ReadingEnd? {
    do throws(CaptureError) {
      return try advance() ? nil : .whole
    } catch {
      return .broken(after: error.lastFrame)
    }
  }

  /// The current frame's bytes.
  var frameBytes: [UInt8] {
    // Safety: the file lends its frame until the next step.
    unsafe Array(frame)
  }
}

/// A capture file that is read by our own reader and by libpcap.
struct ReaderComparison {
  /// Nil for a file that is left to libpcap.
  let ours: ClassicPcapFile?
  /// Nil for a file that libpcap does not open.
  let libpcap: PcapFile?
  private let name: String

  /// Opens the input twice.
  init(_ name: String, filter: String? = nil, _ input: () throws -> CompressedInput) rethrows {
    self.name = name
    let (first, second) = (try input(), try input())
    ours = (try? CaptureFile.open(first, name, index: 0, filter: filter)) as? ClassicPcapFile
    libpcap = try? PcapFile(path: name, input: second, index: 0, filter: filter)
  }

  /// A file in memory.
  init(_ name: String, _ bytes: [UInt8], filter: String? = nil) {
    self.init(name, filter: filter) {
      var rest: [UInt8]? = bytes
      return CompressedInput(
        CapturePieces {
          defer { rest = nil }
          return rest
        })
    }
  }

  /// Expects the same frames and the same end from both, but for the differences on purpose.
  @discardableResult
  func expectSame() -> Outcome {
    var outcome = Outcome()
    guard let ours else { return outcome }
    guard let libpcap else {
      Issue.record("libpcap does not open \(name)")
      return outcome
    }
    while true {
      let (end, theirs) = (ours.step(), libpcap.step())
      #expect(end == theirs, "\(name) behind frame \(ours.framesRead)")
      guard end == nil, theirs == nil else { return outcome }
      outcome.frames += 1
      guard ours.frameBytes == libpcap.frameBytes else {
        Issue.record("\(name), frame \(ours.framesRead): other bytes")
        return outcome
      }
      guard ours.header != libpcap.header else { continue }
      outcome.intended += 1
      guard Self.isIntended(ours.header, libpcap.header, count: ours.frameBytes.count) else {
        Issue.record("\(name), frame \(ours.framesRead): \(ours.header) in the place of \(libpcap.header)")
        return outcome
      }
    }
  }

  /// What was compared.
  struct Outcome {
    var frames = 0
    /// Frames whose headers differ on purpose.
    var intended = 0
  }

  /// Whether a header differs from libpcap's only as `ClassicPcapFile` says: seconds and fractions that were
  /// taken as negative are 2^32 larger, and lengths are at least what was captured.
  private static func isIntended(_ ours: FrameHeader, _ theirs: FrameHeader, count: Int) -> Bool {
    var expected = theirs
    expected.originalLength = max(theirs.originalLength, count)
    let difference = ours.timestamp.nanoseconds(since: theirs.timestamp)
    let (seconds, fractions): (Int64, [Int64]) = (1_000_000_000 << 32, [1 << 32, 1000 << 32])
    if ([seconds] + fractions + fractions.map { seconds + $0 }).contains(difference) {
      expected.timestamp = ours.timestamp
    }
    return ours == expected
  }
}
