#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What is expected of an entity in an hour.
struct Expectation: Sendable {
  /// Hourly level of each count relative to the peers' shape.
  var level = [Double](repeating: 0, count: ScoredFeature.counts)
  /// The mean of each quantity in the hour, by its own past and by its peers.
  var own = [Double](repeating: 0, count: ScoredFeature.quantities)
  var peers = [Double](repeating: 0, count: ScoredFeature.quantities)
  /// How little of the entity is known, as dispersion on top of what its group has.
  var doubt = [Double](repeating: 0, count: ScoredFeature.quantities)
  /// The own rate of each share.
  var rate = [Double](repeating: 0, count: ScoredFeature.shares)
  /// What is left of the entity's figures since they were written.
  var decay = 1.0
  var group = 0
}

/// Entities and groups up to an hour: all that the expectations come from.
struct Baseline: Sendable {
  /// How many hours of a slot the expectation by level and shape is worth.
  private static let priorHours = 2.0
  /// The least mean of a count; nothing is impossible.
  static let leastMean = 2e-4

  var entities: EntityTable
  var groups = PeerGroups()
  var exposure = ExposureHistory()
  /// The hour that has begun; what is known is from before it.
  var hour = 0
  /// Exposure weighted by shape, by age and group, for the hour that has begun.
  private var weighted: [Double] = []
  private var weightedHour: [Int32] = []

  init(entityLimit: Int) { entities = EntityTable(limit: entityLimit) }

  /// Begins an hour.
  mutating func begin(hour: Int) {
    self.hour = hour
    exposure.begin(hour: hour)
    refresh()
  }

  /// Derives from what was learned what the hour needs.
  mutating func refresh() {
    groups.prepare(hour: hour)
    let ages = (ExposureHistory.span + 1) * PeerGroups.count
    weighted = Array(repeating: 0, count: weighted.count)
    if weightedHour.isEmpty { weighted = Array(repeating: 0, count: ages * ScoredFeature.counts) }
    weightedHour = Array(repeating: -1, count: ages)
  }

  /// The group's hours of exposure by the peers' shape, for an entity first seen at some hour.
  private mutating func weightedExposure(since first: Int, group: Int) -> Int {
    let age = min(max(hour - first, 0), ExposureHistory.span)
    let place = age * PeerGroups.count + group
    let base = place * ScoredFeature.counts
    guard weightedHour[place] != Int32(truncatingIfNeeded: hour) else { return base }
    weightedHour[place] = Int32(truncatingIfNeeded: hour)
    for feature in 0..<ScoredFeature.counts { weighted[base + feature] = 0 }
    for slot in 0..<Slot.count {
      let hours = exposure.exposure(slot: slot, since: hour - age, until: hour)
      guard hours > 0 else { continue }
      for feature in 0..<ScoredFeature.counts {
        weighted[base + feature] += hours * groups.shape(group, feature, slot)
      }
    }
    return base
  }

  /// What is expected of an entity in a slot, given the denominators of its shares.
  mutating func expect(
    _ place: Int, among peers: Int? = nil, slot: Int, trials: [Double], into expectation: inout Expectation
  ) {
    let record = entities.records[place]
    let group = peers ?? Int(record.group)
    let base = place * EntityTable.Field.width
    expectation.group = group
    expectation.decay = Forgetting.entity(hours: max(0, hour - 1 - Int(record.last)))
    if record.samples == 0 { expectation.decay = 1 }
    let exposures = weightedExposure(since: Int(record.first), group: group)
    for feature in 0..<ScoredFeature.counts {
      let mean = groups.level[PeerGroups.place(group, feature)]
      let hours = weighted[exposures + feature]
      let total = Double(entities.figures[base + EntityTable.Field.totals + feature]) * expectation.decay
      expectation.level[feature] = (total + 3 * mean) / (hours + 3)
      expectation.doubt[feature] = 4 / (1 + hours)
      let own = self.mean(place, feature, slot: slot, expectation)
      expectation.own[feature] = max(own, Self.leastMean)
      expectation.peers[feature] = max(mean * groups.shape(group, feature, slot), Self.leastMean)
    }
    if record.seasonal >= 0 { followSeason(slot: slot, &expectation) }
    expectShares(base, trials: trials, into: &expectation)
  }

  /// What is expected of somebody nobody knows: what the youngest do.
  func expectStranger(slot: Int, trials: [Double], into expectation: inout Expectation) {
    (expectation.group, expectation.decay) = (0, 1)
    for feature in 0..<ScoredFeature.counts {
      let mean = groups.level[PeerGroups.place(0, feature)] * groups.shape(0, feature, slot)
      expectation.level[feature] = groups.level[PeerGroups.place(0, feature)]
      expectation.doubt[feature] = 4
      expectation.own[feature] = max(mean, Self.leastMean)
      expectation.peers[feature] = max(mean, Self.leastMean)
    }
    for share in 0..<ScoredFeature.shares {
      let rate = groups.rate[share]
      let quantity = ScoredFeature.counts + share
      expectation.rate[share] = rate
      expectation.own[quantity] = max(trials[share] * min(max(rate, Self.leastMean), 0.999), 1e-6)
      expectation.peers[quantity] = expectation.own[quantity]
      expectation.doubt[quantity] = 0.5
    }
  }

  /// Gives counts without slots of their own the season of those that have some: callees, prefixes and
  /// concurrent calls follow an entity's calls, messages its calls and registrations.
  private func followSeason(slot: Int, _ expectation: inout Expectation) {
    let calls = expectation.level[0] * groups.shape(expectation.group, 0, slot)
    let registers = expectation.level[1] * groups.shape(expectation.group, 1, slot)
    let ratio = expectation.own[0] / max(calls, Self.leastMean)
    for feature in ScoredFeature.followingCalls {
      expectation.own[feature] = max(expectation.own[feature] * ratio, Self.leastMean)
    }
    // A call is about eight messages, a registration two.
    let messages = (8 * expectation.own[0] + 2 * expectation.own[1] + 1) / (8 * calls + 2 * registers + 1)
    expectation.own[ScoredFeature.messages] = max(
      expectation.own[ScoredFeature.messages] * messages, Self.leastMean)
  }

  private func expectShares(_ base: Int, trials: [Double], into expectation: inout Expectation) {
    for share in 0..<ScoredFeature.shares {
      let common = groups.rate[expectation.group * ScoredFeature.shares + share]
      let hits = Double(entities.figures[base + EntityTable.Field.hits + share]) * expectation.decay
      let known = Double(entities.figures[base + EntityTable.Field.trials + share]) * expectation.decay
      let rate = (hits + 10 * common) / (known + 10)
      let quantity = ScoredFeature.counts + share
      expectation.rate[share] = rate
      expectation.own[quantity] = max(trials[share] * min(max(rate, Self.leastMean), 0.999), 1e-6)
      expectation.peers[quantity] = max(trials[share] * min(max(common, Self.leastMean), 0.999), 1e-6)
      expectation.doubt[quantity] = 0.5 / (1 + known / 20)
    }
  }

  /// The mean of a count of an entity in a slot, by its level and, where it has one, its own season.
  func mean(_ place: Int, _ feature: Int, slot: Int, _ expectation: Expectation) -> Double {
    let prior = expectation.level[feature] * groups.shape(expectation.group, feature, slot)
    let seasonal = ScoredFeature.seasonalPlace[feature]
    let record = entities.records[place]
    guard seasonal >= 0, record.seasonal >= 0 else { return prior }
    let hours = exposure.exposure(slot: slot, since: Int(record.first), until: hour)
    let offset = Int(record.seasonal) * EntityTable.seasonalWidth + seasonal * Slot.count + slot
    let sum = Double(entities.seasons[offset]) * expectation.decay
    return (Self.priorHours * prior + sum) / (Self.priorHours + hours)
  }
}
