extension RuleSchemaDocument {
  static var sequence: SchemaObject.Value {
    var steps = SchemaObject.array(
      SchemaObject.reference("sequenceStep"), "The events in their order; the last one fires.")
    steps["minItems"] = 2
    steps["maxItems"] = SequenceDeclaration.maximumSteps
    return SchemaObject.object(
      RuleSchema.sequence,
      [
        "within": SchemaObject.reference(
          "duration", "How long it may take from the first event to the last."),
        "steps": steps,
        "until": SchemaObject.reference("sequenceEnd"),
      ],
      required: ["within", "steps"],
      "Fires when events follow each other; 'event' and 'when' stand in its steps.")
  }

  static var sequenceStep: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.sequenceStep,
      [
        "name": SchemaObject.reference("text", "What later steps call its fields: failed.client.ip."),
        "event": SchemaObject.reference("event"),
        "when": SchemaObject.reference(
          "expression", "What the event must be; it may read fields of earlier steps by their names."),
        "by": sequenceKeys,
        "count": SchemaObject.reference("count", "How many matches the step takes; one without it."),
      ],
      required: ["name", "event", "by"], "One of the events.")
  }

  static var sequenceEnd: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.sequenceEnd,
      [
        "event": SchemaObject.reference("event"),
        "when": SchemaObject.reference("expression", "What the event must be; any event without it."),
        "by": sequenceKeys,
      ],
      required: ["event", "by"], "An event after which all begins anew for its key.")
  }

  private static var sequenceKeys: SchemaObject.Value {
    SchemaObject.array(
      SchemaObject.reference("expression"),
      "The key: events belong together when theirs have the same values, part by part.")
  }
}
