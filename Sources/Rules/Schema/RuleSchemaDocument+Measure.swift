extension RuleSchemaDocument {
  static var windowMotion: SchemaObject.Value {
    SchemaObject.words(
      WindowMotion.allCases.map(\.rawValue),
      "How the window moves: sliding (without it) is the time before each match, tumbling one stretch after "
        + "the other by the clock, session for as long as pauses are shorter than 'within'.")
  }

  static var measure: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.measure,
      [
        "by": SchemaObject.array(
          SchemaObject.reference("expression"),
          "Each combination of these values has its own window; [] is one window for everything."),
        "within": SchemaObject.reference(
          "duration", "Length of the window, such as 60s; of a session, the pause that ends it."),
        "values": [
          "type": "object", "description": "What is measured, by the names that 'having' uses.",
          "propertyNames": ["pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"], "minProperties": 1,
          "maxProperties": NodeDecoder.maximumMeasuredValues,
          "additionalProperties": SchemaObject.reference("measuredValue"),
        ],
        "window": windowMotion,
      ],
      required: ["by", "within", "values"], "Measures several things over the matches of a key; see 'having'."
    )
  }

  static var measuredValue: SchemaObject.Value {
    var schema = SchemaObject.object(
      RuleSchema.measuredValue + [RuleSchema.valueCondition],
      [
        "count": ["const": true, "description": "The number of matches."],
        "count_if": SchemaObject.reference("expression", "The number of matches for which this is true."),
        "distinct": SchemaObject.reference(
          "expression", "The number of different values, at most \(MeasureDeclaration.maximumDistinct)."),
        RuleSchema.valueCondition: SchemaObject.reference(
          "expression", "Beside 'distinct': values of the matches for which this is true."),
        "sum": SchemaObject.reference("expression", "The sum of a number or duration; 0 without any."),
        "avg": SchemaObject.reference("expression", "The mean of a number or duration."),
        "min": SchemaObject.reference("expression", "The smallest number or duration."),
        "max": SchemaObject.reference("expression", "The largest number or duration."),
        "p95": SchemaObject.reference(
          "expression",
          "What 95 % of the numbers or durations do not exceed, of the last "
            + "\(MeasureDeclaration.maximumSamples)."),
      ], "One value.")
    schema["oneOf"] = RuleSchema.measuredValue.map { ["required": [$0]] }
    schema["dependentRequired"] = [RuleSchema.valueCondition: ["distinct"]]
    return schema
  }
}
