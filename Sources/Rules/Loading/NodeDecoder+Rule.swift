internal import Events
internal import Values

extension NodeDecoder {
  /// A rule, or nil when the node is no mapping.
  ///
  /// What is missing or broken is empty in it, so that the rest can be checked all the same.
  mutating func rule(_ node: YAMLNode) -> RuleDeclaration? {
    guard
      let fields = fields(node, of: "rule", keys: RuleSchema.rule)
    else { return nil }
    let before = sink.errorCount
    refuseSecondBlock(fields)
    let id = required("id", in: fields).flatMap { ruleID($0) }
    let parameters = self.parameters(fields["params"], ofRule: id?.value)
    (self.parameters, usedParameters) = (parameters, [])
    defer { self.parameters = nil }
    let sid = required("sid", in: fields)
      .flatMap { number($0, of: "sid", in: 1...Int(UInt32.max)) }
    let title = required("title", in: fields).flatMap { text($0, of: "title") }
    let hasSequence = fields["sequence"] != nil
    if hasSequence { refuseEvent(of: fields) }
    let sequence = fields["sequence"].flatMap { self.sequence($0) }
    let gauge = fields["gauge"].flatMap { self.gauge($0) }
    let event: Spanned<String>? =
      if hasSequence {
        sequence?.steps.last?.event
      } else if fields["gauge"] != nil {
        self.event(of: gauge, fields)
      } else {
        required("event", in: fields).flatMap { text($0, of: "event") }
      }
    let condition = hasSequence ? nil : fields["when"].flatMap { expression($0, of: "when") }
    let exceptions = fields["except"].flatMap { self.exceptions($0) } ?? []
    let threshold = fields["threshold"].flatMap { self.threshold($0) }
    let measure = self.measure(fields)
    let suppression = fields["suppress"].flatMap { self.suppression($0) }
    let parametersOfBlocks = usedParameters
    usedParameters = []
    let tests = fields["tests"].flatMap { self.tests($0) } ?? []
    let nothing = Spanned("", at: fields.place)
    var rule = header(
      id ?? nothing, sid ?? Spanned(0, at: fields.place), title ?? nothing, event ?? nothing, fields)
    rule.condition = condition
    rule.exceptions = exceptions
    rule.schedule = fields["during"].flatMap { text($0, of: "during") }
    rule.threshold = threshold
    rule.measure = measure
    rule.absence = fields["absence"].flatMap { absence($0) }
    rule.sequence = sequence
    rule.gauge = gauge
    rule.novelty = fields["first_seen"].flatMap { novelty($0) }
    rule.suppression = suppression
    rule.tests = tests
    rule.parameters = parameters
    rule.testedParameters = usedParameters
    rule.usedParameters = usedParameters.union(parametersOfBlocks)
    rule.isComplete = sink.errorCount == before
    return rule
  }

  private mutating func header(
    _ id: Spanned<String>, _ sid: Spanned<Int>, _ title: Spanned<String>, _ event: Spanned<String>,
    _ fields: DecodedFields
  ) -> RuleDeclaration {
    let revision = fields["rev"].flatMap { number($0, of: "rev", in: 1...Int(UInt32.max)) }
    let severity = fields["severity"].flatMap { self.severity($0) }
    let category = fields["category"].flatMap { text($0, of: "category") }
    let tags = fields["tags"].flatMap { texts($0, of: "tags") }
    let techniques = fields["attack"].flatMap { self.techniques($0) }
    let spoofability = fields["spoofable"].flatMap { number($0, of: "spoofable", in: 0...3) }
    let references = fields["references"].flatMap { texts($0, of: "references") }
    let documentation = self.documentation(fields)
    let isEnabled = fields["enabled"].flatMap { boolean($0, of: "enabled") }
    return RuleDeclaration(
      id: id, sid: sid, revision: revision?.value ?? 1, title: title, event: event, exceptions: [],
      severity: severity ?? .medium, category: category, tags: tags ?? [],
      attackTechniques: techniques ?? [], spoofability: spoofability, references: references ?? [],
      documentation: documentation, isEnabled: isEnabled ?? true, tests: [], span: fields.mapping.span,
      isComplete: true)
  }

  private mutating func ruleID(_ node: YAMLNode) -> Spanned<String>? {
    guard let id = text(node, of: "id") else { return nil }
    let isName = id.value.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
    guard isName, id.value.utf8.count <= 128 else {
      sink.error(
        .badName, at: id.span, "\(id.value.quoted) is no rule id",
        help: "use at most 128 letters, digits, '-', '_' and '.'")
      return nil
    }
    guard !RuleSchema.overriddenSections.contains(id.value) else {
      sink.error(
        .badName, at: id.span,
        "\(id.value.quoted) is no rule id: in 'overrides' it stands for all \(id.value)",
        help: "give the rule another one")
      return nil
    }
    return id
  }

  mutating func severity(_ node: YAMLNode) -> Severity? {
    let words = Severity.allCases.map(\.name)
    guard let word = choice(node, of: "severity", among: words, code: .badSeverity) else { return nil }
    return Severity.allCases.first { $0.name == word.value }
  }

  private mutating func techniques(_ node: YAMLNode) -> [Spanned<String>]? {
    guard let techniques = texts(node, of: "attack") else { return nil }
    for technique in techniques where !Self.isTechnique(Array(technique.value.utf8)) {
      sink.error(
        .badTechnique, at: technique.span, "\(technique.value.quoted) is no ATT&CK technique",
        help: "write T1110 or T1110.001")
    }
    return techniques
  }

  static func isTechnique(_ text: [UInt8]) -> Bool {
    guard text.count == 5 || text.count == 9, text[0] == UInt8(ascii: "T") else { return false }
    if text.count == 9, text[5] != UInt8(ascii: ".") { return false }
    return text.indices.allSatisfy { $0 == 0 || $0 == 5 || (0x30...0x39).contains(text[$0]) }
  }

  private mutating func documentation(_ fields: DecodedFields) -> Spanned<String>? {
    if let key = fields.key("documentation"), fields["description"] != nil {
      sink.error(.conflictingKeys, at: key.span, "a rule has 'description' or 'documentation', not both")
    }
    if let node = fields["description"] { return text(node, of: "description") }
    return fields["documentation"].flatMap { text($0, of: "documentation") }
  }

  mutating func exceptions(_ node: YAMLNode) -> [ExceptionDeclaration]? {
    guard let items = items(node, of: "except") else { return nil }
    return items.compactMap { item in
      guard let fields = fields(item, of: "exception", keys: RuleSchema.exception) else { return nil }
      let name = required("name", in: fields).flatMap { text($0, of: "name") }
      let condition = required("when", in: fields).flatMap { expression($0, of: "when") }
      let reason = fields["reason"].flatMap { text($0, of: "reason") }
      let expires = fields["expires"].flatMap { date($0, of: "expires") }
      guard let name, let condition else { return nil }
      return ExceptionDeclaration(
        name: name, condition: condition, reason: reason, expires: expires, span: fields.mapping.span)
    }
  }
}
