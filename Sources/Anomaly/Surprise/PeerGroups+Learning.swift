/// What an hour teaches the groups, gathered until it is over.
struct PeerLessons: Sendable {
  var sums = [Double](repeating: 0, count: PeerGroups.count * ScoredFeature.counts)
  var hits = [Double](repeating: 0, count: PeerGroups.count * ScoredFeature.shares)
  var trials = [Double](repeating: 0, count: PeerGroups.count * ScoredFeature.shares)
  /// Number, sum and sum of squares of the continuous values.
  var numbers = [Double](repeating: 0, count: PeerGroups.count * ScoredFeature.continuous)
  var totals = [Double](repeating: 0, count: PeerGroups.count * ScoredFeature.continuous)
  var squares = [Double](repeating: 0, count: PeerGroups.count * ScoredFeature.continuous)
  var signs = [Double](repeating: 0, count: ScoredFeature.rare)
  var rows = 0.0
  /// Entities of each group that had a row.
  var present = [Double](repeating: 0, count: PeerGroups.count)

  /// Excess variance and squared mean by view, group and quantity, as in the groups.
  var excess = [Double](repeating: 0, count: 4 * PeerGroups.count * ScoredFeature.quantities)
  var meanSquares = [Double](repeating: 0, count: 4 * PeerGroups.count * ScoredFeature.quantities)

  /// Adds what a quantity was and what was expected to a dispersion.
  mutating func addDispersion(
    _ view: PeerGroups.View, _ group: Int, _ quantity: Int, value: Double, mean: Double, weight: Double = 1
  ) {
    let place = (view.rawValue * PeerGroups.count + group) * ScoredFeature.quantities + quantity
    let error = value - mean
    excess[place] += weight * (error * error - ScoredFeature.lumps[quantity] * mean)
    meanSquares[place] += weight * mean * mean
  }

  /// Forgets everything.
  mutating func clear() { self = PeerLessons() }
}

extension PeerGroups {
  /// Learns an hour.
  ///
  /// - Parameters:
  ///   - hourLessons: What the rows of the hour said.
  ///   - alive: The entities of each group, with a row or without.
  mutating func learn(_ hourLessons: PeerLessons, alive: [Double], hour: Int) {
    var lessons = hourLessons
    let slot = Slot.of(hour: hour)
    fade()
    for group in 0..<Self.count {
      hours[group * Slot.count + slot] += alive[group]
      let absent = max(0, alive[group] - lessons.present[group])
      for feature in 0..<ScoredFeature.counts {
        let place = Self.place(group, feature)
        sums[place * Slot.count + slot] += lessons.sums[place]
        let mean = max(level[place] * shape(group, feature, slot), 2e-4)
        lessons.addDispersion(.peers, group, feature, value: 0, mean: mean, weight: absent)
      }
      for share in 0..<ScoredFeature.shares {
        let place = group * ScoredFeature.shares + share
        hits[place] += lessons.hits[place]
        trials[place] += lessons.trials[place]
      }
      for value in 0..<ScoredFeature.continuous {
        learnContinuous(lessons, group * ScoredFeature.continuous + value)
      }
    }
    rows = rows * Forgetting.entity + lessons.rows
    for sign in 0..<ScoredFeature.rare {
      signs[sign] = signs[sign] * Forgetting.entity + lessons.signs[sign]
    }
    for place in excess.indices {
      excess[place] += lessons.excess[place]
      squares[place] += lessons.meanSquares[place]
    }
    fadeDispersion(hour: hour)
  }

  private mutating func fade() {
    for place in sums.indices { sums[place] *= Forgetting.group }
    for place in hours.indices { hours[place] *= Forgetting.group }
    for place in hits.indices {
      hits[place] *= Forgetting.group
      trials[place] *= Forgetting.group
    }
  }

  /// Dispersions of a day are learned every six hours only, and so forgotten.
  private mutating func fadeDispersion(hour: Int) {
    let half = excess.count / 2
    for place in 0..<half {
      excess[place] *= Forgetting.entity
      squares[place] *= Forgetting.entity
    }
    guard hour % 6 == 0 else { return }
    let decay = Forgetting.entity(hours: 6)
    for place in half..<excess.count {
      excess[place] *= decay
      squares[place] *= decay
    }
  }

  private mutating func learnContinuous(_ lessons: PeerLessons, _ place: Int) {
    let number = lessons.numbers[place]
    guard number > 0 else { return }
    weights[place] += number
    let step = min(max(number / max(weights[place], 1), 0.002), 1)
    let mean = lessons.totals[place] / number
    means[place] += step * (mean - means[place])
    let offset = mean - means[place]
    let spread = max(0, lessons.squares[place] / number - mean * mean) + offset * offset
    variances[place] += step * (spread - variances[place])
  }
}
