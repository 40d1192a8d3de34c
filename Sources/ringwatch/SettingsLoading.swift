import ArgumentParser
import Pipeline

/// Loads the configuration file of a command line.
enum SettingsLoading {
  /// The settings of a file, the defaults without one; ends with exit code 2 when there is an error.
  static func load(_ path: String?) throws -> SensorSettings {
    guard let path else { return SensorSettings() }
    let (settings, report) = SettingsReader.read(path)
    RuleLoading.show(report, format: .text)
    guard let settings else { throw ExitCode(2) }
    return settings
  }
}
