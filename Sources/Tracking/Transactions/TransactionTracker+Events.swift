public import Events
internal import Protocols
internal import Values

/// Tells the ends of transactions as events.
extension TransactionTracker {
  /// Gives an event the `transaction` fields of a change and its ends; the rest is for the caller.
  public func describe(_ change: TransactionChange, into event: inout Event) {
    let record = records[change.number]
    change.origin.setEnds(into: &event)
    if record.method == .other {
      texts.set(.transactionMethod, record.methodText, of: change.number, into: &event)
    } else {
      event.set(.transactionMethod, copying: record.method.name)
    }
    texts.set(.transactionCallID, record.callID, of: change.number, into: &event)
    event.set(.transactionTimedOut, bool: change.code == nil)
    event.set(.transactionRetransmissions, integer: Int64(record.progress.repetitions))
    if let code = record.progress.provisional { event.set(.transactionProvisional, integer: Int64(code)) }
    guard let code = change.code else { return }
    event.set(.transactionCode, integer: Int64(code))
    event.set(.transactionDuration, .duration(max(0, change.time.nanoseconds(since: record.start))))
  }
}
