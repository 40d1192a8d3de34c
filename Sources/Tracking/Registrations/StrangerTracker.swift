public import Packets
public import Protocols
public import Values

/// Who makes a telephone do something outside of any dialog, without being one of its servers (RFC 3515, RFC 6665).
///
/// A telephone is an address that was granted a registration and grants none. Its servers are the addresses that have
/// granted it a registration, a subscription or a call. A NOTIFY or REFER from elsewhere, without credentials, waits until its answer shows whether the
/// telephone believed it: one that is refused does no harm.
public struct StrangerTracker: Sendable, ~Copyable {
  /// What an address has been seen to do.
  private enum Role: UInt8 {
    /// It was granted a registration; or, of a pair, the other one granted it something.
    case client
    /// It grants registrations.
    case registrar
  }

  /// Longer than registrations hold and subscriptions last without being renewed.
  private static let memory: Int64 = 86_400_000_000_000
  /// Timer C (RFC 3261 §16.6): an INVITE may be answered late.
  private static let patience: Int64 = 180_000_000_000

  /// What the last message shows to be wrong.
  public private(set) var fault: SignallingFault?

  /// Roles of single addresses, and pairs of a client and who has granted it something.
  private var relations: RecentSet<Role>
  /// Requests that wait for their answers, NOTIFY and REFER of strangers only; and pairs of a client and the telephone that
  /// asked it for credentials.
  private var requests: RecentSet<UInt8>
  private let seed: UInt64

  /// A tracker that knows nobody.
  ///
  /// - Parameters:
  ///   - capacity: addresses and pairs of addresses at the most, and as many requests.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    relations = RecentSet(capacity: capacity, lifetime: Self.memory, empty: .client)
    requests = RecentSet(capacity: capacity, lifetime: Self.patience, empty: 0)
    self.seed = seed
  }

  /// How full the tables are together.
  public var usage: TableUsage { relations.usage + requests.usage }

  /// Takes a message.
  public mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin, at time: Timestamp
  ) {
    fault = nil
    guard !verdict.contains(.retransmission), origin.source != origin.destination else { return }
    let isRequest = message.kind == .request
    switch message.method {
    case .notify, .refer:
      guard isRequest else { return settle(message, keys, origin, at: time.nanoseconds) }
      // What the capture cut may be the credentials or the tag.
      guard keys.toTag == 0, !message.isHeaderCut,
        !hasCredentials(message, bytes, origin, at: time.nanoseconds),
        isStranger(origin.source, to: origin.destination, at: time.nanoseconds)
      else { return }
    case .register, .subscribe, .invite:
      guard isRequest else { return settle(message, keys, origin, at: time.nanoseconds) }
    default: return
    }
    let request = key(origin.source, origin.destination, message, keys)
    requests.insert(request.high, request.low, 0, at: time.nanoseconds)
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    relations.removeAll()
    requests.removeAll()
  }

  /// Whether a request has credentials that its receiver has asked for; others prove nothing.
  private func hasCredentials(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ origin: PacketOrigin, at time: Int64
  ) -> Bool {
    guard message.credentials(in: bytes) != nil else { return false }
    let pair = key(origin.source, origin.destination)
    return requests.value(pair.high, pair.low, at: time) != nil
  }

  /// Whether an address is none of a telephone's servers.
  private func isStranger(_ address: IPAddress, to phone: IPAddress, at time: Int64) -> Bool {
    let (role, pair) = (key(phone, phone), key(phone, address))
    return relations.value(role.high, role.low, at: time) == .client
      && relations.value(pair.high, pair.low, at: time) == nil
  }

  /// Takes the answer to a request that was seen.
  private mutating func settle(
    _ message: borrowing SIPMessage, _ keys: MessageKeys, _ origin: PacketOrigin, at time: Int64
  ) {
    let request = key(origin.destination, origin.source, message, keys)
    guard requests.value(request.high, request.low, at: time) != nil else { return }
    let isStrange = message.method == .refer || message.method == .notify
    switch message.startLine.statusCode {
    case 200...299 where isStrange: fault = message.method == .refer ? .strangersRefer : .strangersNotify
    case 200...299: learn(message, origin, at: time)
    case 401 where isStrange, 407 where isStrange:
      let pair = key(origin.destination, origin.source)
      requests.insert(pair.high, pair.low, 0, at: time)
    default: return
    }
  }

  /// Learns from a success who serves whom.
  private mutating func learn(_ message: borrowing SIPMessage, _ origin: PacketOrigin, at time: Int64) {
    let pair = key(origin.destination, origin.source)
    relations.insert(pair.high, pair.low, .client, at: time)
    guard message.method == .register else { return }
    let registrar = key(origin.source, origin.source)
    relations.insert(registrar.high, registrar.low, .registrar, at: time)
    // The request of a telephone comes through no proxy; and who registers may be a registrar for others.
    guard message.viaCount <= 1 else { return }
    let phone = key(origin.destination, origin.destination)
    if relations.value(phone.high, phone.low, at: time) != .registrar {
      relations.insert(phone.high, phone.low, .client, at: time)
    }
  }

  private func key(_ client: IPAddress, _ server: IPAddress) -> WideKey {
    WideKey(client, server, seed: seed)
  }

  private func key(
    _ client: IPAddress, _ server: IPAddress, _ message: borrowing SIPMessage, _ keys: MessageKeys
  ) -> WideKey {
    let pair = key(client, server)
    let number = UInt64(message.method.rawValue) << 32 | UInt64(message.cseq.number ?? 0)
    return WideKey(high: pair.high ^ keys.callID.high, low: pair.low ^ keys.callID.low ^ number)
  }
}
