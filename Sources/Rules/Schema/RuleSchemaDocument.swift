public import Foundation

/// The JSON Schema of rule files, made from `RuleSchema` and the field catalogue.
///
/// Editors complete and check rule files with it. It describes the canonical form: numbers and booleans
/// without quotes. What only the loader can know (expressions, references, schedules' zones) it leaves alone.
public enum RuleSchemaDocument {
  /// The schema (draft 2020-12) as sorted, indented JSON that ends in a line break.
  public static func json() throws -> Data {
    var root = SchemaObject.object(
      RuleSchema.topLevel, topLevel, "A Ringwatch rule file: one topic, its rules, and what they refer to.")
    root["minProperties"] = 1
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    root["title"] = "Ringwatch rule file"
    root["$defs"] = definitions
    var data = try JSONSerialization.data(
      withJSONObject: root, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    data.append(0x0a)
    return data
  }

  private static var topLevel: [String: SchemaObject.Value] {
    [
      "lists": named("list", "Lists that expressions refer to as @name; shared by all files of a run."),
      "schedules": named("schedule", "Schedules that 'during' refers to; shared by all files of a run."),
      "macros": named(
        "expression", "Expressions that other expressions refer to as $name; shared by all files of a run."),
      "rules": SchemaObject.array(SchemaObject.reference("rule"), "The rules of this file."),
      "overrides": overrides,
    ]
  }

  private static var definitions: [String: SchemaObject.Value] {
    [
      "list": list, "schedule": schedule, "scheduleWindow": scheduleWindow, "rule": rule,
      "override": override, "listOverride": listOverride, "scheduleOverride": scheduleOverride,
      "exception": exception, "threshold": threshold, "novelty": novelty,
      "absence": absence,
      "expectedEvent": expectedEvent, "sequence": sequence, "sequenceStep": sequenceStep,
      "sequenceEnd": sequenceEnd, "gauge": gauge, "count": count, "distinct": distinct,
      "measure": measure, "measuredValue": measuredValue,
      "suppression": suppression, "test": test, "testScenario": testScenario, "testEvent": testEvent,
      "expectedAlert": expectedAlert,
      "event": event, "expression": SchemaObject.expression, "text": SchemaObject.text,
      "duration": SchemaObject.duration, "date": SchemaObject.date, "instant": SchemaObject.instant,
      "testTime": SchemaObject.testTime,
    ]
  }

  /// A mapping with names of the author's choice.
  static func named(_ definition: String, _ description: String) -> SchemaObject.Value {
    [
      "type": "object", "description": description,
      "propertyNames": ["pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"],
      "additionalProperties": SchemaObject.reference(definition),
    ]
  }

  private static var list: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.list,
      [
        "type": SchemaObject.words(ListType.allCases.map(\.rawValue), "What the entries are."),
        "items": SchemaObject.array(SchemaObject.reference("text"), "Entries that stand here."),
        "file": SchemaObject.reference("text", "A file with one entry a line, relative to the rule file."),
        "fold_case": SchemaObject.boolean(
          "ASCII letters match in either case; for text, glob and regex.", default: false),
      ],
      required: ["type"], "Values that a rule compares with.")
    schema["anyOf"] = [["required": ["items"]], ["required": ["file"]]]
    return schema
  }

  static var schedule: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.schedule,
      [
        "zone": SchemaObject.reference("text", "IANA time zone, such as Europe/Berlin."),
        "any_of": SchemaObject.array(
          SchemaObject.reference("scheduleWindow"), "The schedule is on when any of these is.",
          atLeastOne: true),
      ],
      required: ["zone", "any_of"], "When a rule is awake, by the wall clock of a zone.")
  }

  private static var scheduleWindow: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.scheduleWindow,
      [
        "days": SchemaObject.array(
          ["type": "string", "enum": RuleSchema.weekdays], "Days of the week; every day without it.",
          atLeastOne: true),
        "hours": [
          "type": "string", "pattern": #"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"#,
          "description":
            "From (included) to (excluded), quoted: \"20:00-07:00\". A range that wraps belongs to "
            + "the day it starts on; the whole day without it.",
        ],
        "dates": SchemaObject.reference("text", "Name of a list of type date: only on its days."),
      ], "Part of a schedule: all that it says must hold.")
    schema["minProperties"] = 1
    return schema
  }
}
