public import Events
public import Rules
extension EVEWriter {
  public mutating func write(_ alert: Alert, of rule: RuleMetadata, _ event: borrowing Event) {}
}
