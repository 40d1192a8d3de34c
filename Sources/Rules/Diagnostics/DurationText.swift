/// Lengths of time as people read them.
enum DurationText {
  /// Seconds with as many decimals as it takes, such as `45s` or `0.25s`.
  static func text(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    var fraction = String(magnitude % 1_000_000_000)
    fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\(magnitude / 1_000_000_000)\(fraction.isEmpty ? "" : "." + fraction)s"
  }
}
