internal import Events

extension RuleSchemaDocument {
  static var parameters: SchemaObject.Value {
    named(
      "expression",
      "Constants that the rule calls $name, in expressions, durations and numbers; overrides may set them.")
  }

  static var overrides: SchemaObject.Value {
    [
      "type": "object",
      "description": "Changes to rules of all files of a run, by their ids, and to lists and schedules.",
      "propertyNames": ["pattern": "^[A-Za-z0-9._-]{1,128}$"],
      "properties": [
        "lists": named("listOverride", "Changes to lists of all files of a run, by their names."),
        "schedules": named("scheduleOverride", "Changes to schedules of all files of a run, by their names."),
      ],
      "additionalProperties": SchemaObject.reference("override"),
    ]
  }

  static var listOverride: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.listOverride,
      [
        "items": SchemaObject.array(
          SchemaObject.reference("text"), "Entries in the place of those that the list has."),
        "file": SchemaObject.reference(
          "text", "A file in the place of what the list has, relative to the file of the override."),
        "add": SchemaObject.array(SchemaObject.reference("text"), "Entries besides those of the list."),
        "remove": SchemaObject.array(
          SchemaObject.reference("text"), "Entries that the list does not have here, as they stand in it."),
      ], "What is different about a list here.")
    schema["minProperties"] = 1
    return schema
  }

  static var scheduleOverride: SchemaObject.Value {
    var schema = schedule
    schema["required"] = nil
    schema["description"] = "What is different about a schedule here: its zone, its windows, or both."
    schema["minProperties"] = 1
    return schema
  }

  static var override: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.override,
      [
        "enabled": SchemaObject.boolean("Whether the rule runs."),
        "severity": SchemaObject.words(Severity.allCases.map(\.name), "In the place of the rule's own."),
        "at_least": [
          "type": "integer", "minimum": 1, "maximum": NodeDecoder.maximumCount,
          "description": "In the place of the number of the threshold or gauge.",
        ],
        "within": SchemaObject.reference("duration", "In the place of the time of the rule's block."),
        "having": SchemaObject.reference(
          "expression", "In the place of the condition over the rule's measure."),
        "suppress": SchemaObject.reference("suppression", "In the place of the rule's own."),
        "except": SchemaObject.array(SchemaObject.reference("exception"), "Besides the rule's own."),
        "params": named("expression", "Values for parameters of the rule."),
      ], "What is different about a rule here.")
    schema["minProperties"] = 1
    return schema
  }
}

extension SchemaObject {
  /// A whole number in a range, or a parameter of the rule that stands for one.
  static func integerOrParameter(_ range: ClosedRange<Int>, _ description: String) -> Value {
    [
      "anyOf": [
        ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound],
        ["type": "string", "pattern": parameterPattern],
      ], "description": description,
    ]
  }

  /// A name of `params`.
  static var parameterPattern: String { #"^\$[A-Za-z_][A-Za-z0-9_]{0,63}$"# }
}
