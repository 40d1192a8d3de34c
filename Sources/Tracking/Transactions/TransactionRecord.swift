internal import Packets
internal import Protocols
public import Values

/// A request that waits for its final response.
struct TransactionRecord: Sendable {
  var key = WideKey.none
  var progress: TransactionProgress
  var method: SIPMethod
  /// The request.
  var origin: PacketOrigin
  /// The hash of its branch; 0 without one.
  var branch: UInt32 = 0
  var start: Timestamp
  /// When waiting ends.
  var deadline: Timestamp

  // The record's text.
  var callID = ByteRange()
  /// Only of methods that have no name of their own.
  var methodText = ByteRange()

  init(_ method: SIPMethod, key: WideKey, origin: PacketOrigin, at time: Timestamp) {
    self.key = key
    self.method = method
    self.origin = origin
    progress = TransactionProgress(isInvite: method == .invite)
    start = time
    deadline = time.advanced(byNanoseconds: TransactionProgress.patience)
  }
}

/// The end of a transaction, to be told as an event.
public struct TransactionChange: Sendable {
  /// When.
  public let time: Timestamp
  /// The request.
  public let origin: PacketOrigin
  /// The final response; nil when none came in time.
  let code: UInt16?
  let number: Int
}
