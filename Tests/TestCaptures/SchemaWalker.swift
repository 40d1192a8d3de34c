public import Foundation

/// Checks a JSON value against the part of JSON Schema that the generated schema uses.
public struct SchemaWalker {
  /// The schema.
  public let schema: [String: Any]

  /// A walker along a schema.
  public init(_ data: Data) throws {
    schema = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// What is wrong with a line, by its path; empty when nothing is.
  public func faults(in line: [String: Any]) -> [String] { faults(line, schema, at: "") }

  private func faults(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    let known: Set = [
      "$schema", "title", "description", "type", "properties", "additionalProperties", "required", "items",
      "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    ]
    let unknown = Set(schema.keys).subtracting(known)
    if !unknown.isEmpty { return ["\(path): the walker does not know \(unknown.sorted())"] }
    switch schema["type"] as? String {
    case "object": return object(value, schema, at: path)
    case "array": return list(value, schema, at: path)
    case "string": return text(value, schema, at: path)
    case "integer", "number": return number(value, schema, at: path)
    case "boolean": return isBoolean(value) ? [] : ["\(path): no boolean"]
    default: return ["\(path): the schema says no type"]
    }
  }

  private func object(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    guard let object = value as? [String: Any] else { return ["\(path): no object"] }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    var found = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
      "\(path).\($0): missing"
    }
    for (key, item) in object {
      if let inner = properties[key] as? [String: Any] {
        found += faults(item, inner, at: "\(path).\(key)")
      } else if let inner = schema["additionalProperties"] as? [String: Any] {
        found += faults(item, inner, at: "\(path).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        found.append("\(path).\(key): unknown")
      }
    }
    return found
  }

  private func list(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    guard let list = value as? [Any] else { return ["\(path): no list"] }
    guard let items = schema["items"] as? [String: Any] else { return ["\(path): items of no type"] }
    if let least = schema["minItems"] as? Int, list.count < least { return ["\(path): too few"] }
    if let most = schema["maxItems"] as? Int, list.count > most { return ["\(path): too many"] }
    return list.flatMap { faults($0, items, at: path + "[]") }
  }

  private func text(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    guard let text = value as? String else { return ["\(path): no text"] }
    if let allowed = schema["enum"] as? [String], !allowed.contains(text) { return ["\(path): '\(text)'"] }
    if let least = schema["minLength"] as? Int, text.unicodeScalars.count < least {
      return ["\(path): too short"]
    }
    if let most = schema["maxLength"] as? Int, text.unicodeScalars.count > most {
      return ["\(path): too long"]
    }
    guard let pattern = schema["pattern"] as? String else { return [] }
    return text.range(of: pattern, options: .regularExpression) == nil
      ? ["\(path): '\(text)' is not \(pattern)"] : []
  }

  private func number(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    guard let number = value as? NSNumber, !isBoolean(value) else { return ["\(path): no number"] }
    if schema["type"] as? String == "integer", value as? Int == nil { return ["\(path): no integer"] }
    if let least = schema["minimum"] as? Double, number.doubleValue < least { return ["\(path): too small"] }
    if let most = schema["maximum"] as? Double, number.doubleValue > most { return ["\(path): too large"] }
    return []
  }

  /// Foundation casts 0 and 1 to booleans; only the C type of the number tells what stood there.
  private func isBoolean(_ value: Any) -> Bool {
    // Safety: the type is a C string that lives as long as the number.
    (value as? NSNumber).map { unsafe String(cString: $0.objCType) == "c" } ?? false
  }
}
