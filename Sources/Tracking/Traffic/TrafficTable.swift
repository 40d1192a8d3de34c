internal import Packets
internal import Values

/// The measures of the flows that cannot be read, bounded.
///
/// When it is full, a new measure displaces the longest silent of eight sampled ones; its flow may be measured
/// anew from then on.
struct TrafficTable: Sendable, ~Copyable {
  private var measures = Arena<TrafficMeasure>()
  private let capacity: Int
  private var sampler = VictimSampler()
  private var evictions: UInt64 = 0

  /// An empty table of so many measures at the most.
  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// How full it is.
  var usage: TableUsage {
    TableUsage(entries: measures.count, limit: capacity, bytes: measures.byteCount, evictions: evictions)
  }

  /// Opens a measure, and says which flow lost its own for it.
  mutating func open(for flow: Int, _ carrier: TrafficMeasure.Carrier) -> (number: Int, loser: Int?) {
    var loser: Int?
    if measures.count >= capacity {
      let victim = victim()
      loser = Int(measures[victim].flow)
      evictions &+= 1
      measures.remove(victim)
    }
    var measure = TrafficMeasure(carrier: carrier)
    measure.flow = Int32(truncatingIfNeeded: flow)
    return (measures.insert(measure), loser)
  }

  /// Closes a measure and says what it was.
  mutating func close(_ number: Int) -> TrafficMeasure {
    let measure = measures[number]
    measures.remove(number)
    return measure
  }

  @inline(__always)
  mutating func add(_ number: Int, byteCount: Int, toServer: Bool, at time: Timestamp) {
    measures[number].add(byteCount: byteCount, toServer: toServer, at: time)
  }

  mutating func nameForSIP(_ number: Int) {
    measures[number].isNamedForSIP = true
  }

  /// The table is full, so every number up to `extent` is in use.
  private mutating func victim() -> Int {
    var sampler = sampler
    defer { self.sampler = sampler }
    return sampler.victim(among: measures.extent) { measures[$0].last < measures[$1].last }
  }
}
