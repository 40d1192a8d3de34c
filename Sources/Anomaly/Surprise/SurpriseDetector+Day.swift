extension SurpriseDetector {
  /// Adds up an entity's last 24 hours before the current one into the scratch, with what was expected of
  /// them; the expectation of the current hour must be there.
  ///
  /// Hours with a row have what was expected then; those without have what is expected of them now. In the
  /// peers' view all hours are seen with the eyes of the current group.
  mutating func gatherDay(_ place: Int) {
    let group = scratch.expectation.group
    let first = place < 0 ? hour : Int(baseline.entities.records[place].first)
    let watched = min(24, hour - first + 1)
    for feature in 0..<ScoredFeature.counts {
      let shape = baseline.groups.windowShape(group, feature, hours: watched)
      scratch.dayPeers[feature] = shape * baseline.groups.level[PeerGroups.place(group, feature)]
      scratch.absentShape[feature] = shape
    }
    var present: UInt32 = 0
    for vector in 0..<DayRows.width { scratch.daySum[vector] = .zero }
    if place >= 0 { present = gatherRows(place, group: group) }
    takeDaySum()
    gatherAbsent(place, watched: watched, present: present)
    for share in 0..<ScoredFeature.shares {
      let rate = baseline.groups.rate[group * ScoredFeature.shares + share]
      scratch.dayPeers[ScoredFeature.counts + share] = scratch.dayTrials[share] * rate
    }
  }

  /// Adds the rows of the day; a bit for each hour back that had one.
  private mutating func gatherRows(_ place: Int, group: Int) -> UInt32 {
    var present: UInt32 = 0
    var number = baseline.entities.records[place].tail
    var shapes = SIMD16<Float>.zero
    while number >= 0, let base = dayRows.base(of: number) {
      let then = Int(dayRows.link(of: number).hour)
      guard then > hour - 24 else { break }
      if then < hour { present |= 1 << UInt32(hour - then) }
      for vector in 0..<DayRows.width { scratch.daySum[vector] += dayRows.figures[base + vector] }
      shapes += baseline.groups.slotShapes[group * Slot.count + Slot.of(hour: then)]
      number = dayRows.predecessor(of: number)
    }
    for feature in 0..<ScoredFeature.counts { scratch.absentShape[feature] -= Double(shapes[feature]) }
    return present
  }

  private mutating func takeDaySum() {
    for quantity in 0..<ScoredFeature.quantities {
      let (value, expected) = (DayRows.values + quantity, DayRows.expected + quantity)
      scratch.dayValues[quantity] = Double(scratch.daySum[value / 8][value % 8])
      scratch.dayOwn[quantity] = Double(scratch.daySum[expected / 8][expected % 8])
    }
    for share in 0..<ScoredFeature.shares {
      let trials = DayRows.trials + share
      scratch.dayTrials[share] = Double(scratch.daySum[trials / 8][trials % 8])
    }
  }

  private mutating func gatherAbsent(_ place: Int, watched: Int, present: UInt32) {
    let hasSeason = place >= 0 && baseline.entities.records[place].seasonal >= 0
    let current = Slot.of(hour: hour)
    for feature in 0..<ScoredFeature.counts {
      // The current hour is added by itself.
      let now = baseline.groups.shape(scratch.expectation.group, feature, current)
      let shape = max(0, scratch.absentShape[feature] - now)
      guard hasSeason, ScoredFeature.seasonalPlace[feature] >= 0 else {
        scratch.dayOwn[feature] += scratch.expectation.level[feature] * shape
        continue
      }
      for back in stride(from: 1, to: watched, by: 1) where present >> UInt32(back) & 1 == 0 {
        let slot = Slot.of(hour: hour - back)
        scratch.dayOwn[feature] += baseline.mean(place, feature, slot: slot, scratch.expectation)
      }
    }
  }

  /// Adds the current hour; what is common is taken as expected.
  mutating func addHourToDay() {
    let group = scratch.expectation.group
    for quantity in 0..<ScoredFeature.quantities {
      let own = scratch.expectation.own[quantity]
      let observed = scratch.observation.quantities[quantity]
      scratch.dayValues[quantity] += scratch.common[quantity] ? min(own, observed) : observed
      scratch.dayOwn[quantity] += own
    }
    for share in 0..<ScoredFeature.shares {
      scratch.dayTrials[share] += scratch.observation.trials[share]
      let rate = baseline.groups.rate[group * ScoredFeature.shares + share]
      scratch.dayPeers[ScoredFeature.counts + share] = max(scratch.dayTrials[share] * rate, 1e-6)
    }
    guard scratch.frozenPlace >= 0, let frozen else { return }
    for feature in 0..<ScoredFeature.counts {
      var sum = 0.0
      for back in 0..<min(24, hour + 1) {
        let slot = Slot.of(hour: hour - back)
        sum += frozen.mean(scratch.frozenPlace, feature, slot: slot, scratch.frozen)
      }
      scratch.dayFrozen[feature] = sum
    }
    for share in 0..<ScoredFeature.shares {
      scratch.dayFrozen[ScoredFeature.counts + share] = scratch.dayTrials[share] * scratch.frozen.rate[share]
    }
  }
}
