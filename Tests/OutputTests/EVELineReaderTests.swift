import Events
import Foundation
import Output
import Testing
import Values

@Suite struct EVELineReaderTests {
  private static let time = Timestamp(seconds: 1_772_403_247, nanoseconds: 123_000)

  // MARK: Round trips

  @Test func `every logged field of every kind is read back as it was written`() throws {
    var reader = EVELineReader()
    var fields = 0
    for kind in EventKindSet.logged.kinds where kind != .stats {
      for row in FieldCatalog.fields(in: kind.set) where Self.isKept(row) {
        var event = Self.event(kind)
        Self.fill(row, in: &event)
        var read = Event()
        let line = Self.line(event)
        #expect(try Self.read(line, &reader, into: &read) == .event)
        #expect(read.kind == kind && read.timestamp == Self.time, "\(row.name) of \(kind.name)")
        #expect(read[row.field] != .absent, "\(row.name) of \(kind.name)")
        #expect(Self.line(read) == line)
        if !row.type.isList, row.type != .text { #expect(read[row.field] == event[row.field], "\(row.name)") }
        fields += 1
      }
    }
    #expect(fields > 500)
    #expect(reader.unreadableValues == 0)
  }

  @Test func `an event with all its fields is read back whole`() throws {
    for kind in EventKindSet.logged.kinds where kind != .stats && kind != .alert {
      var event = Self.event(kind)
      for row in FieldCatalog.fields(in: kind.set) where Self.isKept(row) { Self.fill(row, in: &event) }
      event.markKind()
      let line = Self.line(event)
      var read = Event()
      var reader = EVELineReader()
      #expect(try Self.read(line, &reader, into: &read) == .event)
      #expect(Self.line(read) == line)
    }
  }

  @Test func `text comes back byte by byte, whatever is in it`() throws {
    let texts = [
      "plain", "\"quoted\" \\ and / slashed", "tab\tline\r\nend", "\u{1}\u{1f}\u{7f}\u{85}", "Grüße 你好 🎉",
      "\u{202e}reversed\u{2066}", "\\u0041", "{\"sip\":{}}", "…(+12 bytes)",
    ]
    for text in texts {
      var event = Self.event(.sipRequest)
      event.set(.sipUserAgent, copying: text)
      var read = Event()
      var reader = EVELineReader()
      _ = try Self.read(Self.line(event), &reader, into: &read)
      #expect(read.string(.sipUserAgent) == text)
    }
  }

  @Test func `numbers and times are exact to what the log has`() throws {
    var event = Self.event(.callEnded)
    event.set(.callDuration, .duration(12_345_678_901_000))
    event.set(.callPDD, .duration(-1_000))
    event.set(.callMOS, .decimal(4.123457))
    event.set(.flowID, integer: (1 << 51) - 1)
    event.markKind()
    var read = Event()
    var reader = EVELineReader()
    _ = try Self.read(Self.line(event), &reader, into: &read)
    for field in [Field.callDuration, .callPDD, .callMOS, .flowID] { #expect(read[field] == event[field]) }
    #expect(read.timestamp == Self.time)
  }

  // MARK: Other people's JSON

  @Test func `order, white space, escapes and unknown members do not matter`() throws {
    let line = #"""
       { "sip" : { "unknown" : [ {} , [ null , -1.5e+3 ] ] , "code" : "401" , "from":{"user":"\u0061l\/i\ud83d\ude00\ud83dce"} },
      "event_type":"sip", "other":{"deep":{"deeper":true}}, "timestamp" : "2026-03-01T23:14:07.5+0100" }
      """#.replacing("\n", with: " ")
    var read = Event()
    var reader = EVELineReader()
    #expect(try Self.read(line, &reader, into: &read) == .event)
    #expect(read.kind == .sipResponse)
    #expect(read.integer(.sipCode) == 401)
    #expect(read.string(.sipFromUser) == "al/i😀\u{FFFD}ce")
    #expect(read.timestamp == Timestamp(seconds: 1_772_403_247, nanoseconds: 500_000_000))
  }

  @Test(arguments: [
    (#""src_ip":"300.1.1.1""#, Field.srcIP), (#""src_ip":7"#, .srcIP), (#""src_port":70000"#, .srcPort),
    (#""src_port":-1"#, .srcPort), (#""sip":{"cseq":1.5}"#, .sipCseq), (#""sip":{"cseq":true}"#, .sipCseq),
    (#""sip":{"cseq":99999999999999999999}"#, .sipCseq), (#""sip":{"code":"4x1"}"#, .sipCode),
    (#""sip":{"retransmission":"yes"}"#, .sipRetransmission), (#""sip":{"method":{"x":1}}"#, .sipMethod),
    (#""sip":{"sdp":{"codecs":"PCMU"}}"#, .sipSDPCodecs),
  ])
  func `a value that its field cannot have is left out and counted`(member: String, field: Field) throws {
    var read = Event()
    var reader = EVELineReader()
    let head = #"{"timestamp":"2026-03-01T22:14:07.000000+0000","event_type":"sip","#
    #expect(try Self.read(head + member + "}", &reader, into: &read) == .event)
    #expect(read[field] == .absent)
    #expect(reader.unreadableValues == 1)
  }

  @Test func `fields that a kind cannot have, and profiles, are left out`() throws {
    let line = #"""
      {"timestamp":"2026-03-01T22:14:07.000000+0000","event_type":"flow","sip":{"method":"BYE"},"source":{"calls":3},"flow":{"age":3}}
      """#
    var read = Event()
    var reader = EVELineReader()
    _ = try Self.read(line, &reader, into: &read)
    #expect(read.kind == .flowEnded && read.integer(.flowAge) == 3)
    #expect(read[.sipMethod] == .absent && read[.sourceCalls] == .absent)
  }

  @Test(arguments: [
    ("", EVELineFault.Reason.notJSON), ("[]", .notJSON), ("{} {}", .notJSON), ("{\"a\":01x}", .notJSON),
    ("{\"a\":tru}", .notJSON), ("{\"a\":\"\u{1}\"}", .notJSON), ("{\"a\" 1}", .notJSON), ("{,}", .notJSON),
    ("{\"a\":\"\\x\"}", .notJSON), ("{}", .noTimestamp), (#"{"timestamp":"yesterday"}"#, .noTimestamp),
    (#"{"timestamp":"2026-02-30T00:00:00.0Z","event_type":"sip"}"#, .noTimestamp),
    (#"{"timestamp":"2026-03-01T00:00:00.0Z"}"#, .noEventType),
    (#"{"timestamp":"2026-03-01T00:00:00.0Z","event_type":"call"}"#, .unknownKind),
    (#"{"timestamp":"2026-03-01T00:00:00.0Z","event_type":"call","call":{"event":"sung"}}"#, .unknownKind),
    ("{\"a\":" + String(repeating: "[", count: 10_000), .tooDeep),
  ])
  func `a broken line says what is wrong with it`(line: String, reason: EVELineFault.Reason) {
    var read = Event()
    var reader = EVELineReader()
    let fault = #expect(throws: EVELineFault.self) { try Self.read(line, &reader, into: &read) }
    #expect(fault?.reason == reason, "\(line.prefix(60))")
  }

  @Test func `lines of other types are told apart`() throws {
    var read = Event()
    var reader = EVELineReader()
    for (type, line) in [("stats", EVELine.stats), ("http", .other), ("packet", .other)] {
      let text = #"{"timestamp":"2026-03-01T22:14:07.000000Z","event_type":"\#(type)","http":{"url":"/"}}"#
      #expect(try Self.read(text, &reader, into: &read) == line)
      #expect(reader.timestamp == Timestamp(seconds: 1_772_403_247, nanoseconds: 0))
    }
  }

  // MARK: Hostile lines

  @Test func `no beginning of a line is taken for a line`() throws {
    var event = Self.event(.sipRequest)
    for row in FieldCatalog.fields(in: .init(.sip)) where Self.isKept(row) { Self.fill(row, in: &event) }
    let line = Array(Self.line(event).utf8.dropLast())
    var read = Event()
    var reader = EVELineReader()
    for count in 0..<line.count {
      #expect(throws: EVELineFault.self, "\(count)") {
        try reader.read(line.span.extracting(0..<count), sequence: 0, into: &read)
      }
    }
    #expect(try reader.read(line.span, sequence: 0, into: &read) == .event)
  }

  @Test func `damaged lines never trap, and what is read of them can be written`() throws {
    let seed: UInt64 = 0x4556_454c_696e_6573
    print("damaged EVE lines from seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var lines: [[UInt8]] = []
    for kind in EventKindSet.logged.kinds where kind != .stats {
      var event = Self.event(kind)
      for row in FieldCatalog.fields(in: kind.set) where Self.isKept(row) { Self.fill(row, in: &event) }
      event.markKind()
      lines.append(Array(Self.line(event).utf8.dropLast()))
    }
    var reader = EVELineReader()
    var read = Event()
    var readable = 0
    for round in 0..<20_000 {
      var line = lines[round % lines.count]
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let place = Int.random(in: 0..<line.count, using: &generator)
        switch UInt8.random(in: 0..<4, using: &generator) {
        case 0: line[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: line.remove(at: place)
        case 2: line.insert(Array("\"\\{}[],:0-ue".utf8).randomElement(using: &generator) ?? 0, at: place)
        default: line[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
      }
      guard (try? reader.read(line.span, sequence: 0, into: &read)) == .event else { continue }
      readable += 1
      let written = Self.line(read)
      #expect((try? JSONSerialization.jsonObject(with: Data(written.utf8))) != nil, "round \(round)")
    }
    #expect(readable > 2000)
  }

  // MARK: Making

  private static func event(_ kind: EventKind) -> Event {
    var event = Event()
    event.reset(kind, at: time, sequence: 0)
    event.markKind()
    return event
  }

  /// Profiles are made anew.
  private static func isKept(_ row: FieldDefinition) -> Bool {
    if case .hidden = row.format { return false }
    return !row.name.hasPrefix("source.") && !row.name.hasPrefix("account.")
  }

  private static func fill(_ row: FieldDefinition, in event: inout Event) {
    let naming: [Field] = [.callEvent, .registrationEvent, .rtpEvent, .sipCode]
    guard !naming.contains(row.field) else { return event.markKind() }
    guard row.field != .sipResponseLine || event.kind == .sipResponse else { return }
    let start = event.items.count
    switch row.type {
    case .text: event.set(row.field, copying: "text \"of\" \(row.name)\n")
    case .integer: event.set(row.field, integer: -5)
    case .port: event.set(row.field, integer: 5060)
    case .decimal: event.set(row.field, .decimal(0.333333))
    case .ip: event.set(row.field, ip: IPAddress(v6High: 0x2001_0db8_0000_0000, low: 7))
    case .time: event.set(row.field, .time(time))
    case .duration: event.set(row.field, .duration(20_001_000))
    case .bool: event.set(row.field, bool: false)
    case .textList:
      let texts = ["a", "b\u{1}", "ü"].map { event.append($0) }
      for text in texts { event.appendItem(.text(text)) }
      event.set(row.field, itemsFrom: start)
    case .textMap:
      for text in ["name", "value"] { event.appendItem(.text(event.append(text))) }
      event.set(row.field, itemsFrom: start)
    case .numberMap:
      event.appendItem(.text(event.append("name")))
      event.appendItem(.decimal(0.25))
      event.set(row.field, itemsFrom: start)
    case .recordList:
      guard case .records(let members) = row.format else { return }
      for record in 0..<2 {
        for index in members.indices {
          let text = index < 2 ? event.append("text \(index)") : ByteRange()
          event.appendItem(index < 2 ? .text(text) : index == 2 + record ? .absent : .decimal(0.25))
        }
      }
      event.set(row.field, itemsFrom: start)
    case .integerList:
      for number: Int64 in [100, 200] { event.appendItem(.integer(number)) }
      event.set(row.field, itemsFrom: start)
    }
  }

  private static func read(
    _ line: String, _ reader: inout EVELineReader, into event: inout Event
  ) throws -> EVELine {
    let bytes = Array(line.utf8)
    return try reader.read(bytes.span, sequence: 0, into: &event)
  }

  private static func line(_ event: borrowing Event) -> String {
    var writer = EVEWriter(textLimit: 1 << 20)
    writer.write(event)
    var text = ""
    writer.takePending { bytes in
      text = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
    return text
  }
}

extension Event {
  /// Gives the event what its line needs to say of which kind it is.
  fileprivate mutating func markKind() {
    let label = kind.name.split(separator: ".").last.map(String.init) ?? ""
    switch kind.type {
    case .call: set(.callEvent, copying: label)
    case .registration: set(.registrationEvent, copying: label)
    case .rtp: set(.rtpEvent, copying: label)
    case .sip where kind == .sipResponse: set(.sipCode, integer: 401)
    default: break
    }
  }
}
