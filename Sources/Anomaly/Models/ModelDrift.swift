#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How far the population is now from the one that a model was trained with.
public struct ModelDrift: Equatable, Sendable {
  /// One feature, then and now, over all entities.
  public struct Line: Equatable, Sendable {
    /// The feature.
    public var feature: String
    /// Its mean when the model was trained: an hour and entity for counts, 0–1 for shares, on the scale on
    /// which it is scored for continuous ones.
    public var trained: Double
    /// Its mean now.
    public var now: Double
    /// How far apart they are: |ln(now / trained)| for counts and shares, in standard deviations of the
    /// trained population for continuous ones. 0.7 is twice or half as much.
    public var distance: Double
  }

  /// The features in their order.
  public var lines: [Line]
  /// The population stability index of the peer groups: below 0.1 the mix of entities is the same, above
  /// 0.25 it is another one.
  public var stability: Double
}

extension SurpriseDetector {
  /// Compares what was learned with the frozen model; nil without one.
  public func drift() -> ModelDrift? {
    guard let frozen else { return nil }
    var lines: [ModelDrift.Line] = []
    for feature in 0..<(ScoredFeature.quantities + ScoredFeature.continuous) {
      let (then, deviation) = frozen.mean(of: feature)
      let (now, _) = baseline.mean(of: feature)
      let distance =
        feature < ScoredFeature.quantities
        ? abs(log(max(now, 1e-6) / max(then, 1e-6))) : abs(now - then) / deviation
      lines.append(
        ModelDrift.Line(feature: ScoredFeature.names[feature], trained: then, now: now, distance: distance))
    }
    return ModelDrift(lines: lines, stability: stability(frozen.entities.alive, baseline.entities.alive))
  }

  /// Σ (p − q) ln(p / q); half an entity in empty groups keeps it finite.
  private func stability(_ then: [Double], _ now: [Double]) -> Double {
    let (before, after) = (then.reduce(3, +), now.reduce(3, +))
    return zip(then, now).reduce(0) { sum, pair in
      let (old, new) = ((pair.0 + 0.5) / before, (pair.1 + 0.5) / after)
      return sum + (new - old) * log(new / old)
    }
  }
}

extension Baseline {
  /// The mean of a feature over all groups, and its standard deviation for continuous ones.
  func mean(of feature: Int) -> (mean: Double, deviation: Double) {
    var (sum, weight, variance) = (0.0, 0.0, 0.0)
    for group in 0..<PeerGroups.count {
      if feature < ScoredFeature.counts {
        sum += entities.alive[group] * groups.level[PeerGroups.place(group, feature)]
        weight += entities.alive[group]
      } else if feature < ScoredFeature.quantities {
        let place = group * ScoredFeature.shares + feature - ScoredFeature.counts
        sum += groups.hits[place]
        weight += groups.trials[place]
      } else {
        let place = group * ScoredFeature.continuous + feature - ScoredFeature.quantities
        sum += groups.weights[place] * groups.means[place]
        variance += groups.weights[place] * groups.variances[place]
        weight += groups.weights[place]
      }
    }
    guard weight > 0 else { return (0, 1) }
    return (sum / weight, max((variance / weight).squareRoot(), 0.1))
  }
}

extension ModelDrift: CustomStringConvertible {
  /// The features that changed by a tenth at least, the most changed first, for people.
  public var description: String {
    let changed = lines.enumerated().filter { $0.element.distance >= 0.1 }
      .sorted { (-$0.element.distance, $0.offset) < (-$1.element.distance, $1.offset) }
    let head = "Mix of sources since the model was trained: stability index \(Self.short(stability))\n"
    return changed.reduce(head) { text, line in
      text
        + "  \(line.element.feature): \(Self.short(line.element.trained)) -> \(Self.short(line.element.now))\n"
    }
  }

  private static func short(_ number: Double) -> String {
    let scale = number.magnitude < 1 ? 10_000.0 : 100
    return "\((number * scale).rounded() / scale)"
  }
}
