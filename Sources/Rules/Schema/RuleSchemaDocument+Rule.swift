internal import Events

extension RuleSchemaDocument {
  static var rule: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.rule, identity.merging(decision) { first, _ in first }.merging(prose) { first, _ in first },
      required: ["id", "sid", "title"], "What is wrong with which events, and how often.")
    schema["not"] = [
      "anyOf": [
        ["required": ["description", "documentation"]], ["required": ["threshold", "measure"]],
        ["required": ["event", "sequence"]],
      ]
    ]
    schema["anyOf"] = [["required": ["event"]], ["required": ["sequence"]], ["required": ["gauge"]]]
    schema["dependentRequired"] = ["measure": ["having"], "having": ["measure"]]
    return schema
  }

  private static var identity: [String: SchemaObject.Value] {
    [
      "id": [
        "type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$",
        "description": "The name that people use; unique over all files.",
      ],
      "sid": SchemaObject.integer(
        1...Int(UInt32.max), "alert.signature_id of the log; unique over all files."),
      "rev": SchemaObject.integer(1...Int(UInt32.max), "alert.rev of the log; 1 without it."),
      "title": SchemaObject.reference("text", "alert.signature of the log: what happened, in a few words."),
      "severity": SchemaObject.words(
        Severity.allCases.map(\.name), "alert.severity of the log, 1 for high to 4; medium without it."),
      "category": SchemaObject.reference("text", "alert.category of the log."),
      "enabled": SchemaObject.boolean("Whether the rule runs.", default: true),
    ]
  }

  private static var decision: [String: SchemaObject.Value] {
    [
      "event": SchemaObject.reference("event"),
      "when": SchemaObject.reference(
        "expression", "The condition: only what is true matches. Without it every event matches."),
      "except": SchemaObject.array(
        SchemaObject.reference("exception"), "What keeps the rule silent although 'when' holds."),
      "during": SchemaObject.reference(
        "text", "Name of a schedule outside of which the rule is silent; 'not NAME' turns it round."),
      "threshold": SchemaObject.reference("threshold"),
      "measure": SchemaObject.reference("measure"),
      "having": SchemaObject.reference(
        "expression",
        "The condition over the values of 'measure', such as total >= 50 and failed / total > 0.5."),
      "gauge": SchemaObject.reference("gauge"),
      "sequence": SchemaObject.reference("sequence"),
      "absence": SchemaObject.reference("absence"),
      "first_seen": SchemaObject.reference("novelty"),
      "suppress": SchemaObject.reference("suppression"),
      "params": parameters,
      "tests": SchemaObject.array(
        SchemaObject.reference("test"), "What the rule must and must not fire on."),
    ]
  }

  private static var prose: [String: SchemaObject.Value] {
    [
      "tags": SchemaObject.array(
        SchemaObject.reference("text"), "alert.metadata.tag of the log: free words."),
      "attack": SchemaObject.array(
        ["type": "string", "pattern": #"^T\d{4}(\.\d{3})?$"#],
        "MITRE ATT&CK techniques, such as T1110.001: alert.metadata.mitre_technique_id of the log."),
      "spoofable": SchemaObject.integer(
        0...3, "How easily the evidence is forged: 0 is proof, 3 (a UDP source address) proves nothing."),
      "references": SchemaObject.array(SchemaObject.reference("text"), "Addresses of further reading."),
      "description": SchemaObject.reference("text", "Prose for whoever reads the alert."),
      "documentation": SchemaObject.reference("text", "The same as 'description'; a rule has one of them."),
    ]
  }

  static var event: SchemaObject.Value {
    SchemaObject.words(EventKindSet.names, "An event type, such as sip, or one kind of it: sip.request.")
  }

  static var exception: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.exception,
      [
        "name": SchemaObject.reference("text", "What people call it."),
        "when": SchemaObject.reference("expression", "When this holds, the rule is silent."),
        "reason": SchemaObject.reference("text", "Why it exists."),
        "expires": SchemaObject.reference("date", "The last day on which it counts, by packet time in UTC."),
      ],
      required: ["name", "when"], "A known harmless case.")
  }

  static var threshold: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.threshold,
      [
        "by": SchemaObject.array(
          SchemaObject.reference("expression"),
          "Each combination of these values has its own counter; [] is one counter for everything."),
        "within": SchemaObject.reference(
          "duration", "Length of the window, such as 60s; of a session, the pause that ends it."),
        "count": SchemaObject.reference("count"),
        "distinct": SchemaObject.reference("distinct"),
        "window": windowMotion,
      ],
      required: ["by", "within"],
      "Fires at so many matches of one key, or so many distinct values of a field.")
    schema["oneOf"] = [["required": ["count"]], ["required": ["distinct"]]]
    return schema
  }

  static var count: SchemaObject.Value {
    bounded(RuleSchema.boundWords, [:], required: [], "How many matches inside the window fire.")
  }

  static var distinct: SchemaObject.Value {
    bounded(
      RuleSchema.distinct,
      ["of": SchemaObject.reference("expression", "The field whose values are counted.")],
      required: ["of"], "How many distinct values of a field inside the window fire.")
  }

  private static func bounded(
    _ keys: [String], _ properties: [String: SchemaObject.Value], required: [String], _ description: String
  ) -> SchemaObject.Value {
    let maximum = NodeDecoder.maximumCount
    let bounds = [
      "at_least": SchemaObject.integerOrParameter(1...maximum, "Fires at this number."),
      "more_than": SchemaObject.integerOrParameter(
        0...maximum - 1, "Fires at the number after this one."),
    ]
    var schema = SchemaObject.object(
      keys, properties.merging(bounds) { first, _ in first }, required: required, description)
    schema["oneOf"] = RuleSchema.boundWords.map { ["required": [$0]] }
    return schema
  }

  static var suppression: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.suppression,
      [
        "by": SchemaObject.array(
          SchemaObject.reference("expression"),
          "What shares one silence; the keys of 'threshold' or 'measure' without it."),
        "for": SchemaObject.reference(
          "duration", "How long the rule is silent; 0s lets every match through."),
        "summary": SchemaObject.boolean(
          "At the end of a silence an alert says how many matches it swallowed.", default: false),
      ],
      required: ["for"],
      "Silence after an alert. Without it: the same keys, for the length of the window.")
  }
}
