extension RuleSchemaDocument {
  static var novelty: SchemaObject.Value {
    SchemaObject.object(
      RuleSchema.novelty,
      [
        "of": SchemaObject.reference("expression", "The value that is to be new."),
        "by": SchemaObject.array(
          SchemaObject.reference("expression"),
          "Each combination of these values has its own memory; [] is one memory for everything."),
        "memory": SchemaObject.reference(
          "duration", "How long a value is remembered after it was last seen, such as 30d."),
        "warmup": SchemaObject.reference(
          "duration", "How long a key learns in silence from its first match on; 0s without it."),
      ],
      required: ["of", "by", "memory"], "Fires at a value that the key never had before.")
  }
}
