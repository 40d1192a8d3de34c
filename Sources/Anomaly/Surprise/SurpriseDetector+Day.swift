extension SurpriseDetector {
  /// Adds up an entity's last 24 hours before the current one into the scratch, with what was expected of
  /// them; the expectation of the current hour must be there.
  ///
  /// Hours with a row have what was expected then; those without have what is expected of them now. In the
  /// peers' view all hours are seen with the eyes of the current group.
  mutating func gatherDay(_ place: Int) {
    for quantity in 0..<ScoredFeature.quantities {
      scratch.dayValues[quantity] = 0
      scratch.dayOwn[quantity] = 0
    }
    for share in 0..<ScoredFeature.shares { scratch.dayTrials[share] = 0 }
    let group = scratch.expectation.group
    let first = place < 0 ? hour : Int(baseline.entities.records[place].first)
    let watched = min(24, hour - first + 1)
    for feature in 0..<ScoredFeature.counts {
      let shape = baseline.groups.windowShape(group, feature, hours: watched)
      scratch.dayPeers[feature] = shape * baseline.groups.level[PeerGroups.place(group, feature)]
      scratch.absentShape[feature] = shape
    }
    var present: UInt32 = 0
    if place >= 0 { present = gatherRows(place, group: group) }
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
    while number >= 0, let base = dayRows.base(of: number) {
      let then = Int(dayRows.link(of: number).hour)
      guard then > hour - 24 else { break }
      if then < hour { present |= 1 << UInt32(hour - then) }
      for quantity in 0..<ScoredFeature.quantities {
        scratch.dayValues[quantity] += Double(dayRows.figures[base + quantity])
        scratch.dayOwn[quantity] += Double(dayRows.figures[base + ScoredFeature.quantities + quantity])
      }
      for share in 0..<ScoredFeature.shares {
        scratch.dayTrials[share] += Double(dayRows.figures[base + 2 * ScoredFeature.quantities + share])
      }
      let slot = Slot.of(hour: then)
      for feature in 0..<ScoredFeature.counts {
        scratch.absentShape[feature] -= baseline.groups.shape(group, feature, slot)
      }
      number = dayRows.predecessor(of: number)
    }
    return present
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
