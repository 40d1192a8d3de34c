/// The building blocks of a JSON Schema.
enum SchemaObject {
  /// One schema, or any other JSON object.
  typealias Value = [String: Any]

  /// An object with exactly these keys; what `properties` knows beyond them is left out.
  static func object(
    _ keys: [String], _ properties: [String: Value], required: [String] = [], _ description: String
  ) -> Value {
    var schema: Value = [
      "type": "object", "description": description, "additionalProperties": false,
      "properties": properties.filter { keys.contains($0.key) },
    ]
    if !required.isEmpty { schema["required"] = required }
    return schema
  }

  /// A list.
  static func array(_ items: Value, _ description: String, atLeastOne: Bool = false) -> Value {
    var schema: Value = ["type": "array", "items": items, "description": description]
    if atLeastOne { schema["minItems"] = 1 }
    return schema
  }

  /// One of the definitions, with words for this place.
  static func reference(_ definition: String, _ description: String? = nil) -> Value {
    var schema: Value = ["$ref": "#/$defs/\(definition)"]
    if let description { schema["description"] = description }
    return schema
  }

  /// One of a few words.
  static func words(_ words: [String], _ description: String) -> Value {
    ["type": "string", "enum": words, "description": description]
  }

  /// A whole number in a range.
  static func integer(_ range: ClosedRange<Int>, _ description: String) -> Value {
    [
      "type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound, "description": description,
    ]
  }

  /// `true` or `false`.
  static func boolean(_ description: String, default value: Bool? = nil) -> Value {
    var schema: Value = ["type": "boolean", "description": description]
    if let value { schema["default"] = value }
    return schema
  }

  /// Text. An editor's YAML reader takes `404` and `true` for something else; Ringwatch does not.
  static var text: Value {
    ["type": ["string", "number", "boolean"], "minLength": 1, "description": "Text that is not empty."]
  }

  /// An expression; its grammar is the loader's business.
  static var expression: Value {
    [
      "type": ["string", "number", "boolean"], "minLength": 1,
      "description": "An expression over the fields of the event, such as sip.method == \"INVITE\" and "
        + "client.ip in @blocked_nets. See docs/rules.md.",
    ]
  }

  /// A length of time.
  static var duration: Value {
    [
      "type": "string", "pattern": durationPattern,
      "description":
        "A whole number with a unit: 250ms, 10s, 5m, 1h or 2d; in a rule also a parameter: $name.",
    ]
  }

  /// A day.
  static var date: Value {
    [
      "type": "string", "pattern": #"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"#,
      "description": "A day: 2027-01-31.",
    ]
  }

  /// A point in time with its zone.
  static var instant: Value {
    [
      "type": "string", "pattern": instantPattern,
      "description": "Date, time and zone: 2026-03-01T22:14:07+01:00.",
    ]
  }

  /// When something happens in a test.
  static var testTime: Value {
    [
      "type": "string", "anyOf": [["pattern": durationPattern], ["pattern": instantPattern]],
      "description": "A duration after the start of the test, such as 45s, or an instant with its zone.",
    ]
  }

  private static let durationPattern = #"^((0|[1-9][0-9]*)(ms|s|m|h|d)|\$[A-Za-z_][A-Za-z0-9_]{0,63})$"#
  private static let instantPattern =
    #"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$"#
}
