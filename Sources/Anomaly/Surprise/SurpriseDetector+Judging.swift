extension SurpriseDetector {
  /// Works out the surprises of the hour of a row; the place of its entity.
  ///
  /// An entity for which there is no room gets the place −1 and is compared with its peers only.
  ///
  /// - Parameter isGlance: Whether only surprises of one in a thousand matter; lesser ones may become 0.
  mutating func judge(_ row: EntityRow, isGlance: Bool = false) -> Int {
    let place = expect(row)
    surpriseOfHour(isGlance: isGlance)
    surpriseOfContinuous(place, isGlance: isGlance)
    surpriseOfSigns()
    if !isGlance { askFrozen(row.entity, slot: Slot.of(hour: hour)) }
    return place
  }

  /// Learns a row without judging it.
  mutating func learnOnly(_ row: EntityRow) -> AnomalyScore {
    let place = expect(row)
    for feature in 0..<ScoredFeature.all { scratch.common[feature] = false }
    scratch.isOutstanding = false
    takeOwnContinuous(place)
    let samples = place < 0 ? 0 : Int(baseline.entities.records[place].samples)
    if place >= 0 { baseline.entities.records[place].worst = max(baseline.entities.records[place].worst, 0) }
    if learnsDay {
      gatherDay(place)
      addHourToDay()
    }
    learn()
    return AnomalyScore(
      entity: row.entity, hour: hour, value: 0, surprise: 0, expectedFalseAlarmsPerDay: max(sourcesPerDay, 1),
      isWarmingUp: true, samples: samples, family: nil, reasons: [])
  }

  /// Works out what is expected of a row's entity, the place of which is given back.
  private mutating func expect(_ row: EntityRow) -> Int {
    let place = baseline.entities.admit(row.entity, hour: hour) ?? -1
    let hasRegistration = Observation.registers(row.row)
    if place >= 0, hasRegistration { baseline.entities.records[place].registered = Int32(hour) }
    scratch.observation.take(row, mayBeRegistered: hasRegistration || mayBeRegistered(place))
    newcomer = place
    let slot = Slot.of(hour: hour)
    if place >= 0 {
      baseline.expect(
        place, among: likelyGroup(place), slot: slot, trials: scratch.observation.trials,
        into: &scratch.expectation)
    } else {
      baseline.expectStranger(slot: slot, trials: scratch.observation.trials, into: &scratch.expectation)
    }
    return place
  }

  /// Whether an entity registered in the last 24 hours, or is so new that its registration may not have been seen.
  private func mayBeRegistered(_ place: Int) -> Bool {
    guard place >= 0 else { return true }
    let record = baseline.entities.records[place]
    return record.registered >= 0 ? hour - Int(record.registered) <= 24 : hour - Int(record.first) < 6
  }

  /// The group of those with as many calls as a young entity has in this hour or had so far; nil for others.
  private func likelyGroup(_ place: Int) -> Int? {
    let record = baseline.entities.records[place]
    guard hour - firstHour >= Self.guardedFrom, isYoung(record) else { return nil }
    let calls = max(callsAnHour(place), scratch.observation.quantities[0] / 2)
    return mergedGroups[1 + PeerGroups.borders.count { Double($0) <= calls }]
  }

  private mutating func surpriseOfHour(isGlance: Bool) {
    let group = scratch.expectation.group
    for quantity in 0..<ScoredFeature.quantities {
      let value = scratch.observation.quantities[quantity]
      let (own, peers) = (scratch.expectation.own[quantity], scratch.expectation.peers[quantity])
      scratch.surprises[Channel.ownHour + quantity] = surprise(
        value, mean: own, .own, group, quantity, doubt: scratch.expectation.doubt[quantity],
        isGlance: isGlance)
      scratch.surprises[Channel.peersHour + quantity] = surprise(
        value, mean: peers, .peers, group, quantity, doubt: 0, isGlance: isGlance)
    }
  }

  private func surprise(
    _ value: Double, mean: Double, _ view: PeerGroups.View, _ group: Int, _ quantity: Int, doubt: Double,
    isGlance: Bool = false
  ) -> Double {
    guard value >= 1, value > mean else { return 0 }
    let lumps = (ScoredFeature.lumps[quantity] - 1) / mean
    let dispersion = min(baseline.groups.dispersion(view, group, quantity) + doubt + lumps, 500)
    if isGlance {
      // Within two standard deviations nothing is as rare as one in a thousand.
      let excess = value - mean
      guard excess * excess > 4 * (mean + mean * mean * dispersion) else { return 0 }
    }
    let tail = TailProbability.negativeBinomial(count: value, mean: mean, dispersion: dispersion)
    return min(tail, FeatureCalibration.cap)
  }

  /// Means and variances of the continuous values by the entity's own past.
  private mutating func takeOwnContinuous(_ place: Int) {
    let base = place * EntityTable.Field.width
    for value in 0..<ScoredFeature.continuous {
      let peer = scratch.expectation.group * ScoredFeature.continuous + value
      let (mean, variance) = (baseline.groups.means[peer], baseline.groups.variances[peer])
      guard place >= 0 else {
        (scratch.ownMeans[value], scratch.ownVariances[value]) = (mean, variance)
        scratch.ownWeights[value] = 0
        continue
      }
      let weight = Double(baseline.entities.figures[base + EntityTable.Field.weights + value])
      let ownMean = Double(baseline.entities.figures[base + EntityTable.Field.means + value])
      let ownVariance = Double(baseline.entities.figures[base + EntityTable.Field.variances + value])
      scratch.ownMeans[value] = (ownMean * weight + mean * 3) / (weight + 3)
      scratch.ownVariances[value] = (ownVariance * weight + variance * 3) / (weight + 3)
      scratch.ownWeights[value] = weight
    }
  }

  private mutating func surpriseOfContinuous(_ place: Int, isGlance: Bool) {
    takeOwnContinuous(place)
    // Half of all values are as far out as 0.65; one in a thousand is farther out than 3.
    let least = isGlance ? 3 : 0.65
    for value in 0..<ScoredFeature.continuous {
      let feature = ScoredFeature.quantities + value
      scratch.surprises[Channel.ownHour + feature] = 0
      scratch.surprises[Channel.peersHour + feature] = 0
      let peer = scratch.expectation.group * ScoredFeature.continuous + value
      let observed = scratch.observation.continuous[value]
      guard !observed.isNaN, baseline.groups.weights[peer] >= 50 else { continue }
      let weight = scratch.ownWeights[value]
      let widening = 1 + 1 / (weight + 3)
      let own =
        (observed - scratch.ownMeans[value]) / max(scratch.ownVariances[value] * widening, 0.01).squareRoot()
      if abs(own) > least {
        let tail = TailProbability.student(own, degrees: 4 + min(weight, 30))
        scratch.surprises[Channel.ownHour + feature] = min(tail, FeatureCalibration.cap)
      }
      let (mean, variance) = (baseline.groups.means[peer], baseline.groups.variances[peer])
      let other = (observed - mean) / max(variance * widening, 0.01).squareRoot()
      if abs(other) > least {
        let tail = TailProbability.student(other, degrees: 8)
        scratch.surprises[Channel.peersHour + feature] = min(tail, FeatureCalibration.cap)
      }
    }
  }

  private mutating func surpriseOfSigns() {
    for sign in 0..<ScoredFeature.rare {
      let feature = ScoredFeature.quantities + ScoredFeature.continuous + sign
      let surprise = scratch.observation.signs[sign] ? baseline.groups.surpriseOfSign(sign) : 0
      scratch.surprises[Channel.ownHour + feature] = surprise
      scratch.surprises[Channel.peersHour + feature] = surprise
    }
  }

  private mutating func askFrozen(_ entity: EntityKey, slot: Int) {
    scratch.frozenPlace = frozen?.entities.place(of: entity) ?? -1
    guard scratch.frozenPlace >= 0 else {
      for channel in Channel.frozenHour..<Channel.count { scratch.surprises[channel] = 0 }
      return
    }
    frozen?.expect(
      scratch.frozenPlace, slot: slot, trials: scratch.observation.trials, into: &scratch.frozen)
    let group = scratch.frozen.group
    for quantity in 0..<ScoredFeature.quantities {
      let mean = scratch.frozen.own[quantity]
      scratch.surprises[Channel.frozenHour + quantity] = surprise(
        scratch.observation.quantities[quantity], mean: mean, .own, group, quantity,
        doubt: scratch.frozen.doubt[quantity])
    }
  }

  /// Works out the surprises of the last 24 hours, this one among them.
  mutating func surpriseOfDay() {
    gatherDay(newcomer)
    addHourToDay()
    let group = scratch.expectation.group
    for quantity in 0..<ScoredFeature.quantities {
      let value = scratch.dayValues[quantity]
      let own = max(scratch.dayOwn[quantity], 1e-4)
      let peers = max(scratch.dayPeers[quantity], 1e-4)
      scratch.surprises[Channel.ownDay + quantity] = surprise(
        value, mean: own, .ownDay, group, quantity, doubt: scratch.expectation.doubt[quantity])
      scratch.surprises[Channel.peersDay + quantity] = surprise(
        value, mean: peers, .peersDay, group, quantity, doubt: 0)
      guard scratch.frozenPlace >= 0 else { continue }
      let mean = max(scratch.dayFrozen[quantity], 1e-4)
      scratch.surprises[Channel.frozenDay + quantity] = surprise(
        value, mean: mean, .ownDay, group, quantity, doubt: scratch.frozen.doubt[quantity])
    }
  }
}
