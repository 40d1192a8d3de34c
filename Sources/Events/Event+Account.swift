internal import Values

/// Whose account an event is about.
extension Event {
  /// Bytes of a user part or a host that tell accounts apart.
  private static var nameLimit: Int { 128 }
  /// Bytes of an account at the most.
  public static var accountLimit: Int { 2 * nameLimit + 1 }

  /// Replaces bytes by the account of an event, `user@host` with the host in lower case; false when it has none.
  ///
  /// It is that of From for SIP messages, the calling one for calls and their streams, and the address of record
  /// for registrations. What is done in the name of an account is its own, whoever does it.
  public func copyAccount(to account: inout [UInt8]) -> Bool {
    account.removeAll(keepingCapacity: true)
    switch kind.type {
    case .sip:
      guard case .text(let user) = self[.sipFromUser] else { return false }
      copy(user, to: &account)
      guard case .text(let host) = self[.sipFromHost] else { break }
      account.append(UInt8(ascii: "@"))
      copy(host: host, to: &account)
    case .call, .rtp: copyAccount(of: .callAccount, to: &account)
    case .registration: copyAccount(of: .registrationAOR, to: &account)
    default: return false
    }
    return !account.isEmpty
  }

  /// `user@host` of a text field; without `@` there is no account.
  private func copyAccount(of field: Field, to account: inout [UInt8]) {
    guard case .text(let range) = self[field],
      let at = text[range.range].lastIndex(of: UInt8(ascii: "@"))
    else { return }
    copy(ByteRange(range.start, at), to: &account)
    account.append(UInt8(ascii: "@"))
    copy(host: ByteRange(at + 1, range.end), to: &account)
  }

  private func copy(_ range: ByteRange, to account: inout [UInt8]) {
    account.append(contentsOf: text[range.range.prefix(Self.nameLimit)])
  }

  private func copy(host range: ByteRange, to account: inout [UInt8]) {
    let start = account.count
    copy(range, to: &account)
    for index in start..<account.count where account[index] &- 0x41 < 26 { account[index] |= 0x20 }
  }
}
