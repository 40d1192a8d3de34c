extension RuleSchemaDocument {
  static var gauge: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.gauge,
      [
        "live": SchemaObject.words(
          GaugeDeclaration.Live.allCases.map(\.rawValue),
          "What is counted from its begin to its end; 'when' and 'by' look at the event that begins it."),
        "by": SchemaObject.array(
          SchemaObject.reference("expression"),
          "Each combination of these values has its own gauge; [] is one gauge for everything."),
        "more_than": SchemaObject.integer(
          0...RuleChecker.maximumCount, "Fires when more than so many are live."),
        "clear_below": SchemaObject.integer(
          1...RuleChecker.maximumCount + 1,
          "May fire again when fewer than so many are live; the number of more_than without it, 1 at the least."
        ),
      ],
      required: ["live", "by", "more_than"], "Fires when too many things are live at a time.")
  }
}
