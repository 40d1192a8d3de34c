/// The features of one entity in one hour.
public struct FeatureRow: Equatable, Sendable {
  /// The values by the order of `Feature`; NaN where one is undefined, as the duration of no calls.
  public var values: [Double]

  /// A row in which everything is undefined.
  public init() {
    values = Array(repeating: .nan, count: Feature.allCases.count)
  }

  /// One value; NaN when it is undefined.
  public subscript(feature: Feature) -> Double {
    get { values[feature.rawValue] }
    set { values[feature.rawValue] = newValue }
  }
}
