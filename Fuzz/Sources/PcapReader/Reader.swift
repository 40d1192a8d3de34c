import Capture
import Glibc
import Packets

/// Touches the ends of all frames.
private struct Touch: FrameVisitor {
  var sum = 0

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    guard !frame.isEmpty else { return }
    sum &+= Int(frame[0]) &+ Int(frame[frame.count - 1])
  }
}

/// A file that stays in memory and is written again for each input.
private let path = "/dev/shm/ringwatch-fuzz-\(getpid())"

/// Capture files of all kinds, gzip-compressed or not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { return 0 }
  precondition(write(descriptor, start, count) == count)
  close(descriptor)
  defer { unlink(path) }
  guard var reader = try? PcapReader([path]) else { return 0 }
  var touch = Touch()
  var frames = 0
  while true {
    do throws(CaptureError) {
      if try reader.read(upTo: 256, visitor: &touch) == .ended { break }
      frames += 1
    } catch {
      precondition(!error.cause.isEmpty && !error.remedy.isEmpty)
    }
    precondition(frames < 1 << 20)
  }
  return 0
}
