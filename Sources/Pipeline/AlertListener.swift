public import Events
public import Rules

/// Is told of every alert as it fires: the alert, its rule, the values of the rule's `by`, and the event.
public typealias AlertListener = (Alert, RuleMetadata, [String], borrowing Event) -> Void
