import Capture
import Foundation
import Packets
import Testing

/// Counts frames against what another program counted in the same files.
struct SharedCaptureTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("../shared/captures").standardizedFileURL

  static var isPresent: Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("index.tsv").path)
  }

  struct Truth: Decodable {
    var packets: Int
  }

  /// Files whose count differs on purpose, by what we count in them.
  static let explained: [String: Int] = [
    // The reference does not know these link types and gives up; libpcap reads the frames.
    "the-tcpdump-group__libpcap/tests/filter/brcm-tag.pcap": 15,
    "the-tcpdump-group__tcpdump/tests/brcm-tag-prepend.pcap": 15,
    "the-tcpdump-group__tcpdump/tests/brcm-tag.pcap": 23,
    "the-tcpdump-group__tcpdump/tests/dsa.pcap": 8,
    "the-tcpdump-group__tcpdump/tests/edsa-high-vid.pcap": 4,
    "the-tcpdump-group__tcpdump/tests/frf16_magic_ie-oobr.pcap": 1,
    "the-tcpdump-group__tcpdump/tests/juniper_monitor_invalid_cookie_length.pcap": 1,
    // The reference stops at a Bluetooth frame that is too short for its own header.
    "ajbanjara__Wireshark/SampleCaptures/BT_USB_LinCooked_Eth_80211_RT.ntar.gz": 4785,
    // The reference counts custom blocks as records; they are no frames.
    "google__gopacket/pcapgo/tests/be/test017.pcapng": 0,
    "google__gopacket/pcapgo/tests/le/test017.pcapng": 0,
    "google__gopacket/pcapgo/tests/be/test018.pcapng": 4,
    "google__gopacket/pcapgo/tests/le/test018.pcapng": 4,
    "google__gopacket/pcapgo/tests/be/test102.pcapng": 5,
    "google__gopacket/pcapgo/tests/le/test102.pcapng": 5,
    "google__gopacket/pcapgo/tests/be/test202.pcapng": 8,
    "google__gopacket/pcapgo/tests/le/test202.pcapng": 8,
    // Formats that are neither pcap nor pcapng: btsnoop, Ascend trace text, snoop, NetXRay.
    "ajbanjara__Wireshark/SampleCaptures/Bluetooth1.cap": 0,
    "ajbanjara__Wireshark/SampleCaptures/ascend.trace.gz": 0,
    "ajbanjara__Wireshark/SampleCaptures/genbroad.snoop": 0,
    "ajbanjara__Wireshark/SampleCaptures/tesz.cap": 0,
  ]

  @Test(.enabled(if: isPresent, "the shared captures are not there"))
  func `every readable capture has as many frames as the reference counts`() throws {
    let table = try String(contentsOf: Self.folder.appendingPathComponent("index.tsv"), encoding: .utf8)
    var checked = 0
    for line in table.split(separator: "\n").dropFirst() {
      let name = String(line.prefix { $0 != "\t" })
      let truthName = name.replacingOccurrences(of: "/", with: "__") + ".json"
      let truth = try JSONDecoder().decode(
        Truth.self, from: Data(contentsOf: Self.folder.appendingPathComponent("truth/" + truthName)))
      let count = frameCount(Self.folder.appendingPathComponent(name).path)
      #expect(count == Self.explained[name, default: truth.packets], "\(name)")
      checked += 1
    }
    #expect(checked > 400)
  }

  private func frameCount(_ path: String) -> Int {
    (try? readAll([path]))?.found.frames.count ?? 0
  }
}
