#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The E-model of ITU-T G.107 (narrowband), G.107.1 (wideband) and G.107.2 (fullband), as far as a sensor
/// can fill it in: codec, loss and delay. Everything that no packet shows (levels, echo, noise) has the
/// recommendations' default values.
///
/// The three scales are never mixed: a rating or an opinion score means nothing without its scale.
public enum EModel {
  /// The band of sound that a scale was made for.
  public enum Scale: UInt8, Sendable {
    /// 300–3400 Hz, G.107: the rating of a line without impairment is 93.2.
    case narrowband
    /// 50–7000 Hz, G.107.1: 129.
    case wideband
    /// 20–20,000 Hz, G.107.2: 148.
    case fullband

    /// What `rtp.mos_scale` says.
    var name: StaticString {
      switch self {
      case .narrowband: "nb"
      case .wideband: "wb"
      case .fullband: "fb"
      }
    }

    /// The rating of a line whose parameters all have their default values.
    var highestRating: Double {
      switch self {
      case .narrowband: 93.2
      case .wideband: 129
      case .fullband: 148
      }
    }

    /// The impairment that total loss approaches.
    fileprivate var totalLossImpairment: Double { self == .fullband ? 132 : 95 }

    /// What a rating is divided by before the common curve turns it into an opinion score.
    fileprivate var ratingDivisor: Double {
      switch self {
      case .narrowband: 1
      case .wideband: 1.29
      case .fullband: 1.48
      }
    }
  }

  /// Effective equipment impairment `Ie,eff` (G.107 §3.5): that of the codec and that of the losses.
  ///
  /// - Parameters:
  ///   - loss: share of packets lost, 0–1; values outside count as the nearest one.
  ///   - burstRatio: mean length of a run of losses over that of random losses. Below 1, losses are
  ///     spread more evenly than chance spreads them; the recommendation does not cover that, so it counts
  ///     as 1.
  public static func effectiveImpairment(
    of codec: CodecImpairment, loss: Double, burstRatio: Double = 1
  ) -> Double {
    let percent = 100 * min(max(loss, 0), 1)
    guard percent > 0 else { return codec.equipment }
    let weight = percent / (percent / max(1, burstRatio) + codec.robustness)
    return codec.equipment + (codec.scale.totalLossImpairment - codec.equipment) * weight
  }

  /// Impairment by pure delay, `Idd` (G.107 §3.4), on each scale the same; echo cannot be seen and counts
  /// as cancelled.
  ///
  /// - Parameter delay: one way from mouth to ear, in seconds.
  public static func delayImpairment(_ delay: Double) -> Double {
    guard delay > 0.1 else { return 0 }
    // Beyond ten seconds nobody talks any more, and the powers must not overflow.
    let x = log2(min(delay, 10) / 0.1)
    return 25 * (pow(1 + pow(x, 6), 1 / 6) - 3 * pow(1 + pow(x / 3, 6), 1 / 6) + 2)
  }

  /// The transmission rating `R` on the codec's scale, never below 0.
  ///
  /// - Parameters:
  ///   - loss: share of packets lost, 0–1.
  ///   - burstRatio: see `effectiveImpairment`.
  ///   - delay: one way, in seconds; nil when unknown, which counts as none.
  public static func rating(
    of codec: CodecImpairment, loss: Double, burstRatio: Double = 1, delay: Double? = nil
  ) -> Double {
    let impairment =
      delayImpairment(delay ?? 0) + effectiveImpairment(of: codec, loss: loss, burstRatio: burstRatio)
    return max(0, codec.scale.highestRating - impairment)
  }

  /// The mean opinion score of a rating (G.107 Annex B, G.107.1 Annex A, G.107.2 Annex A), 1–4.5.
  public static func opinionScore(rating: Double, scale: Scale) -> Double {
    let rating = rating / scale.ratingDivisor
    guard rating > 0 else { return 1 }
    guard rating < 100 else { return 4.5 }
    // The curve dips slightly below 1 near 0, which no score does.
    return max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
  }
}
