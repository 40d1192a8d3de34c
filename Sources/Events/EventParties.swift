public import Values

/// Who is behind an event, found once for all who count by it.
public struct EventParties: Sendable {
  /// The key of the sender's address; nil when the event has none.
  public private(set) var source: WideKey?
  /// The key of the address of whoever asked: the sender of the request.
  public private(set) var client: WideKey?
  /// The key of the account; nil when the event has none.
  public private(set) var account: WideKey?
  /// The account, `user@host` with the host in lower case.
  public private(set) var accountName: [UInt8] = []
  private let seed: UInt64

  /// Nobody yet.
  ///
  /// - Parameter seed: of the keys of accounts.
  public init(seed: UInt64) {
    self.seed = seed
    accountName.reserveCapacity(Event.accountLimit)
  }

  /// Those behind an event.
  public init(of event: borrowing Event, seed: UInt64) {
    self.init(seed: seed)
    find(in: event)
  }

  /// Takes those behind an event in the place of those of the event before.
  public mutating func find(in event: borrowing Event) {
    source = Self.key(of: .srcIP, event)
    client = Self.key(of: .clientIP, event) ?? source
    account = event.copyAccount(to: &accountName) ? WideKey(accountName.span, seed: seed) : nil
  }

  private static func key(of field: Field, _ event: borrowing Event) -> WideKey? {
    guard case .ip(let address) = event[field] else { return nil }
    return WideKey(address)
  }
}
