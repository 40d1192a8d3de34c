public import Events
public import Packets
public import Protocols
public import Values

/// All live flows, bounded.
///
/// A packet finds its flow in one hash lookup. When the table is full, a new flow displaces the least
/// valuable of a few sampled ones: one-sided before two-sided, then the longest silent. An attacker who
/// sends single packets from many addresses therefore displaces mostly his own.
public struct FlowTable: Sendable, ~Copyable {
  /// How long a flow may be silent, in nanoseconds.
  public struct Timeouts: Sendable {
    /// One-sided flows.
    public var new: Int64 = 30_000_000_000
    /// Two-sided flows that are not TCP.
    public var established: Int64 = 300_000_000_000
    /// Two-sided TCP flows.
    public var establishedTCP: Int64 = 600_000_000_000
    /// Closed TCP flows.
    public var closed: Int64 = 10_000_000_000

    /// Suricata's defaults.
    public init() {}
  }

  /// Where a packet belongs.
  public struct Match: Sendable {
    /// Number of the flow in the table, valid until the flow ends.
    public let number: Int
    /// Whether the packet goes to the server.
    public let toServer: Bool
    /// Whether it is the first packet of the flow.
    public let isNew: Bool
    /// Identity of the flow in the log.
    public let flowID: Int64
  }

  /// A flow that is over.
  public struct Ended: Sendable {
    /// Its last state.
    public let flow: Flow
    /// Why it ended.
    public let reason: Flow.EndReason
    /// What sizes and times say of it; nil of a flow that was read or too short.
    public let traffic: TrafficSummary?
  }

  /// Flows that ended and were not collected yet, in the order of their end.
  public private(set) var ended: [Ended] = []

  var flows = Arena<Flow>()
  var traffic: TrafficTable
  private var index: HashIndex
  private var wheel = TimerWheel()
  private let seed: UInt64
  private let capacity: Int
  private let timeouts: Timeouts
  private var sampler = VictimSampler()

  /// Flows displaced because the table was full.
  public private(set) var evictions: UInt64 = 0
  /// Flows seen so far.
  public private(set) var total: UInt64 = 0

  /// An empty table.
  ///
  /// - Parameters:
  ///   - capacity: flows at the most; an eighth as many are measured at a time.
  ///   - seed: of the hash; results do not depend on it.
  public init(capacity: Int, seed: UInt64, timeouts: Timeouts = Timeouts()) {
    traffic = TrafficTable(capacity: max(64, capacity / 8))
    index = HashIndex(minimumCapacity: 4096)
    self.seed = seed
    self.capacity = max(1, capacity)
    self.timeouts = timeouts
  }

  /// Live flows.
  public var count: Int { flows.count }
  /// Bytes that the table takes.
  public var byteCount: Int { flows.byteCount + index.byteCount }

  /// How full it is.
  public var usage: TableUsage {
    TableUsage(entries: count, limit: capacity, bytes: byteCount, evictions: evictions)
  }

  /// A copy of one flow.
  public subscript(number: Int) -> Flow { flows[number] }

  /// Identity of a flow in the log.
  public func identity(of number: Int) -> Int64 { flows[number].id }

  /// What a flow carries.
  public func appProtocol(of number: Int) -> AppProtocol { flows[number].appProtocol }

  /// Says what a flow carries.
  public mutating func setAppProtocol(_ value: AppProtocol, of number: Int) {
    flows[number].appProtocol = value
  }

  /// Looks at a datagram that is neither SIP nor RTP to find out what its flow carries, until that is known.
  public mutating func classify(_ payload: Bytes, _ match: Match) {
    guard flows[match.number].appProtocol == .unknown else { return }
    flows[match.number].appProtocol = PayloadClassifier.datagram(payload, isSIP: false)
  }

  /// Looks at the beginning of a TCP stream that is not SIP.
  public mutating func classify(stream beginning: Bytes, _ match: Match) {
    guard flows[match.number].appProtocol == .unknown else { return }
    flows[match.number].appProtocol = PayloadClassifier.stream(beginning, isSIP: false)
  }

  /// Gives the fields of a packet's flow to an event.
  public mutating func describe(_ match: Match, _ fields: PacketEventFields, into event: inout Event) {
    fields.set(&flows[match.number], toServer: match.toServer, into: &event)
  }

  /// Accounts a packet to its flow, which is made when there is none.
  ///
  /// When the table is full, the flow that has to go is added to `ended`.
  public mutating func add(_ packet: borrowing Packet) -> Match {
    let key = FlowKey(packet)
    let isForward = FlowKey.isForward(packet)
    let hash = key.hash(seed: seed)
    if let number = index.find(hash, where: { flows[$0].key == key }) {
      let toServer = flows[number].clientIsLower == isForward
      flows[number].add(packet, toServer: toServer)
      return Match(number: number, toServer: toServer, isNew: false, flowID: flows[number].id)
    }
    if flows.count >= capacity { evict() }
    total &+= 1
    let number = flows.insert(Flow(packet, key: key, isForward: isForward))
    flows[number].add(packet, toServer: true)
    index.insert(hash, record: number)
    wheel.schedule(number, at: packet.timestamp.advanced(byNanoseconds: timeouts.new))
    return Match(number: number, toServer: true, isNew: true, flowID: flows[number].id)
  }

  /// The flow of a packet, which is not accounted; nil when there is none.
  public func find(_ packet: borrowing Packet) -> Match? {
    let key = FlowKey(packet)
    guard let number = index.find(key.hash(seed: seed), where: { flows[$0].key == key }) else { return nil }
    let toServer = flows[number].clientIsLower == FlowKey.isForward(packet)
    return Match(number: number, toServer: toServer, isNew: false, flowID: flows[number].id)
  }

  /// Forgets the ended flows once they were collected.
  public mutating func removeEnded() {
    ended.removeAll(keepingCapacity: true)
  }

  /// Ends the flows whose time is up at an instant.
  public mutating func expire(at time: Timestamp) {
    while let number = wheel.popDue(at: time) {
      let deadline = flows[number].last.advanced(byNanoseconds: timeout(of: flows[number]))
      if deadline < time {
        end(number, .timeout)
      } else {
        wheel.schedule(number, at: deadline)
      }
    }
  }

  /// The numbers of all flows, in the order of their first packets.
  public var liveInOrder: [Int] {
    var live: [Int] = []
    for number in 0..<flows.extent {
      let key = flows[number].key
      if index.find(key.hash(seed: seed), where: { $0 == number }) != nil { live.append(number) }
    }
    return live.sorted { flows[$0].firstNumber < flows[$1].firstNumber }
  }

  /// Ends one flow.
  public mutating func finish(_ number: Int) {
    wheel.cancel(number)
    end(number, .shutdown)
  }

  /// Makes the table ready for a packet time that begins anew; all flows have ended.
  public mutating func restart() {
    wheel = TimerWheel()
  }

  private func timeout(of flow: Flow) -> Int64 {
    switch flow.state {
    case .new: timeouts.new
    case .established: flow.key.transport == .tcp ? timeouts.establishedTCP : timeouts.established
    case .closed: timeouts.closed
    }
  }

  private mutating func end(_ number: Int, _ reason: Flow.EndReason) {
    let traffic = takeTraffic(of: number)
    ended.append(Ended(flow: flows[number], reason: reason, traffic: traffic))
    index.remove(flows[number].key.hash(seed: seed), record: number)
    flows.remove(number)
  }

  private mutating func evict() {
    // The table is full, so every number up to `extent` is in use.
    var sampler = sampler
    let victim = sampler.victim(among: flows.extent, isLessValuable: { isLessValuable($0, $1) })
    self.sampler = sampler
    evictions &+= 1
    wheel.cancel(victim)
    end(victim, .forced)
  }

  private func isLessValuable(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (flows[left], flows[right])
    let (oneIsNew, otherIsNew) = (one.state == .new, other.state == .new)
    if oneIsNew != otherIsNew { return oneIsNew }
    return one.last < other.last
  }
}
