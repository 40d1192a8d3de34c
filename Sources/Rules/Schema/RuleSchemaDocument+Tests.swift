internal import Events

extension RuleSchemaDocument {
  static var test: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.test,
      [
        "name": SchemaObject.reference("text", "What the test shows."),
        "events": SchemaObject.array(SchemaObject.reference("testEvent"), "The events that are put in."),
        "pcap": SchemaObject.reference("text", "A capture file that is put in."),
        "scenario": [
          "description": "A simulation whose packets are put in: the name of a scenario, or more about it.",
          "oneOf": [SchemaObject.reference("text"), SchemaObject.reference("testScenario")],
        ],
        "eve": SchemaObject.reference("text", "A log whose events are put in."),
        "start": SchemaObject.reference("instant", "The instant of offset 0 for inline events."),
        "expect": [
          "description": "How many alerts must come out, or exactly which, in order.",
          "oneOf": [
            ["type": "integer", "minimum": 0, "maximum": NodeDecoder.maximumRepetitions],
            ["type": "array", "items": SchemaObject.reference("expectedAlert")],
          ],
        ],
      ],
      required: ["name", "expect"], "A test of the rule.")
    schema["oneOf"] = RuleSchema.testInputs.map { ["required": [$0]] }
    return schema
  }

  static var testScenario: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.testScenario,
      [
        "name": SchemaObject.reference(
          "text", "The name of a scenario of ringwatch simulate --list, or the path of a file."),
        "attacks": SchemaObject.array(
          [
            "oneOf": [
              SchemaObject.reference("text"), ["type": "object", "required": ["name"]],
            ]
          ],
          "Attacks besides those of the scenario: names of ringwatch simulate --list, or mappings as in scenario files."
        ),
        "benign": SchemaObject.boolean("Leaves the attacks of the scenario away.", default: false),
        "start": SchemaObject.reference("instant", "The first instant."),
        "duration": SchemaObject.reference("duration", "The length; 10m without it."),
        "media": SchemaObject.reference(
          "text", "How much media: none, all or the first seconds of each stream, such as 3s."),
        "seed": SchemaObject.integer(0...Int.max, "The same seed gives the same packets; 1 without it."),
      ],
      required: ["name"], "What is simulated; what is left out is as ringwatch simulate has it.")
  }

  static var expectedAlert: SchemaObject.Value {
    let counts = 1...Int(UInt32.max)
    return SchemaObject.object(
      RuleSchema.expectedAlert,
      [
        "at": SchemaObject.reference("testTime", "When it fires."),
        "key": [
          "type": "object", "description": "Values of the rule's 'by'; one that is left out may be anything.",
          "additionalProperties": SchemaObject.reference("text"),
        ],
        "count": SchemaObject.integer(counts, "alert.context.count of the log."),
        "distinct": SchemaObject.integer(counts, "alert.context.distinct of the log."),
      ], "An alert that must come out; what is left out may be anything.")
  }

  /// A test event: words that control it, and any field of the catalogue.
  static var testEvent: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.testEventControls,
      [
        "repeat": SchemaObject.integer(
          1...NodeDecoder.maximumRepetitions,
          "So many events alike; {n} in a value is the number of each, {n%15} gives fifteen values in turn."),
        "every": SchemaObject.reference("duration", "Time from one to the next."),
        "at": SchemaObject.reference("testTime", "When the first one happens; right after the one before."),
        "event": SchemaObject.reference("event", "The kind of event; the rule's without it."),
      ], "One event, or several alike; every other key is a field with its value.")
    let fields = FieldCatalog.all.filter { $0.type.isForRules }
    let properties = schema["properties"] as? SchemaObject.Value ?? [:]
    schema["properties"] = fields.reduce(into: properties) { $0[$1.name] = value(of: $1) }
    schema["patternProperties"] = patterns(fields)
    schema["dependentRequired"] = ["repeat": ["every"]]
    return schema
  }

  /// Names that the catalogue does not list one by one: headers, and `sdp.…` for `sip.sdp.…`.
  private static func patterns(_ fields: [FieldDefinition]) -> SchemaObject.Value {
    let header = #"^(sip\.)?header\["[A-Za-z0-9._!%*+`'~-]+"\]$"#
    let scope = "sip.sdp."
    let sdp = fields.filter { $0.name.hasPrefix(scope) }
    var patterns: SchemaObject.Value = [
      header: SchemaObject.reference("text", "A SIP header by its name, without case.")
    ]
    for row in sdp {
      let name = row.name.dropFirst(scope.count).split(separator: ".").joined(separator: #"\."#)
      patterns[#"^sdp\."# + name + "$"] = value(of: row)
    }
    return patterns
  }

  private static func value(of row: FieldDefinition) -> SchemaObject.Value {
    let meaning = row.unit.map { "\(row.meaning) (\($0))" } ?? row.meaning
    let single = value(of: row.type)
    var schema = row.type.isList ? ["type": "array", "items": single] : single
    schema["description"] = "\(meaning). Source: \(row.source)"
    return schema
  }

  /// A value of a type, or of the items of a list; `{n}` and `{n%15}` may stand in any text.
  private static func value(of type: FieldType) -> SchemaObject.Value {
    let numbered = #"\{n(%[1-9][0-9]*)?\}"#
    switch type {
    case .text, .textList, .textMap, .numberMap, .recordList:
      return ["type": ["string", "number", "boolean"]]
    case .integer, .integerList: return ["type": ["integer", "string"], "pattern": "^-?[0-9]+$|" + numbered]
    case .port:
      return [
        "type": ["integer", "string"], "minimum": 0, "maximum": 65_535, "pattern": "^[0-9]+$|" + numbered,
      ]
    case .decimal: return ["type": ["number", "string"], "pattern": #"^-?[0-9]+(\.[0-9]+)?$|"# + numbered]
    case .ip: return ["type": "string", "pattern": "^[0-9A-Fa-f:.]+$|" + numbered]
    case .time: return SchemaObject.instant
    case .duration:
      return ["type": "string", "pattern": #"^[0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h|d)$|"# + numbered]
    case .bool: return ["type": "boolean"]
    }
  }
}
