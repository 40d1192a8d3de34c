public import Capture
internal import Rules

/// Runs captures or logs for the features of their entities alone; nothing is logged.
public struct FeatureRun {
  private var configuration: SensorConfiguration

  /// A run with the limits of a configuration.
  public init(_ configuration: SensorConfiguration) {
    self.configuration = configuration
    self.configuration.loggedTypes = []
    self.configuration.scores.isEnabled = false
  }

  /// Reads captures to their end.
  public func read(
    captures paths: [String], onHour: @escaping HourListener
  ) throws(CaptureError) -> RunReport {
    var reader = try PcapReader(paths)
    var configuration = configuration
    configuration.inputNames = paths
    var sensor = Sensor(rules: .none, configuration: configuration, sinks: [], onHour: onHour)
    return sensor.run(&reader, stop: StopFlag())
  }

  /// Reads logs to their end.
  public func read(
    logs paths: [String], onHour: @escaping HourListener
  ) throws(CaptureError) -> RunReport {
    var source = try LoggedEvents(paths)
    var replay = LogReplay(rules: .none, configuration: configuration, sinks: [], onHour: onHour)
    return replay.run(&source, stop: StopFlag())
  }
}
