extension SurpriseDetector {
  /// Calibrates the surprises, combines them and says how strange the hour is.
  mutating func verdict(_ row: EntityRow) -> AnomalyScore {
    calibrateFeatures()
    let combined = combine()
    let record = newcomer >= 0 ? baseline.entities.records[newcomer] : nil
    let probability = days.probability(combined)
    teachCalibration(combined)
    let value = min(max(1 - probability, 0), 1)
    return AnomalyScore(
      entity: row.entity, hour: hour, value: value, surprise: combined,
      expectedFalseAlarmsPerDay: probability * max(sourcesPerDay, 1),
      isWarmingUp: hour - firstHour < 72, samples: Int(record?.samples ?? 0),
      family: worstFamily(), reasons: value >= options.explainedFrom ? reasons() : [])
  }

  private mutating func calibrateFeatures() {
    for feature in 0..<ScoredFeature.all {
      scratch.best[feature] = 0
      scratch.bestChannel[feature] = feature
    }
    for index in 0..<Channel.count where scratch.surprises[index] > FeatureCalibration.least {
      let calibrated = features.calibrated(scratch.surprises[index], channel: index)
      let feature = Channel(index: index).feature
      guard calibrated > scratch.best[feature] else { continue }
      scratch.best[feature] = calibrated
      scratch.bestChannel[feature] = index
    }
  }

  /// The sum of the three strongest families, each with its strongest feature and its weight.
  private mutating func combine() -> Double {
    for family in scratch.family.indices {
      scratch.family[family] = 0
      scratch.familyFeature[family] = -1
    }
    for feature in 0..<ScoredFeature.all where scratch.best[feature] > 0 {
      let family = ScoredFeature.families[feature]
      let weighted = scratch.best[feature] * ScoredFeature.weight(of: family)
      guard weighted > scratch.family[family.rawValue] else { continue }
      scratch.family[family.rawValue] = weighted
      scratch.familyFeature[family.rawValue] = feature
    }
    var (first, second, third) = (0.0, 0.0, 0.0)
    for value in scratch.family {
      if value > first {
        (first, second, third) = (value, first, second)
      } else if value > second {
        (second, third) = (value, second)
      } else if value > third {
        third = value
      }
    }
    return first + second + third
  }

  /// Counts the row for the calibrations.
  ///
  /// Hours as strange as the strangest hundredth of the days are left out of the features' calibration: they
  /// are attacks more often than not, and would hide others like them.
  private mutating func teachCalibration(_ combined: Double) {
    scratch.isOutstanding = days.isFitted && days.share(from: combined) <= Self.outstanding
    guard newcomer >= 0 else { return }
    baseline.entities.records[newcomer].worst = max(
      baseline.entities.records[newcomer].worst, Float(combined))
    guard isOldEnoughToCalibrate else { return }
    if scratch.isOutstanding || isYoung(baseline.entities.records[newcomer]) { return }
    let end = scratch.frozenPlace >= 0 ? Channel.count : Channel.frozenHour
    features.add(
      scratch.surprises, channels: end, counted: &baseline.entities.records[newcomer].counted)
  }

  /// The share of the strangest days that teach the features' calibration nothing.
  private static let outstanding = 0.01

  private func worstFamily() -> ScoreFamily? {
    var best: ScoreFamily?
    var highest = 0.0
    for family in ScoreFamily.allCases where scratch.family[family.rawValue] > highest {
      highest = scratch.family[family.rawValue]
      best = family
    }
    return best
  }

  /// The strongest features of the three strongest families, worst first.
  private func reasons() -> [ScoreReason] {
    let order = scratch.family.indices.filter { scratch.familyFeature[$0] >= 0 }
      .sorted { (-scratch.family[$0], $0) < (-scratch.family[$1], $1) }
    return order.prefix(3).map { reason(scratch.familyFeature[$0]) }
  }

  private func reason(_ feature: Int) -> ScoreReason {
    let channel = Channel(index: scratch.bestChannel[feature])
    let (observed, expected) = figures(feature, channel)
    return ScoreReason(
      feature: ScoredFeature.names[feature], family: ScoredFeature.families[feature], observed: observed,
      expected: expected, surprise: scratch.best[feature], view: channel.view,
      windowHours: channel.isDay ? 24 : 1)
  }

  /// What was observed and expected, in the unit of the feature.
  private func figures(_ feature: Int, _ channel: Channel) -> (Double, Double) {
    guard feature < ScoredFeature.quantities else { return unsummedFigures(feature, channel) }
    let observed = channel.isDay ? scratch.dayValues[feature] : scratch.observation.quantities[feature]
    let expected =
      switch (channel.view, channel.isDay) {
      case (.own, false): scratch.expectation.own[feature]
      case (.own, true): scratch.dayOwn[feature]
      case (.frozen, false): scratch.frozen.own[feature]
      case (.frozen, true): scratch.dayFrozen[feature]
      case (_, false): scratch.expectation.peers[feature]
      case (_, true): scratch.dayPeers[feature]
      }
    guard feature >= ScoredFeature.counts else { return (observed, expected) }
    let share = feature - ScoredFeature.counts
    let trials = channel.isDay ? scratch.dayTrials[share] : scratch.observation.trials[share]
    return trials > 0 ? (observed / trials, min(expected / trials, 1)) : (0, 0)
  }

  private func unsummedFigures(_ feature: Int, _ channel: Channel) -> (Double, Double) {
    let place = feature - ScoredFeature.quantities
    let observed = scratch.observation.told[place]
    guard place < ScoredFeature.continuous else {
      return (observed, baseline.groups.rateOfSign(place - ScoredFeature.continuous))
    }
    let group = scratch.expectation.group * ScoredFeature.continuous
    let mean = channel.view == .own ? scratch.ownMeans[place] : baseline.groups.means[group + place]
    return (observed, Observation.unscaled(mean, place))
  }
}
