/// Moves the hours of one input by whole weeks, so that none is before what a detector knows from a model.
public struct HourShift: Sendable {
  /// Hours to add; nil before the first hour.
  private var ahead: Int?

  /// A shift that the first hour decides.
  public init() {}

  /// An hour as the detector is to be given it.
  public mutating func moved(_ hour: Int, behind detector: borrowing SurpriseDetector) -> Int {
    let ahead = ahead ?? detector.weeksAhead(of: hour)
    self.ahead = ahead
    return hour + ahead
  }
}
