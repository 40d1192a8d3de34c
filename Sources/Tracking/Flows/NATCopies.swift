public import Packets
internal import Protocols
internal import Values

/// Tells packets that were captured on both sides of an address translation (NAT), as all interfaces of a router or of a
/// host with containers show them: with the address behind it, and with the one in front.
///
/// A translation is recognised by SIP messages that come again byte by byte within milliseconds, with one end changed, in
/// both directions, and of which the copy behind the router has the lower time to live. The end nearer to the inner host is
/// a private address. From then on packets with the outer address are given the inner one, flow by flow as their copies are
/// seen, and of two copies the second is left out. Who sends his messages from two addresses gets an answer to each: both
/// have the same time to live, and that the two are different hosts is never forgotten.
///
/// Translations that change the messages, both ends at once, or not the time to live are not recognised, nor those within
/// tunnels, whose senders choose every byte.
public struct NATCopies: Sendable, ~Copyable {
  /// Whatever comes again this much sooner than any repeat was captured twice.
  private static let window: Int64 = 20_000_000
  /// How long a translation is known; each copy renews it.
  private static let memory: Int64 = 3_600_000_000_000
  /// What is shorter is no message.
  private static let smallestMessage = 64
  /// What is shorter, as keep-alives are, may be alike by chance.
  private static let smallest = 20
  /// Packets that are remembered, up to three times each; a power of two.
  private static let places = 4096

  /// One end of a packet.
  private struct End: Equatable, Sendable {
    var address = IPAddress(v4: 0)
    var port: UInt16 = 0
  }

  /// Both ends of a packet.
  private struct Ends: Equatable, Sendable {
    var source = End()
    var destination = End()

    /// The source, or the destination.
    subscript(isSource: Bool) -> End { isSource ? source : destination }
  }

  /// What two copies of a packet may differ in.
  private struct Envelope: Sendable {
    var ends = Ends()
    var timeToLive: UInt8 = 0
    var vlanCount: UInt8 = 0
    var vlans: (outer: UInt16, inner: UInt16) = (0, 0)

    init() {}

    init(_ packet: borrowing Packet) {
      ends.source = End(address: packet.source, port: packet.sourcePort)
      ends.destination = End(address: packet.destination, port: packet.destinationPort)
      timeToLive = packet.timeToLive
      vlanCount = packet.vlanCount
      vlans = (packet.outerVLAN, packet.innerVLAN)
    }
  }

  /// The first sight of a content.
  private struct Sighting: Sendable {
    var key: UInt64 = 0
    var time = Int64.min
    var envelope = Envelope()
    /// How often it came with these ends, and how often it was left out with others.
    var seen: UInt32 = 1
    var dropped: UInt32 = 0
  }

  /// What packets say of two addresses.
  private struct Evidence: OptionSet, Sendable {
    let rawValue: UInt8
    static let lowerSends = Evidence(rawValue: 1)
    static let upperSends = Evidence(rawValue: 2)
    static let lowerReceives = Evidence(rawValue: 4)
    static let upperReceives = Evidence(rawValue: 8)
    /// The same was sent to each of them, or by each.
    static let areTwo = Evidence(rawValue: 16)
    static let lowerIsInner = Evidence(rawValue: 32)
    static let upperIsInner = Evidence(rawValue: 64)
  }

  /// What stands in the place of an end of a flow.
  private struct Translation: Sendable {
    var outer = IPAddress(v4: 0)
    var inner = End()
    /// How packets with the inner end are tagged.
    var vlanCount: UInt8 = 0
    var vlans: (outer: UInt16, inner: UInt16) = (0, 0)
  }

  /// What is the same in two packets, for a look-up.
  private enum Side: UInt64 {
    case both = 1
    case destination, source
  }

  /// Filled from the first message on.
  private var sightings: [Sighting] = []
  /// Of two addresses.
  private var evidence: RecentSet<Evidence>
  /// Addresses of translations.
  private var involved: RecentSet<UInt8>
  /// Of flows with an outer address.
  private var translations: RecentSet<Translation>
  /// Whether there is a translation.
  private var isActive = false
  private let seed: UInt64
  /// Copies so far.
  public private(set) var count: UInt64 = 0

  /// No packet was seen.
  ///
  /// - Parameters:
  ///   - capacity: flows that are translated, at the most; and pairs of addresses that seem to be.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    evidence = RecentSet(capacity: capacity, lifetime: Self.memory, empty: [])
    involved = RecentSet(capacity: capacity, lifetime: Self.memory, empty: 0)
    translations = RecentSet(capacity: capacity, lifetime: Self.memory, empty: Translation())
    self.seed = seed
  }

  /// Whether a packet is to be settled: what may be a message, or anything once there is a translation.
  @inline(__always)
  public func mayConcern(_ packet: borrowing Packet, _ payload: Bytes) -> Bool {
    guard packet.tunnel.depth == 0, packet.tunnel.kind == .none else { return false }
    switch packet.transport {
    case .udp, .tcp:
      return isActive || payload.count >= Self.smallestMessage && payload[0] >= UInt8(ascii: "A")
    default: return false
    }
  }

  /// Takes a packet: gives it the inner address, and says whether it was captured before.
  public mutating func settle(_ packet: inout Packet, _ payload: Bytes) -> Bool {
    let time = packet.timestamp.nanoseconds
    let envelope = Envelope(packet)
    let isMessage = Self.isMessage(payload)
    guard isMessage || isActive && isInvolved(envelope.ends, at: time) else { return false }
    let transport = packet.transport
    let isTranslated = isActive && translate(&packet, envelope.ends, at: time)
    guard payload.count >= Self.smallest else { return false }
    let content = contentHash(packet, payload)
    if isActive {
      let settled = isTranslated ? Envelope(packet).ends : envelope.ends
      let same = key(content, .both, settled.source, settled.destination)
      if let earlier = firstSight(same, envelope, at: time) {
        guard mayDrop(same, envelope, at: time) else { return false }
        renew(earlier.ends, transport, at: time)
        renew(envelope.ends, transport, at: time)
        count &+= 1
        return true
      }
    }
    // What came first with the outer address was read so; its copy is the first that is read with the inner one.
    let isOuter: Bool?
    if isActive {
      // Copies of what leaves go to the same end, copies of what comes in are from the same.
      let leaving = key(content, .destination, envelope.ends.destination)
      let entering = key(content, .source, envelope.ends.source)
      isOuter =
        findTranslation(leaving, envelope, learning: isMessage, transport, at: time)
        ?? findTranslation(entering, envelope, learning: isMessage, transport, at: time)
    } else {
      isOuter = findTranslation(content, envelope, learning: isMessage, transport, at: time)
    }
    if isOuter == true { count &+= 1 }
    return isOuter == true
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    sightings = []
    evidence.removeAll()
    involved.removeAll()
    translations.removeAll()
    isActive = false
  }

  // MARK: The same content

  /// Whether a payload is a SIP message: of other things the answers to two hosts may be alike.
  private static func isMessage(_ payload: Bytes) -> Bool {
    guard payload.count >= smallestMessage else { return false }
    let kind = SIPDetector.looksLikeSIP(payload)
    return kind == .request || kind == .response
  }

  private func contentHash(_ packet: borrowing Packet, _ payload: Bytes) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(UInt64(packet.transport.rawValue) << 32 | UInt64(packet.tcpSequence))
    hash.combine(UInt64(payload.count) << 32 | UInt64(UInt32(clamping: packet.uncapturedLength)))
    hash.combine(payload)
    return hash.value
  }

  private func key(_ content: UInt64, _ side: Side, _ end: End, _ other: End = End()) -> UInt64 {
    var hash = SeededHash(seed: content ^ side.rawValue)
    hash.combine(endHash(end))
    hash.combine(endHash(other))
    return hash.value
  }

  /// What came first with a key within the window, if its ends were others; otherwise it is this.
  private mutating func firstSight(_ key: UInt64, _ envelope: Envelope, at time: Int64) -> Envelope? {
    let (place, isKnown) = place(of: key, envelope, at: time)
    guard isKnown else { return nil }
    guard sightings[place].envelope.ends == envelope.ends else { return sightings[place].envelope }
    sightings[place].seen &+= 1
    return nil
  }

  /// Whether one more copy may be left out. Of what comes once, a router with a bridge shows no more than three; the rest of
  /// a flood is none.
  private mutating func mayDrop(_ key: UInt64, _ envelope: Envelope, at time: Int64) -> Bool {
    let place = place(of: key, envelope, at: time).place
    guard UInt64(sightings[place].dropped) < 3 * UInt64(sightings[place].seen) else { return false }
    sightings[place].dropped &+= 1
    return true
  }

  /// Where a key stands, and whether it stood there before.
  private mutating func place(
    of key: UInt64, _ envelope: Envelope, at time: Int64
  ) -> (place: Int, isKnown: Bool) {
    if sightings.isEmpty { sightings = Array(repeating: Sighting(), count: Self.places) }
    // Two places for each, since both directions often speak at the same time.
    let first = Int(truncatingIfNeeded: key) & (Self.places - 1)
    let second = first ^ 1
    if isKnown(key, at: first, time) { return (first, true) }
    if isKnown(key, at: second, time) { return (second, true) }
    let place = sightings[second].time < sightings[first].time ? second : first
    sightings[place] = Sighting(key: key, time: time, envelope: envelope)
    return (place, false)
  }

  private func isKnown(_ key: UInt64, at place: Int, _ time: Int64) -> Bool {
    sightings[place].key == key && (-Self.window...Self.window).contains(time &- sightings[place].time)
  }

  // MARK: Translations

  private func isInvolved(_ ends: Ends, at time: Int64) -> Bool {
    isInvolved(ends.source.address, at: time) || isInvolved(ends.destination.address, at: time)
  }

  private func isInvolved(_ address: IPAddress, at time: Int64) -> Bool {
    let hash = addressHash(address)
    return involved.value(hash, ~hash, at: time) != nil
  }

  /// Gives a packet the inner address and the tags there; false when it has no outer one.
  private func translate(_ packet: inout Packet, _ ends: Ends, at time: Int64) -> Bool {
    let flow = flowHash(ends, packet.transport)
    guard let known = translations.value(flow, ~flow, at: time) else { return false }
    if ends.source.address == known.outer {
      (packet.source, packet.sourcePort) = (known.inner.address, known.inner.port)
    } else {
      (packet.destination, packet.destinationPort) = (known.inner.address, known.inner.port)
    }
    (packet.outerVLAN, packet.innerVLAN) = known.vlans
    packet.vlanCount = known.vlanCount
    packet.isWayUnknown = true
    return true
  }

  /// Looks for a copy with another address at one end, and learns the translation of its flow.
  ///
  /// - Parameter mayLearn: whether the copies say something of two addresses of which nothing is known.
  /// - Returns: whether the packet at hand is the one with the outer address; nil without a translation.
  private mutating func findTranslation(
    _ key: UInt64, _ later: Envelope, learning mayLearn: Bool, _ transport: TransportProtocol, at time: Int64
  ) -> Bool? {
    guard let earlier = firstSight(key, later, at: time) else { return nil }
    let sends = earlier.ends.destination == later.ends.destination
    guard sends || earlier.ends.source == later.ends.source,
      let inner = inner(of: earlier, later, sends: sends, learning: mayLearn, at: time)
    else { return nil }
    let isOuter = inner != later.ends[sends].address
    learn(isOuter ? earlier : later, isOuter ? later : earlier, sends: sends, transport, at: time)
    return isOuter
  }

  /// The inner one of the two addresses by which two packets of the same content differ, once it is known.
  ///
  /// - Parameter sends: whether the two are where the packets come from.
  private mutating func inner(
    of earlier: Envelope, _ later: Envelope, sends: Bool, learning mayLearn: Bool, at time: Int64
  ) -> IPAddress? {
    let (one, other) = (earlier.ends[sends].address, later.ends[sends].address)
    guard one != other, one.isPrivate || other.isPrivate else { return nil }
    let (lower, upper) = one < other ? (one, other) : (other, one)
    let hash = pairHash(lower, upper)
    var known = evidence.value(hash, ~hash, at: time) ?? []
    let isKnown = !known.isDisjoint(with: [.lowerIsInner, .upperIsInner])
    guard isKnown || mayLearn else { return nil }
    if !isKnown {
      if earlier.timeToLive == later.timeToLive {
        known.insert(.areTwo)
      } else {
        // The packet nearer to its sender has lived less: it is the inner one of what leaves, the outer one of what enters.
        let isLaterNearer = later.timeToLive > earlier.timeToLive
        let isInnerLater = isLaterNearer == sends
        let isLowerInner = (isInnerLater ? other : one) == lower
        known.insert(
          sends
            ? isLowerInner ? .lowerSends : .upperSends : isLowerInner ? .lowerReceives : .upperReceives)
      }
      decide(&known, lower, upper)
    }
    evidence.insert(hash, ~hash, known, at: time)
    return known.contains(.lowerIsInner) ? lower : known.contains(.upperIsInner) ? upper : nil
  }

  /// Says who is inside, when both directions agree and nothing contradicts.
  private func decide(_ known: inout Evidence, _ lower: IPAddress, _ upper: IPAddress) {
    if known == [.lowerSends, .lowerReceives], lower.isPrivate {
      known.insert(.lowerIsInner)
    } else if known == [.upperSends, .upperReceives], upper.isPrivate {
      known.insert(.upperIsInner)
    }
  }

  /// Remembers the translation between two packets of the same content, of which one has the inner address.
  private mutating func learn(
    _ inner: Envelope, _ outer: Envelope, sends: Bool, _ transport: TransportProtocol, at time: Int64
  ) {
    isActive = true
    let translation = Translation(
      outer: outer.ends[sends].address, inner: inner.ends[sends], vlanCount: inner.vlanCount,
      vlans: inner.vlans)
    let flow = flowHash(outer.ends, transport)
    translations.insert(flow, ~flow, translation, at: time)
    involve(translation, at: time)
  }

  private mutating func involve(_ translation: Translation, at time: Int64) {
    for address in [translation.inner.address, translation.outer] {
      let hash = addressHash(address)
      involved.insert(hash, ~hash, 1, at: time)
    }
  }

  /// Keeps what the flow of a packet uses from being forgotten.
  private mutating func renew(_ ends: Ends, _ transport: TransportProtocol, at time: Int64) {
    let flow = flowHash(ends, transport)
    guard let known = translations.value(flow, ~flow, at: time) else { return }
    translations.insert(flow, ~flow, known, at: time)
    involve(known, at: time)
    let (inner, outer) = (known.inner.address, known.outer)
    let hash = inner < outer ? pairHash(inner, outer) : pairHash(outer, inner)
    if let known = evidence.value(hash, ~hash, at: time) { evidence.insert(hash, ~hash, known, at: time) }
  }

  private func pairHash(_ lower: IPAddress, _ upper: IPAddress) -> UInt64 {
    var hash = SeededHash(seed: addressHash(lower))
    hash.combine(addressHash(upper))
    return hash.value
  }

  private func addressHash(_ address: IPAddress) -> UInt64 {
    var hash = SeededHash(seed: seed ^ 0x4e41_54)
    hash.combine(address.high)
    hash.combine(address.low)
    return hash.value
  }

  /// Of both directions.
  private func flowHash(_ ends: Ends, _ transport: TransportProtocol) -> UInt64 {
    let (one, other) = (endHash(ends.source), endHash(ends.destination))
    var hash = SeededHash(seed: UInt64(transport.rawValue))
    hash.combine(min(one, other))
    hash.combine(max(one, other))
    return hash.value
  }

  private func endHash(_ end: End) -> UInt64 {
    var hash = SeededHash(seed: addressHash(end.address))
    hash.combine(UInt64(end.port))
    return hash.value
  }
}
