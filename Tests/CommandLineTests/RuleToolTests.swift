import Foundation
import TestCaptures
import Testing

/// One UDP datagram of a capture.
private struct Datagram {
  let nanoseconds: Int64
  let source: [UInt8]
  let text: String
}

/// The UDP datagrams of a classic pcap file of Ethernet frames with IPv4, read by its definition and not by the
/// program.
private func datagrams(_ path: String) throws -> [Datagram] {
  let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  let isLittle = bytes[0] == 0xd4 || bytes[0] == 0x4d
  let hasNanoseconds = bytes[0] == 0x4d || bytes[3] == 0x4d
  func word(_ at: Int) -> Int {
    let part = bytes[at..<at + 4]
    return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
  }
  var datagrams: [Datagram] = []
  var index = 24
  while index + 16 <= bytes.count {
    let time = Int64(word(index)) * 1_000_000_000 + Int64(word(index + 4)) * (hasNanoseconds ? 1 : 1000)
    let length = word(index + 8)
    let frame = Array(bytes[(index + 16)..<(index + 16 + length)])
    index += 16 + length
    guard frame.count > 42, frame[12] == 8, frame[13] == 0, frame[23] == 17 else { continue }
    let header = 14 + Int(frame[14] & 0x0f) * 4
    let size = Int(frame[header + 4]) << 8 | Int(frame[header + 5])
    let payload = frame[(header + 8)..<min(header + size, frame.count)]
    datagrams.append(
      Datagram(
        nanoseconds: time, source: Array(frame[26..<30]), text: String(decoding: payload, as: UTF8.self)))
  }
  return datagrams
}

/// How often a rule fires that needs so many matches of a source in a time and is silent as long after each.
private func alerts(_ matches: [Datagram], count: Int, seconds: Int64) -> Int {
  let window = seconds * 1_000_000_000
  var alerts = 0
  var silentUntil: [[UInt8]: Int64] = [:]
  for (index, match) in matches.enumerated() {
    let near = matches[...index].filter {
      $0.source == match.source && $0.nanoseconds > match.nanoseconds - window
    }
    guard near.count >= count, match.nanoseconds >= silentUntil[match.source] ?? .min else { continue }
    alerts += 1
    silentUntil[match.source] = match.nanoseconds + window
  }
  return alerts
}

@Suite struct RuleToolTests {
  private static func fixture(_ name: String) -> String {
    name.hasPrefix("/") ? name : TestFolders.package.appendingPathComponent("Fixtures/\(name)").path
  }

  // MARK: import

  static let flood = """
    alert udp any any -> any 5060 (msg:"Flood"; content:"INVITE "; depth:7; threshold:type both, track by_src, \
    count 20, seconds 2; sid:1;)
    alert sip any any -> any any (msg:"Requests"; sip.method; content:"INVITE"; sid:2;)

    """

  static let scanner = """
    alert udp any any -> any 5060 (msg:"Scanner"; content:"|0d 0a|User-Agent|3a| friendly-scanner"; nocase; sid:1;)
    alert sip any any -> any any (msg:"Once"; sip.user_agent; content:"friendly"; threshold:type limit, \
    track by_src, count 1, seconds 10; sid:2;)

    """

  @Test func `an imported flood rule fires as often as counting the datagrams says`() async throws {
    let program = try Program()
    try program.folder.write(Self.flood, as: "a.rules")
    let invites = try datagrams(Self.fixture("invite-flood.pcap")).filter { $0.text.hasPrefix("INVITE ") }
    try await expect(
      program, "invite-flood.pcap", [1: alerts(invites, count: 20, seconds: 2), 2: invites.count])
    #expect(invites.count > 20)
  }

  @Test(arguments: ["options-scan.pcap", "register-bruteforce.pcap", "mixed.pcap"])
  func `imported rules about a scanner fire for each of its messages, or once`(_ capture: String) async throws
  {
    let program = try Program()
    try program.folder.write(Self.scanner, as: "a.rules")
    let scans = try datagrams(Self.fixture(capture)).filter {
      $0.text.contains("\r\nUser-Agent: friendly-scanner")
    }
    try await expect(program, capture, [1: scans.count, 2: alerts(scans, count: 1, seconds: 10)])
    #expect(!scans.isEmpty)
  }

  private func expect(_ program: Program, _ capture: String, _ counts: [Int: Int]) async throws {
    #expect(try await program.run("import", "a.rules", "-o", "a.yaml").status == 0)
    #expect(try await program.run("check", "-q", "a.yaml").status == 0)
    #expect(
      try await program.run("run", "-q", "-r", Self.fixture(capture), "-S", "a.yaml", "-l", "logs").status
        == 0)
    let fired = try program.log(of: "alert").compactMap {
      ($0["alert"] as? [String: Any])?["signature_id"] as? Int
    }
    for (sid, count) in counts { #expect(fired.count { $0 == sid } == count, "\(capture), sid \(sid)") }
  }

  @Test func `what cannot be translated ends with 1 and is told, a file that is not there with 2`()
    async throws
  {
    let program = try Program()
    try program.folder.write(
      Self.flood + "alert sip any any -> any any (msg:\"X\"; lua:x.lua; sid:9;)\n", as: "a.rules")
    let text = try await program.run("import", "a.rules", "--var", "HOME_NET=192.0.2.0/24")
    #expect(text.status == 1)
    #expect(text.output.contains("title: Flood") && !text.output.contains("title: X"))
    #expect(text.errors.contains("a.rules:3:40: not translated: sid 9: 'lua': a script\n"), "\(text.errors)")
    #expect(text.errors.hasSuffix("a.rules: 3 rules: 2 translated, 1 not translated\n"), "\(text.errors)")
    let json = try await program.run("import", "a.rules", "-o", "a.yaml", "--report", "json")
    #expect(json.status == 1 && json.errors.isEmpty)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(report["not_translated"] as? Int == 1)
    let missing = try await program.run("import", "none.rules")
    #expect(missing.status == 2 && missing.output.isEmpty)
    #expect(missing.errors.contains("there is no file 'none.rules'"))
    #expect(try await program.run("import", "a.rules", "-o", "none/a.yaml").status == 2)
  }

  static let lengths = """
    alert udp any any -> any any (msg:"From"; sip.protocol; content:"SIP"; pkt_data; content:"From|3a|"; \
    isdataat:120,relative; content:!"|0a|"; within:120; sid:1;)
    alert udp any any -> any 5060 (msg:"Via"; content:"Via|3a|"; isdataat:90,relative; content:!"|0a|"; within:90; sid:2;)
    alert udp any any -> any 5060 (msg:"Body"; sip_body; content:"v=0"; depth:4; sid:3;)
    alert udp any any -> any 5060 (msg:"Header"; sip_header; content:"v=0"; sid:4;)
    alert udp any any -> any 5060 (msg:"Line of the body"; pcre:"/^m=audio/Pm"; sid:5;)
    alert udp any any -> any 5060 (msg:"Start line"; sip.request_line; content:"bob"; offset:12; depth:3; sid:6;)

    """

  /// Whether a name is followed by so many bytes without a line end, as the signatures above say.
  private static func overflows(_ text: String, _ name: String, _ length: Int) -> Bool {
    text.components(separatedBy: name).dropFirst().contains { rest in
      let following = Array(rest.utf8.prefix(length))
      return following.count == length && !following.contains(0x0a)
    }
  }

  @Test func `imported rules about lengths and places fire where the bytes say so`() async throws {
    let program = try Program()
    try program.folder.write(Self.lengths, as: "a.rules")
    var capture = CaptureBytes()
    for number in 0..<60 {
      var message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
      let filling = String(repeating: "x", count: number * 2)
      message.set("From", "\"\(filling)\" <sip:a@example.com>;tag=1")
      if number % 3 == 0 {
        message.headers.insert(
          ("Via", Array("SIP/2.0/UDP h.example.com;branch=z9hG4bK\(filling)".utf8)), at: 1)
      }
      if number % 4 == 0 { message.body = Array("v=0\r\nm=audio 9 RTP/AVP 0\r\n".utf8) }
      if number % 5 == 0 { message.body = Array("av=0\r\n\r\nv=0 m=audio\r\n".utf8) }
      if number % 7 == 0 { message.set("Subject", "v=0 and m=audio") }
      capture.add(datagram: message.bytes, from: Samples.client, to: Samples.server, at: Int64(number) * 100)
    }
    try program.folder.write(capture.bytes, as: "b.pcap")
    let texts = try datagrams(program.folder.path("b.pcap")).map(\.text)
    let parts = texts.map { text in
      let pieces = text.components(separatedBy: "\r\n\r\n")
      return (
        headers: pieces[0].drop { $0 != "\r\n" }, body: pieces.dropFirst().joined(separator: "\r\n\r\n")
      )
    }
    let counts = [
      1: texts.count { Self.overflows($0, "From:", 120) }, 2: texts.count { Self.overflows($0, "Via:", 90) },
      3: parts.count { $0.body.prefix(4).contains("v=0") }, 4: parts.count { $0.headers.contains("v=0") },
      5: parts.count { "\r\n\($0.body)".contains("\r\nm=audio") }, 6: texts.count,
    ]
    try await expect(program, program.folder.path("b.pcap"), counts)
    #expect(texts.count == 60 && counts.values.allSatisfy { $0 > 3 }, "\(counts)")
  }

  // MARK: fmt

  static let messy = "rules:\n- sid: 1 # ours\n  id: a\n  title: T\n  event: sip\n"
  static let clean = "rules:\n  - id: a\n    sid: 1  # ours\n    title: T\n    event: sip\n"

  @Test func `fmt rewrites a file in its place and keeps its permissions`() async throws {
    let program = try Program()
    let path = try program.folder.write(Self.messy, as: "a.yaml")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: program.folder.path("link.yaml"), withDestinationPath: path)
    let check = try await program.run("fmt", "--check", "a.yaml")
    #expect(check.status == 1 && check.output == "a.yaml\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.messy)
    let shown = try await program.run("fmt", "--stdout", "a.yaml")
    #expect(shown.status == 0 && shown.output == Self.clean)
    let written = try await program.run("fmt", "link.yaml")
    #expect(written.status == 0 && written.output == "link.yaml\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.clean)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(program.folder.contents() == ["a.yaml", "link.yaml"])
    let again = try await program.run("fmt", "--check", "a.yaml")
    #expect(again.status == 0 && again.output.isEmpty)
    #expect(try await program.run("fmt", "--stdout", "a.yaml").output == Self.clean)
  }

  @Test func `fmt leaves a file alone that does not load`() async throws {
    let program = try Program()
    let bad = "rules:\n- {sid: 1, id: a, titel: T, event: sip}\n"
    let path = try program.folder.write(bad, as: "a.yaml")
    let outcome = try await program.run("fmt", "a.yaml")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("a.yaml:2:19: error: unknown key 'titel'"), "\(outcome.errors)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == bad)
    #expect(try await program.run("fmt").status == 2)
    #expect(try await program.run("fmt", "none.yaml").status == 2)
  }

  // MARK: schedule

  @Test func `schedule lists the night on which clocks change`() async throws {
    let program = try Program()
    try program.folder.write(
      "schedules: {night: {zone: Europe/Berlin, any_of: [{hours: \"20:00-07:00\"}]}}\n", as: "a.yaml")
    let words = ["schedule", "night", "--from", "2026-10-24", "--to", "2026-10-25", "-S", "a.yaml"]
    let outcome = try await program.run(words)
    #expect(outcome.status == 0)
    #expect(
      outcome.output.contains(
        "sat 2026-10-24 20:00:00+02:00 - sun 2026-10-25 07:00:00+01:00  "
          + "2026-10-24T18:00:00Z - 2026-10-25T06:00:00Z  12h  any_of 1\n"), "\(outcome.output)")
    let json = try await program.run(words + ["--format", "json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["intervals"] as? [Any])?.count == 3)
    let unknown = try await program.run("schedule", "nigth", "--from", "2026-10-24", "-S", "a.yaml")
    #expect(unknown.status == 2)
    #expect(unknown.errors == "ringwatch: there is no schedule 'nigth'; did you mean 'night'?\n")
    for wrong in [
      ["--from", "2026-02-30"], ["--from", "2026-01-02", "--to", "2026-01-01"],
      ["--from", "2026-01-01", "--days", "0"],
    ] {
      #expect(try await program.run(["schedule", "night", "-S", "a.yaml"] + wrong).status == 2, "\(wrong)")
    }
  }
}
