/// What is told of a measured flow at its end.
public struct TrafficSummary: Sendable {
  /// One direction.
  public struct Direction: Sendable {
    /// Bytes.
    public let meanSize: UInt64
    /// Bytes.
    public let sizeDeviation: UInt64
    /// Microseconds; nil without two packets.
    public let meanInterval: UInt64?
    /// Microseconds.
    public let intervalDeviation: UInt64
    /// Share of the intervals within 80 ms that are a usual packet time, in hundredths; nil without any.
    public let pacedPercent: Int?

    init?(_ measure: borrowing DirectionMeasure) {
      guard measure.packets > 0 else { return nil }
      meanSize = measure.meanSize
      sizeDeviation = measure.sizeDeviation
      meanInterval = measure.meanInterval
      intervalDeviation = measure.intervalDeviation
      let steady = Int(measure.steadyIntervals)
      pacedPercent = steady > 0 ? Int(measure.pacedIntervals) * 100 / steady : nil
    }
  }

  /// What the flow is taken for.
  public let verdict: TrafficClassifier.Verdict
  /// From the client; nil when it sent nothing that was measured.
  public let toServer: Direction?
  /// From the server; nil when it sent nothing that was measured.
  public let toClient: Direction?

  /// Classifies a measure; nil when nothing was measured.
  init?(_ measure: borrowing TrafficMeasure) {
    verdict = TrafficClassifier.classify(measure)
    toServer = Direction(measure.toServer)
    toClient = Direction(measure.toClient)
    if toServer == nil, toClient == nil { return nil }
  }
}
