internal import Events
internal import Numbering
internal import Values

/// The numbers of a call's parties, as the dial plan and the ITU's codes tell them.
extension CallTable {
  /// Fewer digits are those of an extension or of a service, which many call.
  private static let fewestDigits = 7

  func setNumbers(_ record: borrowing CallRecord, into event: inout Event) {
    let caller = facts(record.callerUser, of: record)
    set(.callCallerNumber, caller.number, &event)
    set(.callCallerCountry, caller.country, &event)
    let callee = facts(record.calleeUser, of: record)
    set(callee, .callCalleeNumber, .callCalleeCountry, .callCalleeType, &event)
    if let isInternational = callee.isInternational(from: numberPlan.country ?? caller.country) {
      event.set(.callInternational, .bool(isInternational))
    }
    guard !record.dialledUser.isEmpty else { return }
    set(.callDialled, record.dialledUser, of: record, &event)
    set(
      facts(record.dialledUser, of: record), .callDialledNumber, .callDialledCountry, .callDialledType, &event
    )
  }

  /// Whether whom a leg calls was called in an earlier one, however the number is written.
  func callsNumber(of earlier: borrowing CallRecord, _ record: borrowing CallRecord) -> Bool {
    isCalled(record.calleeUser, of: record, in: earlier)
      && (record.dialledUser.isEmpty || isCalled(record.dialledUser, of: record, in: earlier))
  }

  /// The hash of the number that a leg calls, as far as the dial plan knows it; 0 of what is no such number.
  func calleeKey(_ record: borrowing CallRecord) -> UInt64 {
    guard let number = facts(record.calleeUser, of: record).number, number.count >= Self.fewestDigits else {
      return 0
    }
    var hash = SeededHash(seed: seed)
    hash.combine(number.prefixKey)
    return max(1, hash.value)
  }

  private func isCalled(
    _ user: ByteRange, of record: borrowing CallRecord, in earlier: borrowing CallRecord
  ) -> Bool {
    let text = record.text[user.range]
    if text == earlier.text[earlier.calleeUser.range] || text == earlier.text[earlier.dialledUser.range] {
      return !text.isEmpty
    }
    guard let number = facts(user, of: record).number else { return false }
    return number == facts(earlier.calleeUser, of: earlier).number
      || number == facts(earlier.dialledUser, of: earlier).number
  }

  private func set(
    _ facts: NumberFacts, _ number: Field, _ country: Field, _ kind: Field, _ event: inout Event
  ) {
    set(number, facts.number, &event)
    set(country, facts.country, &event)
    // Of a user part that is no telephone number nothing is said, not even that its kind is unknown.
    if facts != NumberFacts() { event.set(kind, constant: facts.kind.name) }
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
