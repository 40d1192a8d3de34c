extension SurpriseDetector {
  /// Hours without a row from anybody that still count as watched.
  private static let longestPause = 48
  /// Entities that are asked at the end of an hour what was expected of them though they had no row.
  private static let polled = 32768
  /// Days without a row after which an entity is forgotten.
  private static let forgottenAfter = 28 * 24

  /// Ends the hours before one and begins it.
  mutating func advance(to wanted: Int) {
    let wanted = min(max(wanted, 0), Int(Int32.max) - 1)
    if hour < 0 {
      (firstHour, hour) = (wanted, wanted)
      baseline.begin(hour: hour)
      return
    }
    while hour < wanted {
      endHour()
      let paused = wanted - hour > Self.longestPause && census.rows == 0 && census.rowsBefore == 0
      if paused {
        baseline.exposure.fade(hours: wanted - hour - 1)
        census.turn(isNext: false)
        hour = wanted
      } else {
        census.turn(isNext: true)
        hour += 1
      }
      baseline.begin(hour: hour)
    }
  }

  /// Learns what the hour taught; at the end of a day, calibrates anew.
  private mutating func endHour() {
    if options.isFrozen {
      // The entities' sums fade too: what they are divided by has to.
      baseline.exposure.fade(hours: 1)
    } else {
      pollTheAbsent()
      baseline.groups.learn(lessons, alive: baseline.entities.alive, hour: hour)
      lessons.clear()
      baseline.exposure.end(hour: hour)
    }
    if hour % 24 == 23 { endDay() }
  }

  /// What was expected of entities without a row belongs to the dispersion of the own view too.
  private mutating func pollTheAbsent() {
    let records = baseline.entities.records.count
    let step = max(1, records / Self.polled)
    let slot = Slot.of(hour: hour)
    let trials = [Double](repeating: 0, count: ScoredFeature.shares)
    for place in stride(from: hour % step, to: records, by: step) {
      let record = baseline.entities.records[place]
      guard record.isAlive, Int(record.last) < hour else { continue }
      baseline.expect(place, slot: slot, trials: trials, into: &scratch.expectation)
      let group = Int(record.group)
      for feature in 0..<ScoredFeature.counts {
        lessons.addDispersion(
          .own, group, feature, value: 0, mean: scratch.expectation.own[feature], weight: Double(step))
      }
      guard learnsDay else { continue }
      gatherDay(place)
      learnDay(group: group, weight: Double(step))
    }
  }

  /// Regroups the entities, takes the strangest hour of each one's day and calibrates anew.
  private mutating func endDay() {
    var sources = 0.0
    mergeGroups()
    for place in baseline.entities.records.indices where baseline.entities.records[place].isAlive {
      let record = baseline.entities.records[place]
      if hour - Int(record.last) > Self.forgottenAfter {
        baseline.entities.remove(place)
        continue
      }
      if record.worst >= 0 {
        sources += 1
        let worst = Double(record.worst)
        if features.isFitted { days.add(worst) }
        baseline.entities.records[place].worst = -1
        baseline.entities.records[place].counted = ChannelSet()
      }
      regroup(place)
    }
    sourcesPerDay = sourcesPerDay == 0 ? sources : sourcesPerDay + 0.3 * (sources - sourcesPerDay)
    let isFirstFit = !features.isFitted
    features.refit()
    if isFirstFit, features.isFitted { days.expectCalibratedFeatures() }
    days.refit()
  }

  /// The first days are of no use for calibration: nothing was known yet.
  var isOldEnoughToCalibrate: Bool { hour - firstHour >= 48 }

  /// Whether an entity was seen for less than 48 hours, or for less than a workday.
  func isYoung(_ record: EntityRecord) -> Bool {
    let first = Int(record.first)
    return hour - first < 48 || Slot.workHours(until: hour) - Slot.workHours(until: first) < 24
  }

  private mutating func regroup(_ place: Int) {
    let group = mergedGroups[volumeGroup(place)]
    if group != Int(baseline.entities.records[place].group) { baseline.entities.regroup(place, to: group) }
  }

  /// The group of an entity by its age and its calls an hour.
  private func volumeGroup(_ place: Int) -> Int {
    guard hour - Int(baseline.entities.records[place].first) >= 22 else { return 0 }
    let calls = callsAnHour(place)
    return 1 + PeerGroups.borders.count { Double($0) <= calls }
  }

  /// Calls an hour that an entity had so far.
  func callsAnHour(_ place: Int) -> Double {
    let record = baseline.entities.records[place]
    let age = hour - Int(record.first) + 1
    let hours = (1 - Forgetting.entity(hours: age)) / (1 - Forgetting.entity)
    let decay = Forgetting.entity(hours: hour - Int(record.last))
    let figure = place * EntityTable.Field.width + EntityTable.Field.calls
    return Double(baseline.entities.figures[figure]) * decay / max(hours, 1)
  }

  /// Where each group goes: one of few entities joins its neighbour towards the middle, because in it a few
  /// attackers would be the usual.
  private mutating func mergeGroups() {
    var members = [Int](repeating: 0, count: PeerGroups.count)
    for place in baseline.entities.records.indices where baseline.entities.records[place].isAlive {
      members[volumeGroup(place)] += 1
    }
    let least = min(50, members.reduce(0, +) / 10)
    var merged = Array(0..<PeerGroups.count)
    for (group, neighbour) in [(1, 2), (2, 3), (5, 4), (4, 3)] where members[group] < least {
      merged[group] = neighbour
      members[neighbour] += members[group]
    }
    mergedGroups = merged.map { merged[merged[$0]] }
  }
}
