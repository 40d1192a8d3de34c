/// Translates one signature.
struct SignatureTranslator {
  /// What is to be said about a place in the file.
  struct Remark {
    let weight: ImportReport.Finding.Weight
    let place: Int
    let message: String
  }

  let signature: Signature
  var rule = ImportedRule()
  var remarks: [Remark] = []
  var conditions: [ConditionText] = []
  var variables: SignatureVariables
  /// What was asked of each buffer, in order.
  var buffers: [(buffer: SignatureBuffer, parts: [PayloadPart])] = [(.payload, [])]
  /// Whether the present buffer is compared in lower case.
  var isLowered = false
  /// What the message must be, by what was asked of it.
  var direction: SignatureBuffer.Direction?
  /// What the direction in the flow says.
  var flowDirection: (isToServer: Bool, place: Int)?
  /// What is counted by, as the signature says it.
  var thresholdTrack: (word: String, place: Int)?
  var suppressionTrack: (word: String, place: Int)?
  var isAboutSIP = false

  /// The translation; it has no condition of a kind that the rule language does not know, unless there is
  /// a refusal among the remarks.
  init(_ signature: Signature, line: Int, _ variables: SignatureVariables) {
    self.signature = signature
    self.variables = variables
    rule.line = line
    attempt { (translator) throws(SignatureFault) in try translator.translateAction() }
    attempt { (translator) throws(SignatureFault) in try translator.translateProtocol() }
    attempt { (translator) throws(SignatureFault) in try translator.translateSides() }
    for option in signature.options {
      attempt { (translator) throws(SignatureFault) in try translator.translate(option) }
    }
    for (buffer, parts) in buffers where !parts.isEmpty {
      attempt { (translator) throws(SignatureFault) in try translator.translate(buffer, parts) }
    }
    attempt { (translator) throws(SignatureFault) in try translator.finish() }
    rule.differences = remarks.filter { $0.weight == .difference }.map(\.message)
  }

  /// Whether the rule cannot go into the output.
  var isRefused: Bool { remarks.contains { $0.weight == .refused } }

  /// Goes on after a part that cannot be translated, so that all such parts are reported.
  private mutating func attempt(_ body: (inout Self) throws(SignatureFault) -> Void) {
    do throws(SignatureFault) {
      try body(&self)
    } catch {
      remarks.append(Remark(weight: .refused, place: error.place, message: error.message))
    }
  }

  mutating func remark(_ weight: ImportReport.Finding.Weight, _ place: Int, _ message: String) {
    remarks.append(Remark(weight: weight, place: place, message: message))
  }

  // MARK: Header

  private mutating func translateAction() throws(SignatureFault) {
    let action = signature.action
    switch action.text {
    case "alert": break
    case "drop", "reject", "rejectsrc", "rejectdst", "rejectboth", "sdrop", "block", "react", "log":
      remark(
        .difference, action.place, "'\(action.text)' becomes an alert: Ringwatch watches and stops nothing")
    case "pass":
      throw SignatureFault(
        place: action.place, message: "'pass' makes no alert; write an exception in the rules that it is for")
    default:
      throw SignatureFault(place: action.place, message: "\(action.text.quoted) is no action of a rule")
    }
  }

  private mutating func translateProtocol() throws(SignatureFault) {
    guard let word = signature.protocolName else { return }
    switch word.text.lowercased() {
    case "sip": isAboutSIP = true
    case "ip", "any": break
    case "udp": conditions.append(.test("proto == \"UDP\""))
    case "tcp": conditions.append(.test("proto == \"TCP\""))
    case "tcp-pkt", "tcp-stream":
      conditions.append(.test("proto == \"TCP\""))
      remark(.difference, word.place, "'\(word.text)' looks at whole SIP messages here")
    case "sctp": conditions.append(.test("proto == \"SCTP\""))
    default: throw SignatureFault(place: word.place, message: "the protocol \(word.text.quoted) is not SIP")
    }
  }

  private mutating func translateSides() throws(SignatureFault) {
    guard let (source, destination) = signature.sides else { return }
    let there = try side(source, "src") + side(destination, "dest")
    if signature.isBidirectional, !there.isEmpty {
      let back = try side(destination, "src") + side(source, "dest")
      conditions.append(.any([.all(there), .all(back)]))
    } else {
      conditions += there
    }
    let ports = source.ports.text + " " + destination.ports.text
    if ports.contains("5060") || ports.contains("5061") || ports.contains("SIP") { isAboutSIP = true }
  }

  private mutating func side(
    _ side: Signature.Side, _ prefix: String
  ) throws(SignatureFault) -> [ConditionText] {
    let (addresses, assumed) = try SideTranslator.addresses(side.addresses, "\(prefix)_ip", &variables)
    let (ports, assumedPorts) = try SideTranslator.ports(side.ports, "\(prefix)_port", &variables)
    for name in assumed + assumedPorts {
      remark(
        .note, side.addresses.place,
        "$\(name) is not given: put your own into the lists of the output, or use --var")
    }
    return [addresses, ports].compactMap { $0 }.flatMap(\.conjuncts)
  }

  // MARK: Buffers

  private mutating func translate(
    _ buffer: SignatureBuffer, _ parts: [PayloadPart]
  ) throws(SignatureFault) {
    let translated = try BufferTranslator(buffer, parts)
    if buffer != .payload { isAboutSIP = true }
    for note in translated.notes {
      isAboutSIP = true
      remark(.note, note.place, note.message)
    }
    for difference in translated.differences {
      remark(.difference, difference.place, difference.message)
    }
    if parts.contains(where: { $0.bytes.map(Self.namesSIP) ?? false }) { isAboutSIP = true }
    if let direction = translated.direction {
      isAboutSIP = true
      try require(direction, at: parts[0].place)
    }
    conditions += translated.conditions
  }

  private static func namesSIP(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    return text.contains("sip/2.0") || text.contains("sip:")
  }

  mutating func require(_ wanted: SignatureBuffer.Direction, at place: Int) throws(SignatureFault) {
    guard direction == nil || direction == wanted else {
      throw SignatureFault(place: place, message: "the rule asks for a request and a response at once")
    }
    direction = wanted
  }

  // MARK: Conclusion

  private mutating func finish() throws(SignatureFault) {
    let place = signature.action.place
    if let flow = flowDirection {
      let implied: SignatureBuffer.Direction = flow.isToServer ? .request : .response
      if direction == nil {
        direction = implied
        remark(
          .difference, flow.place,
          "the direction of the flow is taken as \(flow.isToServer ? "requests" : "responses")")
      } else if direction != implied {
        conditions.append(.test("direction == \"\(flow.isToServer ? "to_server" : "to_client")\""))
      }
    }
    rule.event = direction.map { $0 == .request ? "sip.request" : "sip.response" } ?? "sip"
    if let (word, place) = thresholdTrack {
      let keys = try keys(word, place)
      rule.threshold?.keys = keys
    }
    if let (word, place) = suppressionTrack {
      let keys = try keys(word, place)
      rule.suppression?.keys = keys
    }
    rule.condition = conditions.isEmpty ? nil : .all(conditions)
    guard rule.sid > 0 else { throw SignatureFault(place: place, message: "the rule has no sid") }
    guard isAboutSIP || isRefused else {
      throw SignatureFault(
        place: place, message: "nothing says that the rule is about SIP: no SIP port, keyword or start line")
    }
    // The priority of who says none, in Suricata's rules as in its classification.config.
    if rule.severity == nil { rule.severity = ClassTypes.severity(ofPriority: 3) }
    if rule.title.isEmpty { rule.title = "Signature \(rule.sid)" }
    if rule.condition == nil, !isRefused {
      remark(.note, place, "the rule has no condition: every \(rule.event) event matches")
    }
  }

  /// The group keys of a `track`, by what the message is: the source of a response is its server.
  private mutating func keys(_ word: String, _ place: Int) throws(SignatureFault) -> [String] {
    let ends = direction.map { $0 == .request ? ("client.ip", "server.ip") : ("server.ip", "client.ip") }
    let (source, destination) = ends ?? ("src_ip", "dest_ip")
    switch word {
    case "by_src":
      if direction == .response {
        remark(.note, place, "the source of a response is its server; client.ip counts by who asked")
      }
      return [source]
    case "by_dst": return [destination]
    case "by_both": return [source, destination]
    case "by_rule": return []
    case "by_flow": return ["flow_id"]
    default: throw SignatureFault(place: place, message: "there is no 'track \(word)'")
    }
  }
}
