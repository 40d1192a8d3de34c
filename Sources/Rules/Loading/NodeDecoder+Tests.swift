internal import Values

extension NodeDecoder {
  /// More events from one `repeat` are a mistake.
  static let maximumRepetitions = 1_000_000

  mutating func tests(_ node: YAMLNode) -> [RuleTestDeclaration]? {
    guard let items = items(node, of: "tests") else { return nil }
    return items.compactMap { test($0) }
  }

  private mutating func test(_ node: YAMLNode) -> RuleTestDeclaration? {
    guard let fields = fields(node, of: "test", keys: RuleSchema.test) else { return nil }
    let name = required("name", in: fields).flatMap { text($0, of: "name") }
    let input = testInput(fields)
    let start = fields["start"].flatMap { instant($0, of: "start") }
    let expectation = required("expect", in: fields).flatMap { self.expectation($0) }
    guard let name, let input, let expectation else { return nil }
    return RuleTestDeclaration(
      name: name, input: input, start: start, expectation: expectation, span: fields.mapping.span)
  }

  private mutating func testInput(_ fields: DecodedFields) -> RuleTestDeclaration.Input? {
    let inputs = fields.mapping.entries.filter { RuleSchema.testInputs.contains($0.key.text) }
    if let first = inputs.first,
      let other = inputs.dropFirst().first(where: { $0.key.text != first.key.text })
    {
      sink.error(
        .conflictingKeys, at: other.key.span,
        "a test has '\(first.key.text)' or '\(other.key.text)', not both")
      return nil
    }
    if let node = fields["pcap"] { return text(node, of: "pcap").map { .traffic(.capture($0)) } }
    if let node = fields["scenario"] { return scenario(node).map { .traffic(.scenario($0)) } }
    if let node = fields["eve"] { return text(node, of: "eve").map { .traffic(.log($0)) } }
    guard let node = fields["events"] else {
      let inputs = RuleSchema.testInputs.map { "'\($0)'" }.joined(separator: " nor ")
      sink.error(.missingKey, at: fields.place, "\(fields.title) has neither \(inputs)")
      return nil
    }
    guard let items = items(node, of: "events") else { return nil }
    let events = items.map { testEvent($0) }
    guard events.allSatisfy({ $0 != nil }) else { return nil }
    return .events(events.compactMap { $0 })
  }

  /// The name of a scenario, or a mapping that says more.
  private mutating func scenario(_ node: YAMLNode) -> ScenarioDeclaration? {
    if case .scalar = node {
      return text(node, of: "scenario").map { ScenarioDeclaration(name: $0, span: node.span) }
    }
    guard let fields = fields(node, of: "scenario", keys: RuleSchema.testScenario) else { return nil }
    let before = sink.errorCount
    guard let name = required("name", in: fields).flatMap({ text($0, of: "name") }) else { return nil }
    let scenario = ScenarioDeclaration(
      name: name, attacks: fields["attacks"].flatMap { items($0, of: "attacks") } ?? [],
      isBenign: fields["benign"].flatMap { boolean($0, of: "benign") } ?? false,
      start: fields["start"].flatMap { instant($0, of: "start") }?.value,
      duration: fields["duration"].flatMap { duration($0, of: "duration") }?.value,
      media: fields["media"].flatMap { text($0, of: "media") },
      seed: fields["seed"].flatMap { number($0, of: "seed", in: 0...Int.max) }?.value,
      span: fields.mapping.span)
    return sink.errorCount == before ? scenario : nil
  }

  private mutating func testEvent(_ node: YAMLNode) -> TestEventDeclaration? {
    guard let mapping = mapping(node, of: "test event") else { return nil }
    let fields = DecodedFields(mapping: mapping, what: "test event")
    let before = sink.errorCount
    let repetitions = fields["repeat"].flatMap { number($0, of: "repeat", in: 1...Self.maximumRepetitions) }
    let event = TestEventDeclaration(
      repetitions: repetitions?.value ?? 1,
      interval: fields["every"].flatMap { duration($0, of: "every", allowsZero: true) },
      time: fields["at"].flatMap { testTime($0, of: "at") },
      event: fields["event"].flatMap { text($0, of: "event") },
      fields: testFields(mapping, except: RuleSchema.testEventControls), span: mapping.span)
    if let key = fields.key("repeat"), event.repetitions > 1, fields["every"] == nil {
      sink.error(
        .missingKey, at: key.span, "'repeat' needs 'every'",
        help: "write every: 0s for events at the same instant")
    }
    return sink.errorCount == before ? event : nil
  }

  private mutating func testFields(_ mapping: YAMLMapping, except controls: [String])
    -> [TestFieldDeclaration]
  {
    mapping.entries.compactMap { entry in
      guard !controls.contains(entry.key.text) else { return nil }
      let name = Spanned(entry.key.text, at: entry.key.span)
      switch entry.value {
      case .scalar:
        guard let scalar = scalar(entry.value, of: name.value) else { return nil }
        return TestFieldDeclaration(name: name, value: .scalar(testValue(scalar)))
      case .sequence(let sequence):
        let scalars = sequence.items.compactMap { scalar($0, of: name.value) }.map { testValue($0) }
        return TestFieldDeclaration(name: name, value: .list(scalars, sequence.span))
      case .mapping(let inner):
        let example = inner.entries.first.map { "\(name.value).\($0.key.text)" } ?? name.value
        sink.error(
          .wrongType, at: name.span, "a field has a value or a list of values, not a mapping",
          help: "write \(example): …")
        return nil
      }
    }
  }

  /// The value of a field: a bare `$name` stands for the parameter of that name, where there is one.
  private mutating func testValue(_ scalar: YAMLScalar) -> YAMLScalar {
    guard scalar.style == .plain, scalar.text.hasPrefix("$"),
      let parameter = parameters?.first(where: { "$" + $0.name.value == scalar.text }),
      let constant = parameter.constant
    else { return scalar }
    usedParameters.insert(parameter.name.value)
    var value = scalar
    value.text = parameter.value.text
    if case .text(let text, _) = constant { value.text = String(decoding: text, as: UTF8.self) }
    return value
  }

  private mutating func expectation(_ node: YAMLNode) -> RuleTestDeclaration.Expectation? {
    if case .sequence(let sequence) = node {
      let alerts = sequence.items.map { expectedAlert($0) }
      guard alerts.allSatisfy({ $0 != nil }) else { return nil }
      return .alerts(alerts.compactMap { $0 })
    }
    guard case .scalar = node else {
      sink.error(
        .wrongType, at: node.span, "expected a number or a list of alerts for 'expect', found a mapping")
      return nil
    }
    return number(node, of: "expect", in: 0...Self.maximumRepetitions).map { .count($0) }
  }

  private mutating func expectedAlert(_ node: YAMLNode) -> ExpectedAlertDeclaration? {
    guard let fields = fields(node, of: "expected alert", keys: RuleSchema.expectedAlert) else {
      return nil
    }
    let before = sink.errorCount
    let alert = ExpectedAlertDeclaration(
      time: fields["at"].flatMap { testTime($0, of: "at") },
      key: fields["key"].flatMap { mapping($0, of: "key") }.map { testFields($0, except: []) } ?? [],
      count: fields["count"].flatMap { number($0, of: "count", in: 1...Int(UInt32.max)) },
      distinct: fields["distinct"].flatMap { number($0, of: "distinct", in: 1...Int(UInt32.max)) },
      span: fields.mapping.span)
    return sink.errorCount == before ? alert : nil
  }
}
