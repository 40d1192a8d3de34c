/// The keys of a rule file, once: the decoder and everything that is generated from the schema read them.
enum RuleSchema {
  static let topLevel = ["lists", "schedules", "macros", "rules", "overrides"]

  static let list = ["type", "items", "file", "fold_case"]
  static let schedule = ["zone", "any_of"]
  static let scheduleWindow = ["days", "hours", "dates"]

  static let rule = [
    "id", "sid", "rev", "title", "event", "params", "when", "except", "during", "threshold", "measure",
    "having", "gauge", "sequence", "absence", "first_seen", "suppress", "severity", "category", "tags",
    "attack", "spoofable", "references", "description", "documentation", "enabled", "tests",
  ]
  static let exception = ["name", "when", "reason", "expires"]
  static let threshold = ["by", "within", "count", "distinct", "window"]
  static let boundWords = ["at_least", "more_than"]
  static let distinct = ["of"] + boundWords
  static let measure = ["by", "within", "values", "window"]
  /// What a value can be; each is one of them.
  static let measuredValue =
    ["count", "count_if", "distinct"] + MeasureDeclaration.Figure.allCases.map(\.rawValue)
  /// Which matches' values are distinct ones.
  static let valueCondition = "if"
  static let suppression = ["by", "for", "summary"]

  static let test = ["name"] + testInputs + ["start", "expect"]
  /// What a test can put in; each has one of them.
  static let testInputs = ["events", "pcap", "scenario", "eve"]
  static let testScenario = ["name", "attacks", "benign", "start", "duration", "media", "seed"]
  static let testEventControls = ["repeat", "every", "at", "event"]
  static let expectedAlert = ["at", "key", "count", "distinct"]

  static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
}
