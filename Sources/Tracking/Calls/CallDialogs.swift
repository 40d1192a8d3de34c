/// The dialogs that the INVITE of a call opened, by the hashes of the callee's tags (RFC 3261 §12).
///
/// Each new To tag of a response is an early dialog, and a 2xx confirms its own. A BYE ends the dialog whose tag it
/// has, and no other one.
struct CallDialogs: Sendable {
  /// Dialogs that are told apart; of further ones only those that a 2xx confirms are kept.
  static let limit = 8

  private var tags = InlineArray<8, UInt64>(repeating: 0)
  /// Dialogs that are known.
  private(set) var count: UInt8 = 0
  /// One bit for each dialog that a 2xx confirmed, and for each that a BYE ended.
  private var confirmed: UInt8 = 0
  private var ended: UInt8 = 0
  /// One bit for each confirmed dialog whose 2xx an ACK followed, and for each whose 2xx was sent again.
  private var acknowledged: UInt8 = 0
  private var repeated: UInt8 = 0

  /// Those whose 2xx is sent again in vain, while the caller has acknowledged another one: it does not want them.
  private var unwanted: UInt8 { acknowledged == 0 ? 0 : repeated & ~acknowledged }
  /// Confirmed dialogs that no BYE has ended.
  private var alive: UInt8 { confirmed & ~ended & ~unwanted }

  /// Whether a dialog is confirmed that no BYE has ended.
  var isAnyConfirmed: Bool { alive != 0 }

  /// Whether any dialog was seen.
  var isAnyKnown: Bool { count > 0 }

  /// Notes the tag of a response to the INVITE, 0 for none.
  mutating func note(_ tag: UInt64, isSuccess: Bool) {
    guard tag != 0, let place = place(of: tag) ?? newPlace(for: tag, isSuccess: isSuccess) else { return }
    let bit = 1 << place as UInt8
    guard isSuccess, confirmed & bit == 0 else { return }
    confirmed |= bit
    ended &= ~bit
    acknowledged &= ~bit
    repeated &= ~bit
  }

  /// Notes that a response to the INVITE came again.
  mutating func repeatAnswer(_ tag: UInt64) {
    guard let place = place(of: tag) else { return }
    repeated |= confirmed & (1 << place as UInt8)
  }

  /// Notes that the caller has acknowledged a 2xx.
  mutating func acknowledge(_ tag: UInt64) {
    guard let place = place(of: tag) else { return }
    acknowledged |= confirmed & (1 << place as UInt8)
  }

  /// Whether a tag may be that of a dialog: one that was seen, or any while none was.
  func contains(_ tag: UInt64) -> Bool { count == 0 || place(of: tag) != nil }

  /// Ends a dialog.
  ///
  /// - Parameter isAnswered: whether the call was answered, so that confirmed dialogs are what it lives in.
  /// - Returns: whether the call has lost the last one; so it has for each tag when none of its dialogs is known.
  mutating func end(_ tag: UInt64, isAnswered: Bool) -> Bool {
    guard isAnswered ? confirmed != 0 : count != 0 else { return true }
    guard let place = place(of: tag) else { return false }
    let bit = 1 << place as UInt8
    let isTaken = confirmed & bit != 0 && unwanted & bit == 0
    ended |= bit
    guard !isAnswered else { return isTaken && alive == 0 }
    return ~(.max << UInt8(count)) & ~ended == 0
  }

  /// Whether a BYE has ended a dialog.
  func isEnded(_ tag: UInt64) -> Bool {
    place(of: tag).map { ended & (1 << $0 as UInt8) != 0 } ?? false
  }

  /// Takes back the end of a dialog.
  mutating func restore(_ tag: UInt64) {
    if let place = place(of: tag) { ended &= ~(1 << place as UInt8) }
  }

  /// Forgets all dialogs: another INVITE opens new ones.
  mutating func removeAll() {
    (count, confirmed, ended, acknowledged, repeated) = (0, 0, 0, 0, 0)
  }

  private func place(of tag: UInt64) -> Int? {
    for place in 0..<Int(count) where tags[place] == tag { return place }
    return nil
  }

  /// A place for another dialog; what is confirmed displaces what is not.
  private mutating func newPlace(for tag: UInt64, isSuccess: Bool) -> Int? {
    if count < UInt8(Self.limit) {
      tags[Int(count)] = tag
      count += 1
      return Int(count) - 1
    }
    guard isSuccess, confirmed != .max else { return nil }
    let place = (~confirmed).trailingZeroBitCount
    tags[place] = tag
    return place
  }
}
