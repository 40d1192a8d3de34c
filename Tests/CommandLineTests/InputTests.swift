import Foundation
import TestCaptures
import Testing

/// What is read, and what is said of what cannot be read.
@Suite struct InputTests {
  @Test func `a run shows its alerts and ends in a summary`() async throws {
    let outcome = try await Program.prepared().runSample("-r", "a.pcap")
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let bytes = Samples.requests().bytes.count - 24 - 3 * 16
    #expect(
      outcome.output == """
        2026-03-01T22:14:07.000000+0000  [medium] A message [1:9100001:1] {UDP} 203.0.113.66:5060 -> 192.0.2.10:5060
        2026-03-01T22:14:07.500000+0000  [medium] A message [1:9100001:1] {UDP} 203.0.113.66:5060 -> 192.0.2.10:5060
        2026-03-01T22:14:08.000000+0000  [medium] A message [1:9100001:1] {UDP} 203.0.113.66:5060 -> 192.0.2.10:5060

        Read 3 packets, \(bytes) bytes from a.pcap.
        SIP: 3 requests, 0 responses, 0 retransmissions. Calls: 0, 0 answered. RTP streams: 0.
        Flows: 1. Anomalies: 0.
        Alerts: 3 from 1 of 1 rules
                3  medium  any-sip  A message
        Log: logs/eve.json

        """)
  }

  @Test func `a large file is read whole from standard input, too`() async throws {
    let program = try Program.prepared()
    var capture = Samples.requests()
    // As much text as makes a large file one for two lanes.
    let filler = [0x41] + [UInt8](repeating: 0x80, count: 60_000)
    for number in 0..<300 {
      capture.add(datagram: filler, from: Samples.client, to: Samples.server, at: Int64(2000 + number))
    }
    try program.folder.write(capture.bytes, as: "large.pcap")
    #expect(capture.bytes.count > 16 << 20)
    for words in [["-r", "-"], ["-r", "large.pcap"], ["-r", "large.pcap", "-r", "-"]] {
      let outcome = try await program.run(
        ["run", "-S", "rules.yaml", "-l", "logs", "--overwrite"] + words,
        input: program.folder.path("large.pcap"))
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(words)")
      #expect(outcome.output.contains("Read \(words.count == 2 ? 303 : 606) packets"), "\(words)")
    }
  }

  @Test func `a missing file is named, ends with 2 and writes nothing`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-r", "nope.pcap")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "ringwatch: nope.pcap: No such file or directory; check the path\n")
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
  }

  @Test func `a folder is no capture`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-r", ".")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "ringwatch: .: it is a folder; name the files in it\n")
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
  }

  @Test(.enabled(if: getuid() != 0, "root may read every file"))
  func `a file that may not be read is named`() async throws {
    let program = try Program.prepared()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: program.folder.path("a.pcap"))
    let outcome = try await program.runSample("-r", "a.pcap")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == "ringwatch: a.pcap: Permission denied; check who may read the file and its folders\n")
  }

  @Test(arguments: ["", "no capture at all", "\n\r\r\n"])
  func `a file that is no capture is named once and ends with 2`(content: String) async throws {
    let program = try Program.prepared()
    try program.folder.write(content, as: "b.pcap")
    let before = program.folder.contents()
    let outcome = try await program.runSample("-r", "b.pcap", "-q")
    #expect(outcome.status == 2)
    #expect(program.folder.contents() == before)
    #expect(outcome.errors.hasPrefix("ringwatch: b.pcap: "), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(!outcome.errors.contains("frame 0"))
  }

  static let unread: [(bytes: [UInt8], message: String)] = [
    ([], "the file is empty; capture or copy it again"),
    (
      [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4],
      "it is compressed with xz; unpack it on the way: xzcat b.pcap | ringwatch run -r -"
    ),
    (
      [0x28, 0xb5, 0x2f, 0xfd, 4, 0],
      "it is compressed with zstd; unpack it on the way: zstdcat b.pcap | ringwatch run -r -"
    ),
    (
      [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0],
      "the file breaks off within its header; capture or copy it again"
    ),
  ]

  @Test(arguments: unread.indices)
  func `of a file that cannot be read the cause is told and the remedy`(index: Int) async throws {
    let program = try Program.prepared()
    try program.folder.write(Self.unread[index].bytes, as: "b.pcap")
    let outcome = try await program.runSample("-r", "b.pcap", "-q")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "ringwatch: b.pcap: \(Self.unread[index].message)\n")
  }

  @Test func `of a truncated capture everything is read that can be, then one message says where it ends`()
    async throws
  {
    let program = try Program.prepared()
    try program.folder.write(Samples.requests().bytes.dropLast(7), as: "cut.pcap")
    let outcome = try await program.runSample("-r", "cut.pcap", "-q")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("ringwatch: cut.pcap: after frame 2: the last frame is cut: "))
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(try program.log(of: "alert").count == 2)
    #expect(try (program.stats()["decoder"] as? [String: Any])?["pkts"] as? Int == 2)
  }

  @Test func `a capture without frames gives a stats line`() async throws {
    let program = try Program.prepared()
    try program.folder.write(CaptureBytes().bytes, as: "none.pcap")
    let outcome = try await program.runSample("-r", "none.pcap")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Alerts: none, from 1 rules."))
    #expect(try program.log().count == 1)
    #expect(try (program.stats()["decoder"] as? [String: Any])?["pkts"] as? Int == 0)
  }

  @Test func `a filter that is not accepted ends with 2 and writes nothing`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-r", "a.pcap", "frob", "nicate")
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("ringwatch: a.pcap: the filter “frob nicate” is not accepted: "))
    #expect(outcome.errors.hasSuffix("; see pcap-filter(7) for the syntax\n"))
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
  }

  @Test func `trailing words are a filter`() async throws {
    let program = try Program.prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap", "tcp").status == 0)
    #expect(try program.log(of: "alert").isEmpty)
    #expect(try await program.runSample("-q", "-r", "a.pcap", "udp and host 203.0.113.66").status == 0)
    #expect(try program.log(of: "alert").count == 3)
  }

  @Test func `several files are merged by time`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.requests(from: 250, callID: "other").bytes, as: "b.pcap")
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "-r", "b.pcap")
    #expect(outcome.status == 0)
    let files = try program.log(of: "sip").map { $0["pcap_filename"] as? String }
    #expect(files == ["a.pcap", "b.pcap", "a.pcap", "b.pcap", "a.pcap", "b.pcap"])
    #expect(try program.log(of: "sip").map { $0["pcap_cnt"] as? Int } == [1, 2, 3, 4, 5, 6])
  }

  @Test func `files that the shell put behind the first one are files, not a filter`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.requests(from: 250, callID: "other").bytes, as: "b.pcap")
    #expect(try await program.runSample("-q", "-r", "a.pcap", "b.pcap", "udp").status == 0)
    #expect(try program.log(of: "sip").count == 6)
  }

  @Test func `gzip is unpacked`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.gzip(Samples.requests().bytes), as: "a.pcap.gz")
    #expect(try await program.runSample("-q", "-r", "a.pcap.gz").status == 0)
    #expect(try program.log(of: "sip").count == 3)
  }

  @Test func `a damaged gzip file is read as far as it goes`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.gzip(Samples.requests().bytes).dropLast(100), as: "a.pcap.gz")
    let outcome = try await program.runSample("-q", "-r", "a.pcap.gz")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("ringwatch: a.pcap.gz: after frame 2: "), "\(outcome.errors)")
    #expect(try program.log(of: "sip").count == 2)
  }

  @Test(arguments: [false, true])
  func `a dash is standard input`(compressed: Bool) async throws {
    let program = try Program.prepared()
    let bytes = Samples.requests().bytes
    let path = try program.folder.write(compressed ? Samples.gzip(bytes) : bytes, as: "input")
    #expect(try await program.runSample("-q", "-r", "-", input: path).status == 0)
    #expect(try program.log(of: "sip").count == 3)
  }

  @Test func `an interface that is not there is named with those that are`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-i", "nosuch0")
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("ringwatch: nosuch0: "))
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
  }

  @Test func `a missing file among others is named, the others are read, and the run ends with 1`()
    async throws
  {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-q", "-r", "nope.pcap", "-r", "a.pcap")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "ringwatch: nope.pcap: No such file or directory; check the path\n")
    #expect(try program.log(of: "sip").count == 3)
  }
}
