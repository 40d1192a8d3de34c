extension RuleSchemaDocument {
  static var absence: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.absence,
      [
        "by": SchemaObject.array(
          SchemaObject.reference("expression"),
          "What the match and the expected event have in common; both have these values."),
        "within": SchemaObject.reference(
          "duration", "How long after a match the event may come, such as 5s."),
        "expect": SchemaObject.reference("expectedEvent"),
      ],
      required: ["by", "within", "expect"], "Fires when an event does not follow a match.")
  }

  static var expectedEvent: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.expectedEvent,
      [
        "event": SchemaObject.reference("event"),
        "when": SchemaObject.reference("expression", "What the event must be; any event without it."),
      ],
      required: ["event"], "The event that must follow.")
  }
}
