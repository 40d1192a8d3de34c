internal import Events
public import Foundation

/// The JSON Schema of the log, made from the field catalogue.
public enum EVESchema {
  /// The schema (draft 2020-12) as sorted, indented JSON that ends in a line break.
  ///
  /// - Parameter counters: the dotted names of the counters below `stats`.
  public static func json(counters: [String]) throws -> Data {
    var root = object(FieldCatalog.all)
    var properties = root["properties"] as? [String: Any] ?? [:]
    properties["timestamp"] = timestamp("Packet time")
    properties["event_type"] = [
      "type": "string", "description": "Type of the event", "enum": EventType.allCases.map(\.name),
    ]
    properties["stats"] = stats(counters)
    root["properties"] = properties
    root["required"] = ["timestamp", "event_type"]
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    root["title"] = "Ringwatch EVE line"
    var data = try JSONSerialization.data(
      withJSONObject: root, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    data.append(0x0a)
    return data
  }

  private static func object(_ rows: [FieldDefinition]) -> [String: Any] {
    var tree = SchemaNode()
    for row in rows {
      if case .hidden = row.format { continue }
      tree.insert(row.name.split(separator: ".").map(String.init)[...], row)
    }
    return tree.schema
  }

  private static func stats(_ counters: [String]) -> [String: Any] {
    var tree = SchemaNode()
    for name in counters { tree.insert(name.split(separator: ".").map(String.init)[...], nil) }
    return tree.schema
  }

  fileprivate static func timestamp(_ description: String) -> [String: Any] {
    [
      "type": "string", "description": description,
      "pattern": #"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}\+0000$"#,
    ]
  }
}

/// A JSON object of the log, or one value in it.
private struct SchemaNode {
  var leaf: [String: Any]?
  var children: [String: SchemaNode] = [:]

  /// Puts a field at a path; without a row it is a counter.
  mutating func insert(_ path: ArraySlice<String>, _ row: FieldDefinition?) {
    guard let name = path.first else {
      leaf = row.map(Self.value) ?? ["type": "integer", "minimum": 0]
      return
    }
    if let row, case .objects(let member) = row.format, path.count == 2, path.last == member {
      children[name, default: SchemaNode()].leaf = Self.objects(member, row)
      return
    }
    children[name, default: SchemaNode()].insert(path.dropFirst(), row)
  }

  var schema: [String: Any] {
    if let leaf { return leaf }
    return [
      "type": "object", "additionalProperties": false, "properties": children.mapValues(\.schema),
    ]
  }

  private static func value(_ row: FieldDefinition) -> [String: Any] {
    var schema = type(of: row)
    schema["description"] = row.unit.map { "\(row.meaning) (\($0))" } ?? row.meaning
    return schema
  }

  private static func type(of row: FieldDefinition) -> [String: Any] {
    if case .quotedNumber = row.format { return ["type": "string", "pattern": "^[0-9]+$"] }
    if case .records(let members) = row.format { return records(members) }
    return switch row.type {
    case .text: ["type": "string", "minLength": 1]
    case .integer: ["type": "integer"]
    case .port: ["type": "integer", "minimum": 0, "maximum": 65_535]
    case .decimal, .duration: ["type": "number"]
    case .ip: ["type": "string", "minLength": 2, "maxLength": 45]
    case .time: EVESchema.timestamp(row.meaning)
    case .bool: ["type": "boolean"]
    case .textList: ["type": "array", "items": ["type": "string"]]
    case .integerList: ["type": "array", "items": ["type": "integer"]]
    case .recordList: ["type": "array"]
    case .textMap: ["type": "object", "additionalProperties": ["type": "string"]]
    case .numberMap: ["type": "object", "additionalProperties": ["type": "number"]]
    }
  }

  private static func records(_ members: [String]) -> [String: Any] {
    let value = ["type": ["string", "number"]]
    return [
      "type": "array",
      "items": [
        "type": "object", "additionalProperties": false,
        "properties": Dictionary(uniqueKeysWithValues: members.map { ($0, value) }),
      ],
    ]
  }

  private static func objects(_ member: String, _ row: FieldDefinition) -> [String: Any] {
    [
      "type": "array", "description": row.meaning,
      "items": [
        "type": "object", "additionalProperties": false, "properties": [member: ["type": "string"]],
      ],
    ]
  }
}
