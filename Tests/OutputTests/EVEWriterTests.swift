import Events
import Foundation
import Output
import Testing
import Values

@Suite struct EVEWriterTests {
  @Test func `a line nests the dotted names and leaves out what is absent`() throws {
    var event = Event()
    event.reset(.sipResponse, at: Timestamp(seconds: 1_772_403_247, nanoseconds: 0), sequence: 1)
    event.set(.srcIP, ip: IPAddress(v4: 0xc000_0201))
    event.set(.destPort, integer: 5060)
    event.set(.sipCode, integer: 401)
    event.set(.sipFromUser, copying: "alice")
    event.appendItem(.integer(100))
    event.appendItem(.integer(200))
    event.set(.vlan, itemsFrom: 0)
    let start = event.items.count
    event.appendItem(.text(event.append("audio 5004 RTP/AVP 0")))
    event.set(.sipSDPMediaDescriptionsMedia, itemsFrom: start)
    #expect(
      line(event) == """
        {"timestamp":"2026-03-01T22:14:07.000000+0000","event_type":"sip","src_ip":"192.0.2.1",\
        "dest_port":5060,"vlan":[100,200],"sip":{"code":"401","from":{"user":"alice"},\
        "sdp":{"media_descriptions":[{"media":"audio 5004 RTP/AVP 0"}]}}}

        """)
  }

  @Test func `only texts of the wire are cut`() throws {
    var event = Event()
    event.reset(.sipRequest, at: Timestamp(nanoseconds: 0), sequence: 1)
    event.set(.communityID, copying: "1:abcdefghijkl")
    event.set(.sipUserAgent, copying: "abcdefghijkl")
    var writer = EVEWriter(textLimit: 8)
    writer.write(event)
    var text = ""
    writer.takePending { bytes in
      text = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
    #expect(text.contains(#""community_id":"1:abcdefghijkl""#))
    #expect(text.contains(#""user_agent":"abcdefgh…(+4 bytes)""#))
  }

  @Test func `every field of the catalogue prints as valid JSON under its own path`() throws {
    for kind in EventKind.allCases {
      for row in FieldCatalog.fields(in: kind.set) {
        var event = Event()
        event.reset(kind, at: Timestamp(nanoseconds: 0), sequence: 0)
        fill(row, in: &event)
        let object = try #require(
          try JSONSerialization.jsonObject(with: Data(line(event).utf8)) as? [String: Any])
        if case .hidden = row.format {
          #expect(object.count == 2, "\(row.name)")
        } else {
          #expect(value(at: row.name, in: object) != nil, "\(row.name) in \(line(event))")
        }
      }
    }
  }

  @Test func `no object has more than a hundred keys`() {
    for type in EventType.allCases {
      let names = FieldCatalog.fields(in: EventKindSet(type)).map(\.name)
      #expect(names.filter { $0.hasPrefix(type.name + ".") }.count <= 100)
    }
  }

  private func line(_ event: borrowing Event) -> String {
    var writer = EVEWriter()
    writer.write(event)
    var text = ""
    writer.takePending { bytes in
      text = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
    return text
  }

  @Test func `records print as objects, without the members that have no value`() {
    var event = Event()
    event.reset(.score, at: Timestamp(nanoseconds: 0), sequence: 0)
    let texts = ["acd", "self", "asr", "peers"].map { event.append($0) }
    for record in 0..<2 {
      event.appendItem(.text(texts[2 * record]))
      event.appendItem(.text(texts[2 * record + 1]))
      for value in [FieldValue.integer(24), .decimal(1.5), record == 0 ? .absent : .decimal(2), .decimal(4)] {
        event.appendItem(value)
      }
    }
    event.set(.scoreReasons, itemsFrom: 0)
    let first = #"{"feature":"acd","view":"self","hours":24,"observed":1.5,"surprise":4}"#
    let second = #"{"feature":"asr","view":"peers","hours":24,"observed":1.5,"expected":2,"surprise":4}"#
    #expect(line(event).hasSuffix(#""score":{"reasons":["# + first + "," + second + "]}}\n"))
  }

  private func fill(_ row: FieldDefinition, in event: inout Event) {
    switch row.type {
    case .text: event.set(row.field, copying: "x")
    case .integer, .port: event.set(row.field, integer: 5)
    case .decimal: event.set(row.field, .decimal(0.5))
    case .ip: event.set(row.field, ip: IPAddress(v4: 1))
    case .time: event.set(row.field, .time(Timestamp(nanoseconds: 0)))
    case .duration: event.set(row.field, .duration(1))
    case .bool: event.set(row.field, bool: true)
    case .textList, .integerList, .textMap, .numberMap, .recordList:
      event.appendItem(row.type != .integerList ? .text(event.append("x")) : .integer(1))
      if row.type.isMap { event.appendItem(row.type == .numberMap ? .integer(1) : .text(event.append("v"))) }
      event.set(row.field, itemsFrom: 0)
    }
  }

  private func value(at path: String, in object: [String: Any]) -> Any? {
    var here: Any? = object
    for part in path.split(separator: ".") {
      if let list = here as? [Any] { here = list.first }
      here = (here as? [String: Any])?[String(part)]
    }
    return here
  }
}
