public import Packets
internal import Values

/// Tells datagrams that were captured twice under different VLAN tags, as the span of a trunk and of an access port
/// shows them: with the tag and without.
///
/// Flows are told apart by their VLANs, since networks in different VLANs may have the same addresses. Once a datagram of
/// two hosts was seen under two tags within milliseconds, what has the second ones is taken for the same flow.
public struct VLANCopies: Sendable, ~Copyable {
  /// Whatever comes again this much sooner than any repeat was captured twice.
  private static let window: Int64 = 20_000_000
  /// How long it is known that a flow is captured twice; each copy renews it.
  private static let memory: Int64 = 3_600_000_000_000
  /// Bytes of a datagram that are compared; the rest is compared by its length.
  private static let prefix = 512
  /// What is shorter proves nothing: keep-alives of two hosts are alike, and so may be those of other hosts with their
  /// addresses in another VLAN.
  private static let smallest = 12
  /// Datagrams that are remembered, a power of two.
  private static let places = 4096

  private struct Sighting: Sendable {
    var hash: UInt64 = 0
    var time = Int64.min
    var tags: UInt32 = 0
  }

  /// Filled from when tags differ.
  private var sightings: [Sighting] = []
  /// Of flows that are captured twice, the tags that count.
  private var leading: RecentSet<UInt32>
  /// The tags of the first packet.
  private var firstTags: UInt32?
  private let seed: UInt64
  /// Copies so far.
  public private(set) var count: UInt64 = 0

  /// No packet was seen.
  ///
  /// - Parameters:
  ///   - capacity: flows that are captured twice, at the most.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    leading = RecentSet(capacity: capacity, lifetime: Self.memory, empty: 0)
    self.seed = seed
  }

  /// Whether a packet may be a copy: in most captures all have the same tags, and it is one comparison.
  @inline(__always)
  public mutating func mayConcern(_ packet: borrowing Packet) -> Bool {
    guard sightings.isEmpty else { return packet.transport == .udp }
    let tags = Self.tags(of: packet)
    guard let firstTags else {
      firstTags = tags
      return false
    }
    guard tags != firstTags else { return false }
    sightings = Array(repeating: Sighting(), count: Self.places)
    return packet.transport == .udp
  }

  /// Takes a datagram: gives it the tags that count in its flow, and says whether it was captured before.
  public mutating func settle(_ packet: inout Packet, _ payload: Bytes) -> Bool {
    let time = packet.timestamp.nanoseconds
    let tags = Self.tags(of: packet)
    let flow = flowHash(packet)
    let low = flow &* 0x9e37_79b9_7f4a_7c15
    if let leader = leading.value(flow, low, at: time), leader != tags {
      packet.outerVLAN = UInt16(truncatingIfNeeded: leader >> 16)
      packet.innerVLAN = UInt16(truncatingIfNeeded: leader)
      packet.vlanCount = packet.innerVLAN != 0 ? 2 : packet.outerVLAN != 0 ? 1 : 0
      packet.isWayUnknown = true
    }
    guard payload.count >= Self.smallest else { return false }
    let hash = contentHash(packet, payload, flow: flow)
    // Two places for each, since both directions often speak at the same time.
    let first = Int(truncatingIfNeeded: hash) & (Self.places - 1)
    let second = first ^ 1
    let earlier = sightings[sightings[second].hash == hash ? second : first]
    let isCopy =
      earlier.hash == hash && earlier.tags != tags
      && (-Self.window...Self.window).contains(time &- earlier.time)
    guard isCopy else {
      let place = sightings[second].time < sightings[first].time ? second : first
      sightings[place] = Sighting(hash: hash, time: time, tags: tags)
      return false
    }
    count &+= 1
    let leader = leading.value(flow, low, at: time) ?? earlier.tags
    leading.insert(flow, low, leader, at: time)
    return true
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    sightings = []
    leading.removeAll()
    firstTags = nil
  }

  private static func tags(of packet: borrowing Packet) -> UInt32 {
    UInt32(packet.outerVLAN) << 16 | UInt32(packet.innerVLAN)
  }

  /// Of both directions, whatever the tags are.
  private func flowHash(_ packet: borrowing Packet) -> UInt64 {
    let (source, destination) = (packet.sourcePort, packet.destinationPort)
    let (lower, upper) = FlowKey.isForward(packet) ? (source, destination) : (destination, source)
    var hash = SeededHash(seed: FlowKey.addressPairHash(packet, seed: seed))
    hash.combine(UInt64(lower) << 16 | UInt64(upper))
    return hash.value
  }

  private func contentHash(_ packet: borrowing Packet, _ payload: Bytes, flow: UInt64) -> UInt64 {
    var hash = SeededHash(seed: flow)
    hash.combine(FlowKey.isForward(packet) ? 1 : 0)
    hash.combine(UInt64(packet.ipLength))
    hash.combine(payload.extracting(..<min(payload.count, Self.prefix)))
    return hash.value
  }
}
