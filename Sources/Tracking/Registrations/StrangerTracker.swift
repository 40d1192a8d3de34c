public import Packets
public import Protocols
public import Values

/// Who makes a telephone do something outside of any dialog, without being one of its servers (RFC 3515, RFC 6665), and who
/// makes it ring.
///
/// A telephone is an address that was granted a registration and grants none. Its servers are the addresses that have
/// granted it a registration, a subscription or a call. A NOTIFY, REFER or INVITE from elsewhere, without credentials, waits
/// until its answer shows whether the telephone believed it: one that is refused does no harm.
///
/// A request is within a dialog when it has the telephone's own tag of one that was seen to begin. Another tag may be that
/// of a dialog from before the capture, until the telephone has been watched for as long as dialogs last.
public struct StrangerTracker: Sendable, ~Copyable {
  /// Longer than registrations hold and subscriptions last without being renewed.
  private static let memory: Int64 = 86_400_000_000_000
  /// Longer than calls last, but for few.
  private static let longCall: Int64 = 3_600_000_000_000
  /// Timer C (RFC 3261 §16.6): an INVITE may be answered late.
  private static let patience: Int64 = 180_000_000_000

  /// Who has sent a request that waits.
  private enum Asker: UInt8 {
    case anybody
    /// A stranger, to a telephone.
    case stranger
  }

  /// What the last message shows to be wrong.
  public private(set) var fault: SignallingFault?

  /// Roles of single addresses, and pairs of a client and who has granted it something.
  private var relations: RecentSet<AddressRelation>
  /// Requests that wait for their answers, NOTIFY and REFER of strangers only; and a client, a telephone and the method for
  /// which that asked it for credentials.
  private var requests: RecentSet<Asker>
  /// Addresses with the tags that they have in dialogs, and pairs of them with the Call-IDs of registrations.
  private var dialogs: RecentSet<UInt8>
  private let seed: UInt64

  /// A tracker that knows nobody.
  ///
  /// - Parameters:
  ///   - capacity: addresses and pairs of addresses at the most, and as many requests, and dialogs.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    relations = RecentSet(capacity: capacity, lifetime: Self.memory, empty: AddressRelation())
    requests = RecentSet(capacity: capacity, lifetime: Self.patience, empty: .anybody)
    dialogs = RecentSet(capacity: capacity, lifetime: Self.memory, empty: 0)
    self.seed = seed
  }

  /// How full the tables are together.
  public var usage: TableUsage { relations.usage + requests.usage + dialogs.usage }

  /// Takes a message.
  public mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin, at time: Timestamp
  ) {
    fault = nil
    guard !verdict.contains(.retransmission), origin.source != origin.destination else { return }
    let now = time.nanoseconds
    let isRequest = message.kind == .request
    var asker = Asker.anybody
    switch message.method {
    case .notify, .refer:
      guard isRequest else { return settle(message, keys, origin, at: now) }
      guard isStrange(message, bytes, origin, at: now), !mayBeInDialog(message, keys, origin, at: now) else {
        return
      }
      asker = .stranger
    case .register, .subscribe, .invite:
      guard isRequest else { return settle(message, keys, origin, at: now) }
      if message.method == .invite, keys.toTag == 0, isStrange(message, bytes, origin, at: now),
        !mayCall(origin, at: now)
      {
        asker = .stranger
      }
      // A NOTIFY may come before the SUBSCRIBE is answered (RFC 6665 §4.1.2.4).
      if message.method == .subscribe { noteDialog(origin.source, keys.fromTag, keys, at: now) }
    default: return
    }
    let request = key(origin.source, origin.destination, message, keys)
    requests.insert(request.high, request.low, asker, at: now)
  }

  /// What the sender of an INVITE that wants to replace or join a call is to its receiver; others are not asked about.
  public func acquaintance(
    _ message: borrowing SIPMessage, _ origin: PacketOrigin, at time: Timestamp
  ) -> Acquaintance {
    guard message.kind == .request, message.method == .invite,
      message.value(.replaces) != nil || message.value(.join) != nil
    else { return .unknown }
    let (source, receiver, now) = (origin.source, origin.destination, time.nanoseconds)
    if isKnown(source, to: receiver, at: now) { return .known }
    if isTelephone(receiver, at: now) { return .stranger }
    return relation(source, receiver, at: now).contains(.registration) ? .known : .unknown
  }

  /// What somebody who answers a client without having been asked is to it: a stranger has granted it nothing and is no
  /// registrar of others.
  func acquaintance(of answerer: IPAddress, answering client: IPAddress, at time: Int64) -> Acquaintance {
    let pair = relation(client, answerer, at: time)
    if pair.contains(.registration) { return .known }
    return pair.contains(.grant) || relation(answerer, answerer, at: time).contains(.registrar)
      ? .unknown : .stranger
  }

  /// Whether a server has granted a client something within a day.
  public func isServed(_ client: IPAddress, by server: IPAddress, at time: Timestamp) -> Bool {
    isKnown(server, to: client, at: time.nanoseconds)
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    relations.removeAll()
    requests.removeAll()
    dialogs.removeAll()
  }

  /// Whether a request goes to a telephone from where none of its servers is, without credentials.
  ///
  /// What the capture cut may be the credentials or the tag.
  private func isStrange(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ origin: PacketOrigin, at time: Int64
  ) -> Bool {
    !message.isHeaderCut && isTelephone(origin.destination, at: time)
      && !isKnown(origin.source, to: origin.destination, at: time)
      && !hasCredentials(message, bytes, origin, at: time)
  }

  /// Whether a stranger may call a telephone: telephones call each other, and whose call was answered, as that of a
  /// provider from a second address, was no ghost's.
  private func mayCall(_ origin: PacketOrigin, at time: Int64) -> Bool {
    isTelephone(origin.source, at: time)
      || relation(origin.source, origin.destination, at: time).contains(.call)
  }

  /// Whether a request has credentials that its receiver has asked for; others prove nothing.
  private func hasCredentials(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ origin: PacketOrigin, at time: Int64
  ) -> Bool {
    guard message.credentials(in: bytes) != nil else { return false }
    let asked = challengeKey(origin.source, origin.destination, message.method)
    return requests.value(asked.high, asked.low, at: time) != nil
  }

  /// Whether a request is within a dialog of the telephone, or may be within one from before the capture.
  ///
  /// Calls seldom last for an hour and subscriptions, which are renewed, for a day.
  private func mayBeInDialog(
    _ message: borrowing SIPMessage, _ keys: MessageKeys, _ origin: PacketOrigin, at time: Int64
  ) -> Bool {
    guard keys.toTag != 0 else { return false }
    let dialog = dialogKey(origin.destination, keys.toTag, keys)
    if dialogs.value(dialog.high, dialog.low, at: time) != nil { return true }
    let watched = relation(origin.destination, origin.destination, at: time).age(at: time)
    return watched < (message.method == .refer ? Self.longCall : Self.memory)
  }

  /// Whether an address was granted a registration, and is no registrar for others.
  private func isTelephone(_ address: IPAddress, at time: Int64) -> Bool {
    relation(address, address, at: time).isTelephone
  }

  /// Whether an address has granted a telephone something.
  private func isKnown(_ address: IPAddress, to phone: IPAddress, at time: Int64) -> Bool {
    relation(phone, address, at: time).contains(.grant)
  }

  private func relation(_ client: IPAddress, _ server: IPAddress, at time: Int64) -> AddressRelation {
    let pair = key(client, server)
    return relations.value(pair.high, pair.low, at: time) ?? AddressRelation()
  }

  /// Notes that an address has a tag in a dialog.
  private mutating func noteDialog(_ address: IPAddress, _ tag: UInt64, _ keys: MessageKeys, at time: Int64) {
    guard tag != 0 else { return }
    let dialog = dialogKey(address, tag, keys)
    dialogs.insert(dialog.high, dialog.low, 0, at: time)
  }

  /// Takes the answer to a request that was seen.
  private mutating func settle(
    _ message: borrowing SIPMessage, _ keys: MessageKeys, _ origin: PacketOrigin, at time: Int64
  ) {
    let request = key(origin.destination, origin.source, message, keys)
    guard let asker = requests.value(request.high, request.low, at: time) else { return }
    let isStrange = asker == .stranger
    switch message.startLine.statusCode {
    case 180...199 where isStrange && message.method == .invite:
      fault = .strangersCall
      // One that rings is told of, and no further answer.
      requests.insert(request.high, request.low, .anybody, at: time)
    case 200...299:
      if isStrange { fault = Self.fault(message.method) }
      if !isStrange || message.method == .invite { learn(message, keys, origin, at: time) }
    case 401 where isStrange, 407 where isStrange:
      let asked = challengeKey(origin.destination, origin.source, message.method)
      requests.insert(asked.high, asked.low, .anybody, at: time)
    case 405 where message.method == .register, 501 where message.method == .register:
      add(.refusesRegistrations, to: origin.source, origin.source, at: time)
    default: return
    }
  }

  private static func fault(_ method: SIPMethod) -> SignallingFault {
    switch method {
    case .refer: .strangersRefer
    case .invite: .strangersCall
    default: .strangersNotify
    }
  }

  /// Learns from a success who serves whom, and in which dialog.
  private mutating func learn(
    _ message: borrowing SIPMessage, _ keys: MessageKeys, _ origin: PacketOrigin, at time: Int64
  ) {
    let (client, server) = (origin.destination, origin.source)
    guard message.method == .register else {
      add(message.method == .invite ? [.grant, .call] : .grant, to: client, server, at: time)
      noteDialog(client, keys.fromTag, keys, at: time)
      return noteDialog(server, keys.toTag, keys, at: time)
    }
    // A registrar says what it has bound, and for how long (RFC 3261 §10.3).
    let isBinding =
      message.contactCount > 0 || message.expires != nil || message.hasContactWildcard || message.isHeaderCut
    if isBinding { learnRegistrar(client, server, keys, at: time) }
    add(isBinding ? [.grant, .registration] : .grant, to: client, server, at: time)
    // The request of a telephone comes through no proxy.
    if message.viaCount <= 1 { add(.telephone, to: client, client, at: time) }
  }

  /// Who grants two registrations is a registrar, though it registers itself elsewhere; a refreshed one is the same.
  ///
  /// Telephones behind a NAT have one address, and different Call-IDs.
  private mutating func learnRegistrar(
    _ client: IPAddress, _ server: IPAddress, _ keys: MessageKeys, at time: Int64
  ) {
    let pair = key(client, server)
    let former = dialogs.exchange(pair.high ^ keys.callID.high, pair.low ^ keys.callID.low, 0, at: time)
    let isSecond = former == nil && relation(server, server, at: time).contains(.registrar)
    add(isSecond ? [.registrar, .registrarOfMany] : .registrar, to: server, server, at: time)
  }

  /// Adds to what is known of an address, or a pair of them.
  private mutating func add(
    _ flags: AddressRelation.Flags, to client: IPAddress, _ server: IPAddress, at time: Int64
  ) {
    let pair = key(client, server)
    var relation = relations.value(pair.high, pair.low, at: time) ?? AddressRelation()
    relation.insert(flags, at: time)
    relations.insert(pair.high, pair.low, relation, at: time)
  }

  private func dialogKey(_ address: IPAddress, _ tag: UInt64, _ keys: MessageKeys) -> WideKey {
    let pair = key(address, address)
    return WideKey(high: pair.high ^ keys.callID.high ^ tag, low: pair.low ^ keys.callID.low &+ tag)
  }

  private func challengeKey(_ client: IPAddress, _ server: IPAddress, _ method: SIPMethod) -> WideKey {
    let pair = key(client, server)
    return WideKey(high: pair.high, low: pair.low ^ UInt64(method.rawValue))
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
