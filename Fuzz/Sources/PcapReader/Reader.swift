import Capture
import Glibc
import Packets

/// Touches the ends of all frames, and counts; in whatever order they come, for a file's are sorted and a pipe's are not.
private struct Touch: FrameVisitor, Equatable {
  var sum = 0
  var frames = 0
  var errors = 0

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    frames &+= 1
    let time = Int(truncatingIfNeeded: header.timestamp.nanoseconds)
    var mix = time &* 31 &+ header.originalLength &* 17 &+ frame.count
    if !frame.isEmpty { mix = mix &* 31 &+ Int(frame[0]) &* 257 &+ Int(frame[frame.count - 1]) }
    sum &+= mix &* mix
  }
}

/// A file that stays in memory and is written again for each input.
private let path = "/dev/shm/ringwatch-fuzz-\(getpid())"

/// Reads to the end.
private func readAll(_ reader: inout PcapReader) -> Touch {
  var touch = Touch()
  var reads = 0
  while true {
    do throws(CaptureError) {
      if try reader.read(upTo: 256, visitor: &touch) == .ended { return touch }
      reads += 1
    } catch {
      touch.errors += 1
      precondition(!error.cause.isEmpty && !error.remedy.isEmpty)
    }
    precondition(reads < 1 << 20)
  }
}

/// What comes in pieces of some length, which the input chooses.
private func pieces(_ bytes: [UInt8]) -> CapturePieces {
  let length = Int(bytes.last ?? 0) &* 4 &+ 1
  var rest = bytes[...]
  return CapturePieces {
    let piece = rest.prefix(length)
    rest = rest.dropFirst(length)
    return piece.isEmpty ? nil : Array(piece)
  }
}

/// Capture files of all kinds, gzip-compressed or not, as a file and in pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { return 0 }
  precondition(write(descriptor, start, count) == count)
  close(descriptor)
  defer { unlink(path) }
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var expected: Touch?
  do throws(CaptureError) {
    var piecewise = try PcapReader(pieces(bytes), name: path)
    expected = readAll(&piecewise)
    var whole = try PcapReader([path])
    precondition(readAll(&whole) == expected)
  } catch {
    precondition(!error.cause.isEmpty && !error.remedy.isEmpty)
    precondition(expected == nil && (try? PcapReader([path]).inputNames) == nil)
  }
  return 0
}
