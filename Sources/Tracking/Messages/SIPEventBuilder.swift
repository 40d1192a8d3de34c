public import Events
public import Packets
public import Protocols
public import Values

/// Fills an event with what a SIP message says.
///
/// The message's bytes are copied into the event once, so that nearly every text field is a range and
/// costs nothing more.
public struct SIPEventBuilder: Sendable, ~Copyable {
  private var repeats: SIPRepeats
  /// The nonces that users used, with their counts, for a day.
  var nonces: RecentSet<CredentialUse>
  var passport = PASSporT()
  /// The session description of the last message; its media are empty when it had none.
  public private(set) var description = SessionDescription()
  /// Whether the last message had a session description.
  public private(set) var hasDescription = false
  /// Whether the last message was seen before.
  public private(set) var verdict: RepeatVerdict = []
  /// Whether the credentials of the last message were used before, in another request.
  public internal(set) var hasReplayedCredentials = false
  private var headers: [(slot: Int, key: SIPHeaderKey)] = []

  /// A builder.
  ///
  /// - Parameters:
  ///   - headerNames: the headers that rules ask for by name.
  ///   - capacity: messages that are remembered to recognise repeats.
  ///   - seed: of the hashes.
  public init(headerNames: HeaderNames, capacity: Int = 1 << 16, seed: UInt64) {
    repeats = SIPRepeats(capacity: capacity, seed: seed)
    nonces = RecentSet(capacity: capacity / 4, lifetime: 86_400_000_000_000, empty: CredentialUse())
    setHeaders(headerNames)
  }

  /// Looks for other headers from the next message on.
  public mutating func setHeaders(_ names: HeaderNames) {
    headers = names.names.enumerated().map { ($0.offset, SIPHeaderKey($0.element)) }
  }

  /// Messages whose repeats could not be told because the memory was full.
  public var evictions: UInt64 { repeats.evictions &+ nonces.evictions }
  /// Bytes that the memory of repeats takes.
  public var byteCount: Int { repeats.byteCount + nonces.byteCount }

  /// How full the memory of repeats is.
  public var repeatUsage: TableUsage { repeats.usage }
  /// How full the memory of the ways of requests is.
  public var wayUsage: TableUsage { repeats.wayUsage }
  /// How full the memory of nonces is.
  public var nonceUsage: TableUsage { nonces.usage }

  /// Forgets which messages and nonces were seen: packet time begins anew.
  public mutating func restart() {
    repeats.removeAll()
    nonces.removeAll()
  }

  /// Starts a new event for a message and fills in all `sip` fields and the roles of the two ends.
  public mutating func build(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ packet: borrowing Packet, sequence: UInt64,
    into event: inout Event
  ) {
    repeats.prepare(message, bytes, packet)
    let isRequest = message.kind == .request
    event.reset(isRequest ? .sipRequest : .sipResponse, at: packet.timestamp, sequence: sequence)
    event.attach(message: bytes)
    event.set(.payload, text: ByteRange(0, bytes.count))
    Self.setRoles(packet, isRequest: isRequest, into: &event)
    setStartLine(message, into: &event)
    setIdentity(message, bytes, into: &event)
    setParties(message, into: &event)
    verdict = repeats.judge(message, at: packet.timestamp)
    setVerdict(verdict, into: &event)
    setRareHeaders(message, bytes, packet, isFirstSight: verdict.isEmpty, into: &event)
    setHeaders(message, bytes, into: &event)
    describe(message, bytes)
    if hasDescription { setDescription(bytes, into: &event) }
  }

  /// Goes on with a message whose event was built before.
  public mutating func resume(_ message: borrowing SIPMessage, _ bytes: Bytes, _ verdict: RepeatVerdict) {
    self.verdict = verdict
    hasReplayedCredentials = false
    describe(message, bytes)
  }

  private mutating func describe(_ message: borrowing SIPMessage, _ bytes: Bytes) {
    hasDescription = false
    guard let range = message.sessionDescriptionRange(in: bytes) else { return }
    description.parse(bytes, range, isCut: message.isCut(range))
    hasDescription = true
  }

  /// Says who asks whom: the client sent the request and receives the response.
  public static func setRoles(
    _ packet: borrowing Packet, isRequest: Bool, into event: inout Event
  ) {
    event.set(.clientIP, ip: isRequest ? packet.source : packet.destination)
    event.set(.serverIP, ip: isRequest ? packet.destination : packet.source)
    let (source, destination) = (packet.sourcePort, packet.destinationPort)
    guard source != 0 || destination != 0 else { return }
    let (client, server) = isRequest ? (source, destination) : (destination, source)
    event.set(.clientPort, integer: Int64(client))
    event.set(.serverPort, integer: Int64(server))
  }

  private func setStartLine(_ message: borrowing SIPMessage, into event: inout Event) {
    let line = message.startLine
    event.set(.sipMethod, text: message.methodRange)
    event.set(.sipVersion, text: line.version)
    if line.kind == .request {
      event.set(.sipURI, text: shown(line.uri, in: &event))
      event.set(.sipURIUser, text: plain(user: line.uri.user, in: &event))
      event.set(.sipURIHost, text: line.uri.host)
      event.set(.sipRequestLine, text: shown(line.range, around: line.uri, in: &event))
    } else {
      if line.statusCode > 0 { event.set(.sipCode, integer: Int64(line.statusCode)) }
      event.set(.sipReason, text: line.reason)
      event.set(.sipResponseLine, text: line.range)
    }
  }

  private func setIdentity(
    _ message: borrowing SIPMessage, _ bytes: Bytes, into event: inout Event
  ) {
    event.set(.sipCallID, text: message.callID)
    set(.sipCseq, message.cseq.number, in: &event)
    event.set(.sipBranch, text: message.via.branch)
    set(.sipMaxForwards, message.maxForwards, in: &event)
    set(.sipExpires, message.expires, in: &event)
    event.set(.sipContentType, text: message.mediaType)
    set(.sipContentLength, message.contentLength, in: &event)
    let isFolded = message.hasFoldedHeader
    event.set(
      .sipUserAgent, text: plain(message.userAgent, isQuoted: false, isFolded: isFolded, in: &event))
    event.set(.sipSize, integer: Int64(message.size))
    event.set(.sipHeaderCount, integer: Int64(message.headerCount))
    // What the capture cut may have the tags.
    let isKnown =
      !message.isHeaderCut || message.presentHeaders.contains(.from) && message.presentHeaders.contains(.to)
    if isKnown { event.set(.sipInDialog, bool: isInDialog(message)) }
    event.set(.sipRouteCount, integer: Int64(message.routeCount))
    guard message.viaCount > 0 else { return }
    event.set(.sipViaHost, text: message.via.host)
    set(.sipViaPort, message.via.port, in: &event)
    event.set(.sipViaCount, integer: Int64(message.viaCount))
    event.set(.sipViaReceived, text: message.via.received)
  }

  /// Whether a message belongs to a dialog as far as it tells by itself: a request by its two tags.
  ///
  /// Every response has a tag in To; only a provisional or successful one to a request that makes a dialog,
  /// or lives in one, says more.
  private func isInDialog(_ message: borrowing SIPMessage) -> Bool {
    guard !message.from.tag.isEmpty, !message.to.tag.isEmpty else { return false }
    guard message.kind == .response else { return true }
    guard (101...299).contains(message.startLine.statusCode) else { return false }
    switch message.method {
    case .register, .options, .message, .publish, .other: return false
    default: return true
    }
  }

  private func setParties(_ message: borrowing SIPMessage, into event: inout Event) {
    let isFolded = message.hasFoldedHeader
    set(
      message.from, [.sipFromURI, .sipFromUser, .sipFromHost, .sipFromDisplayName, .sipFromTag],
      isFolded: isFolded, in: &event)
    set(
      message.to, [.sipToURI, .sipToUser, .sipToHost, .sipToDisplayName, .sipToTag], isFolded: isFolded,
      in: &event)
    set(
      message.contact,
      [.sipContactURI, .sipContactUser, .sipContactHost, .sipContactDisplayName, .sipContactTag],
      isFolded: isFolded, in: &event)
    if message.hasContactWildcard { event.set(.sipContactURI, constant: "*") }
    set(.sipContactExpires, message.contactExpires, in: &event)
  }

  private func set(
    _ address: SIPAddress, _ fields: InlineArray<5, Field>, isFolded: Bool, in event: inout Event
  ) {
    event.set(fields[0], text: shown(address.uri, in: &event))
    event.set(fields[1], text: plain(user: address.uri.user, in: &event))
    event.set(fields[2], text: address.uri.host)
    event.set(
      fields[3],
      text: plain(address.displayName, isQuoted: address.isQuoted, isFolded: isFolded, in: &event))
    event.set(fields[4], text: address.tag)
  }

  private func setVerdict(_ verdict: RepeatVerdict, into event: inout Event) {
    event.set(.sipRetransmission, bool: verdict.contains(.retransmission))
    event.set(.sipForwarded, bool: verdict.contains(.forwarded))
    event.set(.sipRelayed, bool: verdict.contains(.relayed))
    event.set(.sipDuplicate, bool: verdict.contains(.duplicate))
  }

  /// The headers that rules ask for; several of one name are joined with commas (RFC 3261 §7.3.1).
  private func setHeaders(
    _ message: borrowing SIPMessage, _ bytes: Bytes, into event: inout Event
  ) {
    for wanted in headers where message.presentHeaders.contains(wanted.key.known) {
      var value = ByteRange()
      var isFound = false
      for header in message.headers where wanted.key.matches(header, in: bytes) {
        value = isFound ? join(value, header.value, in: &event) : header.value
        isFound = true
      }
      if isFound { event.setHeader(slot: wanted.slot, .text(value)) }
    }
  }

  /// What was joined before stands at the end of the text and only grows, so that many headers of one name
  /// cost no more than their bytes.
  private func join(_ first: ByteRange, _ second: ByteRange, in event: inout Event) -> ByteRange {
    let isAtEnd = first.start >= event.messageLength && first.end == event.textCount
    let start = isAtEnd ? first.start : event.textCount
    if !isAtEnd { event.append(copying: first) }
    event.append(", ")
    event.append(copying: second)
    return ByteRange(start, event.textCount)
  }

  private func set(_ field: Field, _ value: (some FixedWidthInteger)?, in event: inout Event) {
    if let value { event.set(field, integer: Int64(value)) }
  }
}
