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
      guard case .text(let host) = self[.sipFromHost] else {
        copy(user, to: &account)
        break
      }
      copy(user, host, to: &account)
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
    copy(ByteRange(range.start, at), ByteRange(at + 1, range.end), to: &account)
  }

  private func copy(_ user: ByteRange, _ host: ByteRange, to account: inout [UInt8]) {
    let limit = Self.nameLimit
    if user.end + 1 == host.start, text[user.end] == UInt8(ascii: "@"), user.count <= limit,
      host.count <= limit
    {
      // As nearly always, they stand together in a URI.
      account.append(contentsOf: text[user.start..<host.end])
    } else {
      copy(user, to: &account)
      account.append(UInt8(ascii: "@"))
      copy(host, to: &account)
    }
    var bytes = account.mutableSpan
    for index in bytes.count - min(host.count, limit)..<bytes.count where bytes[index] &- 0x41 < 26 {
      bytes[index] |= 0x20
    }
  }

  private func copy(_ range: ByteRange, to account: inout [UInt8]) {
    account.append(contentsOf: text[range.range.prefix(Self.nameLimit)])
  }
}
