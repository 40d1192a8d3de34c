internal import Events
internal import Numbering
internal import Values

/// The numbers of a call's parties, as the dial plan and the ITU's codes tell them.
extension CallTable {
  func setNumbers(_ record: borrowing CallRecord, into event: inout Event) {
    let caller = facts(record.callerUser, of: record)
    set(.callCallerNumber, caller.number, &event)
    set(.callCallerCountry, caller.country, &event)
    let callee = facts(record.calleeUser, of: record)
    set(.callCalleeNumber, callee.number, &event)
    set(.callCalleeCountry, callee.country, &event)
    // Of a user part that is no telephone number nothing is said, not even that its kind is unknown.
    if callee != NumberFacts() { event.set(.callCalleeType, constant: callee.kind.name) }
    if !record.dialledUser.isEmpty { setDialled(record, into: &event) }
  }

  private func setDialled(_ record: borrowing CallRecord, into event: inout Event) {
    set(.callDialled, record.dialledUser, of: record, &event)
    let dialled = facts(record.dialledUser, of: record)
    set(.callDialledNumber, dialled.number, &event)
    set(.callDialledCountry, dialled.country, &event)
    if dialled != NumberFacts() { event.set(.callDialledType, constant: dialled.kind.name) }
  }

  private func facts(_ user: ByteRange, of record: borrowing CallRecord) -> NumberFacts {
    guard !user.isEmpty else { return NumberFacts() }
    return numberPlan.facts(of: record.text.span.extracting(user.range))
  }

  /// `+` and the digits.
  private func set(_ field: Field, _ number: TelephoneNumber?, _ event: inout Event) {
    guard let number else { return }
    var text = InlineArray<33, UInt8>(repeating: UInt8(ascii: "+"))
    var count = 1
    number.forEachDigit { digit in
      text[count] = digit
      count += 1
    }
    event.set(field, copying: text.span.extracting(0..<count))
  }

  private func set(_ field: Field, _ country: CountryCode?, _ event: inout Event) {
    guard let country else { return }
    let letters: InlineArray<2, UInt8> = [country.first, country.second]
    event.set(field, copying: letters.span)
  }
}
