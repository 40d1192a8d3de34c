extension ScoreReason: CustomStringConvertible {
  /// One line for people: `minutes 240 in 24 h, expected 12.5 (self), surprise 6.2`.
  public var description: String {
    "\(feature) \(Self.short(observed)) in \(windowHours) h, expected \(Self.short(expected))"
      + " (\(view.rawValue)), surprise \(Self.short(surprise))"
  }

  /// Three digits are enough to see by how much.
  private static func short(_ number: Double) -> String {
    guard number.magnitude < 1e12 else { return "\(number)" }
    let scale = number.magnitude < 1 ? 10_000.0 : number.magnitude < 100 ? 100 : 1
    let rounded = (number * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
