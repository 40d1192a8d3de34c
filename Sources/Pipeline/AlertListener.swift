public import Events
public import Rules

/// Is told of every alert as it fires: the alert, its rule, the values of the rule's `by`, and the event.
public typealias AlertListener = (Alert, RuleMetadata, [String], borrowing Event) -> Void

/// Is told of events of some kinds, with the profiles of their source and account, as they go by.
///
/// An alert is an event of the kind `alert`, with the fields of the event that fired it and its own; its profile is
/// that of whoever asked (`client.ip`), after the alert.
public struct EventListener {
  /// The kinds that it is told of.
  public let kinds: EventKindSet
  /// Takes one event.
  public let receive: (borrowing Event) -> Void

  /// A listener.
  public init(_ kinds: EventKindSet, _ receive: @escaping (borrowing Event) -> Void) {
    self.kinds = kinds
    self.receive = receive
  }
}
