import Events
import Testing
import Values

@Suite struct FieldCatalogTests {
  @Test func `the table has one row a field, in the order of the cases`() {
    #expect(FieldCatalog.all.map(\.field) == Field.allCases)
  }

  @Test func `the index of a field is its raw value, and events have a bit for each`() {
    for field in Field.allCases { #expect(field.index == Int(field.rawValue)) }
    #expect(Field.allCases.count <= 64 * Event.presenceWords)
  }

  @Test func `names are unique and spelled in lower case with dots and underscores`() {
    let names = FieldCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_" || $0 == ".") })
    }
  }

  @Test func `no name is both a value and an object that holds values`() {
    let names = Set(FieldCatalog.all.map(\.name))
    for name in names {
      var path = name.split(separator: ".").map(String.init)
      while path.count > 1 {
        path.removeLast()
        #expect(!names.contains(path.joined(separator: ".")), "\(name)")
      }
    }
  }

  @Test func `the fields of one object stand together, so that it is written once`() {
    var closed: Set<String> = []
    var open: [String] = []
    for row in FieldCatalog.all {
      let path = row.name.split(separator: ".").dropLast().map(String.init)
      let objects = path.indices.map { path[...$0].joined(separator: ".") }
      closed.formUnion(open.filter { !objects.contains($0) })
      #expect(closed.isDisjoint(with: objects), "\(row.name)")
      open = objects
    }
  }

  @Test func `every row says what it means and belongs to an event`() {
    for row in FieldCatalog.all {
      #expect(!row.meaning.isEmpty && !row.source.isEmpty && !row.kinds.isEmpty, "\(row.name)")
    }
  }

  @Test func `a name finds its row, and sdp may stand without sip`() {
    #expect(FieldCatalog.definition(named: "sip.code")?.field == .sipCode)
    #expect(FieldCatalog.definition(named: "sdp.codecs")?.field == .sipSDPCodecs)
    #expect(FieldCatalog.definition(named: "sip.status") == nil)
    #expect(FieldCatalog.definition(named: "method") == nil, "only sdp may stand without sip")
  }

  @Test func `a response has no Request-URI and a request no code`() {
    #expect(FieldCatalog.definition(of: .sipURI).kinds == EventKind.sipRequest.set)
    #expect(FieldCatalog.definition(of: .sipCode).kinds == EventKind.sipResponse.set)
  }
}

@Suite struct EventTests {
  @Test func `a refilled event has nothing of the one before`() {
    var event = Event(headerSlots: 1)
    event.reset(.sipRequest, at: Timestamp(nanoseconds: 5), sequence: 1)
    event.attach(message: Array("INVITE sip:a SIP/2.0".utf8).span)
    event.set(.sipMethod, text: ByteRange(0, 6))
    event.set(.proto, constant: "UDP")
    event.set(.sipCseq, integer: 7)
    event.setHeader(slot: 0, .bool(true))
    event.appendItem(.integer(3))
    event.set(.vlan, itemsFrom: 0)
    #expect(event.string(.sipMethod) == "INVITE")
    #expect(event.string(.proto) == "UDP")
    #expect(event.integer(.sipCseq) == 7)

    event.reset(.sipResponse, at: Timestamp(nanoseconds: 6), sequence: 2)
    for field in Field.allCases { #expect(event[field] == .absent) }
    #expect(event.header(slot: 0) == .absent)
    #expect(event.textCount == 0 && event.items.isEmpty && event.messageLength == 0)
    #expect(event.kind == .sipResponse && event.sequence == 2)
  }

  @Test func `an empty text leaves the field absent`() {
    var event = Event()
    event.reset(.sipRequest, at: Timestamp(nanoseconds: 0), sequence: 0)
    event.set(.sipUserAgent, text: ByteRange())
    event.set(.sipUserAgent, copying: "")
    #expect(event[.sipUserAgent] == .absent)
  }

  @Test func `event names cover types and kinds`() {
    #expect(EventKindSet(name: "sip")?.kinds == [.sipRequest, .sipResponse])
    #expect(EventKindSet(name: "sip.request")?.kinds == [.sipRequest])
    #expect(EventKindSet(name: "registration.failed")?.kinds == [.registrationFailed])
    #expect(EventKindSet(name: "flow.ended")?.kinds == [.flowEnded])
    #expect(EventKindSet(name: "anomaly")?.kinds == [.anomaly])
    #expect(EventKindSet(name: "sip.requests") == nil)
    #expect(EventKind.rtpStarted.name == "rtp.started")
  }

  @Test func `header names compare without case and in compact form`() {
    var names = HeaderNames()
    let slot = names.slot(for: "Call-ID")
    #expect(names.slot(for: "i") == slot)
    #expect(names.slot(for: "call-id") == slot)
    #expect(names.slot(for: "X-Foo") != slot)
  }
}
