/// How much a codec impairs speech by itself and how well it bears losses: the E-model's view of a codec.
public struct CodecImpairment: Sendable {
  /// How well founded a figure is; the greater, the less.
  public enum Source: UInt8, Sendable, Comparable {
    /// ITU-T G.113 gives it for this codec.
    case published
    /// ITU-T G.113 gives it for another codec that is much like this one.
    case proxy
    /// Nobody gives it; it was chosen by what is known of the codec.
    case assumed

    /// What `rtp.mos_source` says.
    var name: StaticString {
      switch self {
      case .published: "published"
      case .proxy: "proxy"
      case .assumed: "assumed"
      }
    }

    /// Whether a figure is better founded than another.
    public static func < (left: Source, right: Source) -> Bool { left.rawValue < right.rawValue }
  }

  /// The scale that the figures belong to.
  public let scale: EModel.Scale
  /// Equipment impairment factor `Ie`.
  public let equipment: Double
  /// Where `equipment` comes from.
  public let equipmentSource: Source
  /// Packet-loss robustness factor `Bpl`.
  public let robustness: Double
  /// Where `robustness` comes from.
  public let robustnessSource: Source

  init(
    _ scale: EModel.Scale, _ equipment: Double, _ equipmentSource: Source, _ robustness: Double,
    _ robustnessSource: Source
  ) {
    self.scale = scale
    self.equipment = equipment
    self.equipmentSource = equipmentSource
    self.robustness = robustness
    self.robustnessSource = robustnessSource
  }

  /// How well founded a score is: as well as the weakest figure that it rests on. Without losses the
  /// robustness does not matter.
  public func source(loss: Double) -> Source {
    loss > 0 ? max(equipmentSource, robustnessSource) : equipmentSource
  }

  /// The same figures, with an impairment that is only assumed.
  func withAssumedEquipment() -> CodecImpairment {
    CodecImpairment(scale, equipment, .assumed, robustness, robustnessSource)
  }
}
