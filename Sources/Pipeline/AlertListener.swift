public import Events
public import Rules

/// Is told of every alert as it fires, with its rule and the event that fired it.
public typealias AlertListener = (Alert, RuleMetadata, borrowing Event) -> Void
