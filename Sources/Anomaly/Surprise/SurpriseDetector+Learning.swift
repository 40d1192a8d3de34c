extension SurpriseDetector {
  /// Learns the row that was judged: what is far beyond the expected counts only as far as the gate.
  mutating func learn() {
    let place = newcomer
    guard place >= 0,
      Int(baseline.entities.records[place].last) < hour || baseline.entities.records[place].samples == 0
    else { return }
    // What a young entity does is compared with a group that it is not yet a member of.
    let group = Int(baseline.entities.records[place].group)
    teachesDispersion = group == scratch.expectation.group
    if !options.isFrozen {
      learnQuantities(place, group: group)
      learnContinuous(place, group: group)
      lessons.rows += 1
      lessons.present[group] += 1
      for sign in 0..<ScoredFeature.rare where scratch.observation.signs[sign] { lessons.signs[sign] += 1 }
      if learnsDay, teachesDispersion { learnDay(group: group, weight: 1) }
    } else {
      fade(place)
    }
    remember(place)
  }

  /// Whether the hour teaches how the sums of a day disperse.
  var learnsDay: Bool { hour % 6 == 0 && hour - firstHour >= 24 && !options.isFrozen }

  /// μ + 5 standard deviations + 3: a slow ramp cannot teach the baseline its own attack.
  @inline(__always)
  private static func gate(_ value: Double, mean: Double, dispersion: Double) -> Double {
    guard value > mean + 3 else { return value }
    let variance = mean + mean * mean * min(dispersion, 4)
    return min(value, mean + 5 * variance.squareRoot() + 3)
  }

  /// What counts of a quantity. Always part of its caller: a call would copy the detector.
  @inline(__always)
  private func gated(_ quantity: Int, _ view: PeerGroups.View) -> Double {
    let isOwn = view == .own
    let mean = isOwn ? scratch.expectation.own[quantity] : scratch.expectation.peers[quantity]
    let value = scratch.observation.quantities[quantity]
    guard value > mean + 3 else { return value }
    let doubt = isOwn ? scratch.expectation.doubt[quantity] : 0
    let dispersion =
      baseline.groups.dispersion(view, scratch.expectation.group, quantity) + doubt
      + (ScoredFeature.lumps[quantity] - 1) / mean
    return Self.gate(value, mean: mean, dispersion: dispersion)
  }

  private mutating func learnQuantities(_ place: Int, group: Int) {
    let base = place * EntityTable.Field.width
    let record = baseline.entities.records[place]
    let slot = Slot.of(hour: hour)
    let decay = Float(record.samples == 0 ? 1 : Forgetting.entity(hours: hour - Int(record.last)))
    if record.samples == 1 { seedSeason(place) }
    if record.seasonal >= 0 { fadeSeason(record, decay: decay) }
    let smoothed = Float(1 + 2 * ExposureHistory.neighbourWeight)
    for offset in 0..<EntityTable.Field.means { baseline.entities.figures[base + offset] *= decay }
    for quantity in 0..<ScoredFeature.quantities {
      let own = gated(quantity, .own)
      let peers = gated(quantity, .peers)
      if teachesDispersion {
        lessons.addDispersion(
          .own, group, quantity, value: own, mean: scratch.expectation.own[quantity])
        lessons.addDispersion(
          .peers, group, quantity, value: peers, mean: scratch.expectation.peers[quantity])
      }
      if quantity < ScoredFeature.counts {
        baseline.entities.figures[base + quantity] += Float(own) * smoothed
        let usual = scratch.isOutstanding ? min(peers, scratch.expectation.peers[quantity]) : peers
        lessons.sums[PeerGroups.place(group, quantity)] += usual
        addSeason(place, quantity, Float(own), slot: slot)
      } else {
        let share = quantity - ScoredFeature.counts
        let trials = scratch.observation.trials[share]
        baseline.entities.figures[base + EntityTable.Field.hits + share] += Float(min(own, trials))
        baseline.entities.figures[base + EntityTable.Field.trials + share] += Float(trials)
        guard !scratch.isOutstanding else { continue }
        lessons.hits[group * ScoredFeature.shares + share] += min(peers, trials)
        lessons.trials[group * ScoredFeature.shares + share] += trials
      }
    }
    let calls = min(scratch.observation.quantities[0], gated(0, .own) + 5)
    let figure = base + EntityTable.Field.calls
    baseline.entities.figures[figure] = baseline.entities.figures[figure] * decay + Float(calls)
  }

  /// Gives an entity that came back its slots, with what its first hour had.
  private mutating func seedSeason(_ place: Int) {
    baseline.entities.makeSeason(place)
    let record = baseline.entities.records[place]
    let slot = Slot.of(hour: Int(record.first))
    let smoothed = Float(1 + 2 * ExposureHistory.neighbourWeight)
    for feature in ScoredFeature.seasonal {
      let total = baseline.entities.figures[place * EntityTable.Field.width + feature]
      addSeason(place, feature, total / smoothed, slot: slot)
    }
  }

  private mutating func fadeSeason(_ record: EntityRecord, decay: Float) {
    let base = Int(record.seasonal) * EntityTable.seasonalWidth
    for offset in 0..<EntityTable.seasonalWidth { baseline.entities.seasons[base + offset] *= decay }
  }

  private mutating func addSeason(_ place: Int, _ feature: Int, _ value: Float, slot: Int) {
    let seasonal = ScoredFeature.seasonalPlace[feature]
    let record = baseline.entities.records[place]
    guard seasonal >= 0, record.seasonal >= 0, value > 0 else { return }
    let base = Int(record.seasonal) * EntityTable.seasonalWidth + seasonal * Slot.count
    let (before, after) = Slot.neighbours(of: slot)
    baseline.entities.seasons[base + slot] += value
    baseline.entities.seasons[base + before] += value * Float(ExposureHistory.neighbourWeight)
    baseline.entities.seasons[base + after] += value * Float(ExposureHistory.neighbourWeight)
  }

  private mutating func learnContinuous(_ place: Int, group: Int) {
    for value in 0..<ScoredFeature.continuous {
      var observed = scratch.observation.continuous[value]
      guard !observed.isNaN else { continue }
      let base = place * EntityTable.Field.width + value
      let weight = Double(baseline.entities.figures[base + EntityTable.Field.weights])
      if weight > 5 {
        let reach = 4 * max(scratch.ownVariances[value], 1e-3).squareRoot()
        observed = min(max(observed, scratch.ownMeans[value] - reach), scratch.ownMeans[value] + reach)
      }
      let step = 1 / min(weight + 1, 60)
      let mean = Double(baseline.entities.figures[base + EntityTable.Field.means])
      let variance = Double(baseline.entities.figures[base + EntityTable.Field.variances])
      let change = observed - mean
      baseline.entities.figures[base + EntityTable.Field.means] = Float(mean + step * change)
      baseline.entities.figures[base + EntityTable.Field.variances] = Float(
        (1 - step) * (variance + step * change * change))
      baseline.entities.figures[base + EntityTable.Field.weights] = Float(min(weight + 1, 1e6))
      let peer = group * ScoredFeature.continuous + value
      lessons.numbers[peer] += 1
      lessons.totals[peer] += observed
      lessons.squares[peer] += observed * observed
    }
  }

  /// Learns how the sums of a day disperse, as they are in the scratch.
  mutating func learnDay(group: Int, weight: Double) {
    for quantity in 0..<ScoredFeature.quantities {
      let value = scratch.dayValues[quantity]
      let (own, peers) = (scratch.dayOwn[quantity], scratch.dayPeers[quantity])
      learnDay(.ownDay, group, quantity, value: value, mean: own, weight: weight)
      learnDay(.peersDay, group, quantity, value: value, mean: peers, weight: weight)
    }
  }

  private mutating func learnDay(
    _ view: PeerGroups.View, _ group: Int, _ quantity: Int, value: Double, mean: Double, weight: Double
  ) {
    let lumps = (ScoredFeature.lumps[quantity] - 1) / max(mean, 1e-4)
    let dispersion = baseline.groups.dispersion(view, group, quantity) + lumps
    let gated = Self.gate(value, mean: mean, dispersion: dispersion)
    lessons.addDispersion(view, group, quantity, value: gated, mean: mean, weight: weight)
  }

  /// Lets an entity's sums fade up to the hour without adding to them.
  private mutating func fade(_ place: Int) {
    let record = baseline.entities.records[place]
    let decay = Float(Forgetting.entity(hours: hour - Int(record.last)))
    let base = place * EntityTable.Field.width
    for offset in 0..<EntityTable.Field.means { baseline.entities.figures[base + offset] *= decay }
    baseline.entities.figures[base + EntityTable.Field.calls] *= decay
    if record.seasonal >= 0 { fadeSeason(record, decay: decay) }
  }

  /// Keeps the row for a day and notes that its entity was seen.
  private mutating func remember(_ place: Int) {
    let number = dayRows.append(hour: hour, after: baseline.entities.records[place].tail)
    if let base = dayRows.base(of: number) {
      for quantity in 0..<ScoredFeature.quantities {
        let own = scratch.expectation.own[quantity]
        let observed = scratch.observation.quantities[quantity]
        scratch.dayRow[DayRows.values + quantity] = Float(
          scratch.common[quantity] ? min(own, observed) : observed)
        scratch.dayRow[DayRows.expected + quantity] = Float(own)
      }
      for share in 0..<ScoredFeature.shares {
        scratch.dayRow[DayRows.trials + share] = Float(scratch.observation.trials[share])
      }
      for vector in 0..<DayRows.width {
        dayRows.figures[base + vector] = SIMD8(scratch.dayRow[(8 * vector)..<(8 * vector + 8)])
      }
    }
    let decay = Float(Forgetting.entity(hours: hour - Int(baseline.entities.records[place].last)))
    baseline.entities.records[place].standing = baseline.entities.records[place].standing * decay + 1
    baseline.entities.records[place].tail = number
    baseline.entities.records[place].last = Int32(hour)
    baseline.entities.records[place].samples += 1
  }
}
