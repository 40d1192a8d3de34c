public import Packets
internal import Values

/// Tells packets that were captured on both sides of an address translation (NAT), as all interfaces of a router or of a
/// host with containers show them: with the address behind it, and with the one in front.
///
/// A translation is recognised by SIP messages that come again byte by byte within milliseconds, with one end changed, in
/// both directions: what leaves has the inner address first, what comes in has it last. From then on packets with the outer
/// address are given the inner one, flow by flow as their copies are seen, and of two copies the second is left out. Who
/// sends his messages from two addresses does not get the answers so: they are not alike, or they come from elsewhere.
///
/// Translations that change the messages as well, or both ends at once, are not recognised.
public struct NATCopies: Sendable, ~Copyable {
  /// Whatever comes again this much sooner than any repeat was captured twice.
  private static let window: Int64 = 20_000_000
  /// How long a translation is known; each copy renews it.
  private static let memory: Int64 = 3_600_000_000_000
  /// Bytes that are compared; the rest is compared by its length.
  private static let prefix = 256
  /// What is shorter is no message.
  private static let smallestMessage = 64
  /// What is shorter, as keep-alives are, may be alike by chance.
  private static let smallest = 20
  /// Packets that are remembered, a power of two.
  private static let places = 2048

  /// One end of a packet.
  private struct End: Equatable, Sendable {
    var address = IPAddress(v4: 0)
    var port: UInt16 = 0
  }

  /// Both ends of a packet.
  private struct Ends: Equatable, Sendable {
    var source = End()
    var destination = End()

    init() {}

    init(_ packet: borrowing Packet) {
      source = End(address: packet.source, port: packet.sourcePort)
      destination = End(address: packet.destination, port: packet.destinationPort)
    }
  }

  /// The first sight of a content.
  private struct Sighting: Sendable {
    var hash: UInt64 = 0
    var time = Int64.min
    var ends = Ends()
  }

  /// In which order two addresses had the same packets, and what that makes of them.
  private struct Order: OptionSet, Sendable {
    let rawValue: UInt8
    static let lowerSendsFirst = Order(rawValue: 1)
    static let upperSendsFirst = Order(rawValue: 2)
    static let lowerReceivesFirst = Order(rawValue: 4)
    static let upperReceivesFirst = Order(rawValue: 8)
    static let lowerIsInner = Order(rawValue: 16)
    static let upperIsInner = Order(rawValue: 32)
  }

  /// What stands in the place of an end of a flow.
  private struct Translation: Sendable {
    var outer = IPAddress(v4: 0)
    var inner = End()
  }

  /// Filled from the first message on.
  private var sightings: [Sighting] = []
  /// Of two addresses.
  private var orders: RecentSet<Order>
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
    orders = RecentSet(capacity: capacity, lifetime: Self.memory, empty: [])
    involved = RecentSet(capacity: capacity, lifetime: Self.memory, empty: 0)
    translations = RecentSet(capacity: capacity, lifetime: Self.memory, empty: Translation())
    self.seed = seed
  }

  /// Bytes that the tables take.
  public var byteCount: Int {
    sightings.count * MemoryLayout<Sighting>.stride + orders.byteCount + involved.byteCount
      + translations.byteCount
  }

  /// Whether a packet is to be settled: a message, or anything once there is a translation.
  @inline(__always)
  public func mayConcern(_ packet: borrowing Packet, _ payload: Bytes) -> Bool {
    switch packet.transport {
    case .udp, .tcp: isActive || Self.isMessage(payload)
    default: false
    }
  }

  /// Takes a packet: gives it the inner address, and says whether it was captured before.
  public mutating func settle(_ packet: inout Packet, _ payload: Bytes) -> Bool {
    let time = packet.timestamp.nanoseconds
    let ends = Ends(packet)
    var settled = ends
    let isMessage = Self.isMessage(payload)
    if isActive {
      guard isMessage || isInvolved(ends, at: time) else { return false }
      settled = translated(ends, packet.transport, at: time)
      (packet.source, packet.sourcePort) = (settled.source.address, settled.source.port)
      (packet.destination, packet.destinationPort) = (settled.destination.address, settled.destination.port)
    }
    guard payload.count >= Self.smallest else { return false }
    guard let earlier = firstSight(ends, packet, payload, at: time), earlier != ends else { return false }
    if translated(earlier, packet.transport, at: time) == settled {
      renew(earlier, ends, packet.transport, at: time)
      count &+= 1
      return true
    }
    guard
      let inner = inner(
        between: earlier, ends, learning: isMessage && payload.count >= Self.smallestMessage, at: time)
    else { return false }
    let isOuter = learn(earlier, ends, inner: inner, packet.transport, at: time)
    if isOuter { count &+= 1 }
    return isOuter
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    sightings = []
    orders.removeAll()
    involved.removeAll()
    translations.removeAll()
    isActive = false
  }

  /// Every SIP message begins with a letter.
  @inline(__always)
  private static func isMessage(_ payload: Bytes) -> Bool {
    payload.count >= smallestMessage && (UInt8(ascii: "A")...UInt8(ascii: "z")).contains(payload[0])
  }

  // MARK: The same content

  /// The ends that a content had when it was first seen within the window; nil when it is seen first now.
  private mutating func firstSight(
    _ ends: Ends, _ packet: borrowing Packet, _ payload: Bytes, at time: Int64
  ) -> Ends? {
    if sightings.isEmpty { sightings = Array(repeating: Sighting(), count: Self.places) }
    var content = SeededHash(seed: seed)
    // What an address of a translation gets back, as an echo, is not what it sent.
    let isBack = isActive && isInvolved(ends.destination.address, at: time)
    content.combine(
      UInt64(packet.transport.rawValue) << 33 | UInt64(packet.tcpSequence) << 1 | (isBack ? 1 : 0))
    content.combine(UInt64(payload.count))
    content.combine(payload.extracting(..<min(payload.count, Self.prefix)))
    let hash = content.value
    // Two places for each, since both directions often speak at the same time.
    let first = Int(truncatingIfNeeded: hash) & (Self.places - 1)
    let second = first ^ 1
    let known = sightings[second].hash == hash ? second : first
    if sightings[known].hash == hash, (-Self.window...Self.window).contains(time &- sightings[known].time) {
      return sightings[known].ends
    }
    let place =
      sightings[known].hash == hash ? known : sightings[second].time < sightings[first].time ? second : first
    sightings[place] = Sighting(hash: hash, time: time, ends: ends)
    return nil
  }

  // MARK: Translations

  private func isInvolved(_ ends: Ends, at time: Int64) -> Bool {
    isInvolved(ends.source.address, at: time) || isInvolved(ends.destination.address, at: time)
  }

  private func isInvolved(_ address: IPAddress, at time: Int64) -> Bool {
    let hash = addressHash(address)
    return involved.value(hash, hash, at: time) != nil
  }

  /// Ends with the inner address in the place of the outer one.
  private func translated(_ ends: Ends, _ transport: TransportProtocol, at time: Int64) -> Ends {
    let flow = flowHash(ends, transport)
    guard isActive, let known = translations.value(flow, ~flow, at: time) else { return ends }
    var settled = ends
    if ends.source.address == known.outer {
      settled.source = known.inner
    } else {
      settled.destination = known.inner
    }
    return settled
  }

  /// The inner one of the two addresses by which two packets of the same content differ, once it is known.
  private mutating func inner(
    between earlier: Ends, _ later: Ends, learning mayLearn: Bool, at time: Int64
  ) -> IPAddress? {
    let isSource = earlier.destination == later.destination
    guard isSource || earlier.source == later.source else { return nil }
    let first = isSource ? earlier.source.address : earlier.destination.address
    let second = isSource ? later.source.address : later.destination.address
    guard first != second else { return nil }
    let isLowerFirst = (first.high, first.low) < (second.high, second.low)
    let (lower, upper) = isLowerFirst ? (first, second) : (second, first)
    var hash = SeededHash(seed: addressHash(lower))
    hash.combine(addressHash(upper))
    let pair = hash.value
    var order = orders.value(pair, ~pair, at: time) ?? []
    if mayLearn {
      order.insert(
        isSource
          ? isLowerFirst ? .lowerSendsFirst : .upperSendsFirst
          : isLowerFirst ? .lowerReceivesFirst : .upperReceivesFirst)
      if order.isDisjoint(with: [.lowerIsInner, .upperIsInner]) {
        if order.isSuperset(of: [.lowerSendsFirst, .upperReceivesFirst]) {
          order.insert(.lowerIsInner)
        } else if order.isSuperset(of: [.upperSendsFirst, .lowerReceivesFirst]) {
          order.insert(.upperIsInner)
        }
      }
      orders.insert(pair, ~pair, order, at: time)
    }
    return order.contains(.lowerIsInner) ? lower : order.contains(.upperIsInner) ? upper : nil
  }

  /// Remembers the translation between two packets of the same content; true when the later one is the outer one.
  private mutating func learn(
    _ earlier: Ends, _ later: Ends, inner: IPAddress, _ transport: TransportProtocol, at time: Int64
  ) -> Bool {
    isActive = true
    let isSource = earlier.destination == later.destination
    let ends = isSource ? (earlier.source, later.source) : (earlier.destination, later.destination)
    let isOuterLater = ends.0.address == inner
    let (innerEnd, outerEnd) = isOuterLater ? ends : (ends.1, ends.0)
    let flow = flowHash(isOuterLater ? later : earlier, transport)
    translations.insert(flow, ~flow, Translation(outer: outerEnd.address, inner: innerEnd), at: time)
    for address in [inner, outerEnd.address] {
      let hash = addressHash(address)
      involved.insert(hash, hash, 1, at: time)
    }
    return isOuterLater
  }

  /// Keeps what was used from being forgotten.
  private mutating func renew(_ earlier: Ends, _ later: Ends, _ transport: TransportProtocol, at time: Int64)
  {
    for ends in [earlier, later] {
      let flow = flowHash(ends, transport)
      guard let known = translations.value(flow, ~flow, at: time) else { continue }
      translations.insert(flow, ~flow, known, at: time)
      for address in [known.inner.address, known.outer] {
        let hash = addressHash(address)
        involved.insert(hash, hash, 1, at: time)
      }
    }
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
