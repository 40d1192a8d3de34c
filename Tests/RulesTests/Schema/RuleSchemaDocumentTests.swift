import Events
import Foundation
import Testing

@testable import Rules

@Suite struct RuleSchemaDocumentTests {
  private let root: [String: Any]

  init() throws {
    let object = try JSONSerialization.jsonObject(with: RuleSchemaDocument.json())
    root = try #require(object as? [String: Any])
  }

  private func definition(_ name: String) throws -> [String: Any] {
    let definitions = try #require(root["$defs"] as? [String: Any])
    return try #require(definitions[name] as? [String: Any])
  }

  private func keys(_ schema: [String: Any]) throws -> Set<String> {
    Set(try #require(schema["properties"] as? [String: Any]).keys)
  }

  @Test func `the schema is one JSON object that ends in a line break, the same each time`() throws {
    let data = try RuleSchemaDocument.json()
    #expect(data.last == 0x0a)
    #expect(data == (try RuleSchemaDocument.json()))
    #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
  }

  @Test func `every key of the rule language is in the schema, and no other`() throws {
    #expect(try keys(root) == Set(RuleSchema.topLevel))
    let expected: [String: [String]] = [
      "list": RuleSchema.list, "schedule": RuleSchema.schedule, "scheduleWindow": RuleSchema.scheduleWindow,
      "rule": RuleSchema.rule, "exception": RuleSchema.exception, "threshold": RuleSchema.threshold,
      "count": RuleSchema.boundWords, "distinct": RuleSchema.distinct, "measure": RuleSchema.measure,
      "measuredValue": RuleSchema.measuredValue + [RuleSchema.valueCondition],
      "suppression": RuleSchema.suppression,
      "override": RuleSchema.override, "novelty": RuleSchema.novelty, "absence": RuleSchema.absence,
      "expectedEvent": RuleSchema.expectedEvent, "sequence": RuleSchema.sequence,
      "sequenceStep": RuleSchema.sequenceStep, "sequenceEnd": RuleSchema.sequenceEnd,
      "gauge": RuleSchema.gauge, "test": RuleSchema.test, "testScenario": RuleSchema.testScenario,
      "expectedAlert": RuleSchema.expectedAlert,
    ]
    for (name, wanted) in expected {
      let schema = try definition(name)
      #expect(try keys(schema) == Set(wanted), "\(name)")
      #expect(schema["additionalProperties"] as? Bool == false, "\(name)")
    }
  }

  @Test func `a test event has its control words and every field of the catalogue`() throws {
    let event = try definition("testEvent")
    let fields = FieldCatalog.all.filter { $0.type.isForRules }.map(\.name)
    #expect(try keys(event) == Set(RuleSchema.testEventControls + fields))
    #expect(event["additionalProperties"] as? Bool == false)
  }

  @Test func `a header and a short SDP name are fields of a test event`() throws {
    let patterns = try #require(try definition("testEvent")["patternProperties"] as? [String: Any])
    func isKnown(_ name: String) throws -> Bool {
      try patterns.keys.contains { try Regex($0).firstMatch(in: name) != nil }
    }
    #expect(try isKnown(#"header["X-Asterisk"]"#))
    #expect(try isKnown(#"sip.header["P-Charge-Info"]"#))
    #expect(try isKnown("sdp.codecs"))
    #expect(try !isKnown("sdp.codec"))
    #expect(try !isKnown(#"header[""]"#))
  }

  @Test func `event names, severities and list types are the ones that the loader knows`() throws {
    #expect(try definition("event")["enum"] as? [String] == EventKindSet.names)
    let severity = try property("severity", of: "rule")
    #expect(severity["enum"] as? [String] == Severity.allCases.map(\.name))
    let type = try property("type", of: "list")
    #expect(type["enum"] as? [String] == ListType.allCases.map(\.rawValue))
  }

  private func property(_ key: String, of name: String) throws -> [String: Any] {
    let properties = try #require(try definition(name)["properties"] as? [String: Any])
    return try #require(properties[key] as? [String: Any])
  }

  @Test func `every key has words for hovering, and every reference leads somewhere`() throws {
    let definitions = try #require(root["$defs"] as? [String: Any])
    for (name, value) in definitions.merging(["": root], uniquingKeysWith: { first, _ in first }) {
      let schema = try #require(value as? [String: Any])
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for (key, property) in properties {
        let target = (property["$ref"] as? String)?.split(separator: "/").last.map(String.init)
        if let target { #expect(definitions[target] != nil, "\(name).\(key)") }
        let definition = target.flatMap { definitions[$0] as? [String: Any] }
        let words = property["description"] ?? definition?["description"]
        #expect((words as? String)?.isEmpty == false, "\(name).\(key)")
      }
    }
  }

  @Test(arguments: ["250ms", "10s", "0s", "2d", "1", "010s", "1.5s", "s", "10 s"])
  func `the pattern of durations says what the reader says`(_ text: String) throws {
    let pattern = try #require(try definition("duration")["pattern"] as? String)
    let isDuration = try Regex(pattern).wholeMatch(in: text) != nil
    #expect(isDuration == (NodeDecoder.nanoseconds(text) != nil))
  }

  @Test(arguments: ["2027-01-31", "2027-13-01", "2027-1-31", "27-01-31", "2027-00-10", "2027-12-32"])
  func `the pattern of dates says what the reader says`(_ text: String) throws {
    let pattern = try #require(try definition("date")["pattern"] as? String)
    #expect(try (Regex(pattern).wholeMatch(in: text) != nil) == (CalendarDate(text) != nil))
  }
}
