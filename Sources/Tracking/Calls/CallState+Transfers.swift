/// A REFER within a call and what became of it (RFC 3515); the last one counts.
struct CallTransfer: Sendable, Equatable {
  /// How far it is.
  enum Progress: UInt8, Sendable {
    /// Nobody has asked for a transfer, or nobody can say how it went.
    case none
    /// The REFER waits for its response.
    case asked
    /// It was accepted, and somebody may yet say how it goes on.
    case accepted
    /// It is known how it went.
    case settled
  }

  /// CSeq of the REFER.
  var cseq: UInt32 = 0
  /// The final status of the last transfer of which it is known; 0 for none.
  var code: UInt16 = 0
  var progress = Progress.none
  var isByCaller = false

  /// Whether the response to a REFER of this side and number is awaited; a NOTIFY may come before it.
  func awaitsAnswer(to cseq: UInt32, byCaller: Bool) -> Bool {
    (progress == .asked || progress == .accepted) && self.cseq == cseq && isByCaller == byCaller
  }
}

/// Transfers: a REFER asks for one, its response accepts it, and a NOTIFY says how it went (RFC 3515 §2.4.5).
extension CallState {
  /// A REFER; nil is one that asks for no call.
  mutating func refer(cseq: UInt32?, byCaller: Bool) {
    transfer.progress = cseq == nil ? .settled : .asked
    transfer.cseq = cseq ?? 0
    transfer.isByCaller = byCaller
  }

  /// The final response to the REFER; after a challenge another one follows.
  mutating func referAnswered(_ code: UInt16) {
    switch code {
    case 200..<300: acceptTransfer()
    case 401, 407: transfer.progress = .none
    default: settleTransfer(code)
    }
  }

  /// A NOTIFY of whoever was asked, which says how the REFER goes that it names by its number.
  ///
  /// - Parameter code: nil when the capture cut it, so that nobody knows how it went.
  mutating func referNotified(_ code: UInt16?, id: UInt32?, byCaller: Bool) -> CallChanges {
    guard phase == .talking, transfer.progress != .settled, isAbout(id, byCaller: byCaller) else { return [] }
    guard let code else {
      transfer.progress = .none
      return []
    }
    switch code {
    case ..<200:
      if transfer.progress == .asked { acceptTransfer() }
      return []
    case 200..<300:
      settleTransfer(code)
      transfers &+= 1
      return .transferred
    default:
      settleTransfer(code)
      return []
    }
  }

  /// The call ends: who gave it away may leave before anybody says how it goes on.
  mutating func finishTransfer() -> CallChanges {
    guard phase == .talking, transfer.progress == .accepted else { return [] }
    transfer.progress = .settled
    transfers &+= 1
    return .transferred
  }

  /// Whether a NOTIFY is about the last REFER; of one that was not captured nothing is known to compare with.
  private func isAbout(_ id: UInt32?, byCaller: Bool) -> Bool {
    transfer.progress == .none || transfer.isByCaller != byCaller && id ?? transfer.cseq == transfer.cseq
  }

  private mutating func acceptTransfer() {
    transfer.progress = phase == .talking ? .accepted : .none
    transfer.code = 0
  }

  private mutating func settleTransfer(_ code: UInt16) {
    transfer.progress = .settled
    transfer.code = code
  }
}
