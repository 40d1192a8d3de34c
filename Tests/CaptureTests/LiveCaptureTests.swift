@testable import Capture
import Foundation
import Packets
import Testing
import Values

@Suite(.serialized)
struct LiveCaptureTests {
  static var mayCapture: Bool { geteuid() == 0 && LiveCapture.availableInterfaces().contains("lo") }

  private func send(_ text: String, toPort port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let bytes = Array(text.utf8)
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe sendto(descriptor, bytes, bytes.count, 0, generic, size)
      }
    }
    close(descriptor)
  }

  @Test(.enabled(if: mayCapture, "needs root and an interface lo"))
  func `frames on the loopback interface are captured through the filter`() throws {
    var options = LiveCaptureOptions(interfaces: ["lo"])
    options.filter = "udp port 40551"
    options.batchDelayMilliseconds = 10
    let stop = StopFlag()
    var capture = try LiveCapture(options, stop: stop)
    var collector = FrameCollector()
    for index in 0..<20 {
      send("datagram \(index)", toPort: 40_551)
      send("other", toPort: 40_552)
    }
    var idle = 0
    while collector.frames.count < 20, idle < 50 {
      if try capture.read(upTo: 8, visitor: &collector) == .idle { idle += 1 }
    }
    // Some kernels show a loopback frame once, some twice (out and in).
    let texts = collector.frames.map { String(decoding: $0.suffix($0.count - 42), as: UTF8.self) }
    #expect(Set(texts) == Set((0..<20).map { "datagram \($0)" }))
    #expect(collector.headers.allSatisfy { $0.linkType == .ethernet && $0.timestamp.nanoseconds > 0 })
    let received = capture.statistics.received
    #expect(received >= 20)
    stop.raise()
    let state = try capture.read(upTo: 8, visitor: &collector)
    #expect(state == .ended)
  }

  @Test(.enabled(if: mayCapture, "needs root and an interface lo"))
  func `an idle interface returns after the time-out`() throws {
    var options = LiveCaptureOptions(interfaces: ["lo", "lo"])
    options.filter = "udp port 40553"
    var capture = try LiveCapture(options, stop: StopFlag())
    capture.timeoutMilliseconds = 1
    var collector = FrameCollector()
    let state = try capture.read(upTo: 8, visitor: &collector)
    #expect(state == .idle)
    #expect(collector.frames.isEmpty)
    let fraction = capture.fractionRead
    #expect(fraction == nil)
  }

  @Test
  func `an interface that does not exist is named with those that do`() {
    do {
      _ = try LiveCapture(LiveCaptureOptions(interfaces: ["nosuchinterface0"]), stop: StopFlag())
      Issue.record("it was opened")
    } catch {
      #expect(error.input == "nosuchinterface0")
      let names = LiveCapture.availableInterfaces()
      #expect(error.remedy.contains("CAP_NET_RAW") || names.allSatisfy { error.remedy.contains($0) })
    }
  }

  @Test(.enabled(if: mayCapture, "needs root and an interface lo"))
  func `a filter that is not accepted is an error`() {
    var options = LiveCaptureOptions(interfaces: ["lo"])
    options.filter = "udp port port"
    #expect(throws: CaptureError.self) { _ = try LiveCapture(options, stop: StopFlag()) }
  }

  @Test(arguments: [
    ("", "No such device exists"), ("No such device exists", "No such device exists"),
    ("eth9: No such device exists", "No such device exists"),
    (
      "eth9: No such device exists (SIOCGIFHWADDR: No such device)",
      "No such device exists (SIOCGIFHWADDR: No such device)"
    ),
    ("socket: Operation not permitted", "No such device exists: socket: Operation not permitted"),
  ])
  func `a cause repeats neither the interface nor itself`(detail: String, expected: String) {
    #expect(LiveInterface.cause("No such device exists", detail: detail, name: "eth9") == expected)
  }
}
