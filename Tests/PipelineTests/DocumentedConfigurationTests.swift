import Foundation
import Pipeline
import Rules
import Testing

/// The configuration file that `docs/operations.md` shows.
@Suite struct DocumentedConfigurationTests {
  private func block() throws -> String {
    let page = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/operations.md")
    let parts = try String(contentsOf: page, encoding: .utf8).components(
      separatedBy: "```yaml configuration\n")
    try #require(parts.count == 2)
    return try #require(parts[1].components(separatedBy: "```").first)
  }

  @Test func `the documented configuration is accepted and shows the defaults`() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("ringwatch-documented-\(ProcessInfo.processInfo.processIdentifier).yaml")
    try Data(try block().utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let (settings, report) = SettingsReader.read(file.path)
    #expect(report.diagnostics.isEmpty, "\(report.renderText())")
    let read = try #require(settings)
    let defaults = SensorSettings()
    #expect(read.bufferMebibytes == defaults.bufferMebibytes)
    #expect(read.snapLength == defaults.snapLength)
    #expect(read.isPromiscuous == defaults.isPromiscuous)
    #expect(read.logFolder == defaults.logFolder)
    #expect(read.overwritesLog == defaults.overwritesLog)
    #expect(read.sensor.loggedTypes == defaults.sensor.loggedTypes)
    #expect(read.sensor.textLimit == defaults.sensor.textLimit)
    #expect(read.sensor.flowLimit == defaults.sensor.flowLimit)
    #expect(read.sensor.messageMemory == defaults.sensor.messageMemory)
    #expect(read.sensor.streamLimit == defaults.sensor.streamLimit)
    #expect(read.sensor.transactionLimit == defaults.sensor.transactionLimit)
    #expect(read.sensor.registrationLimit == defaults.sensor.registrationLimit)
    #expect(read.sensor.engineLimits == defaults.sensor.engineLimits)
    #expect(read.sensor.communitySeed == defaults.sensor.communitySeed)
    #expect(read.sensor.statsInterval == defaults.sensor.statsInterval)
    #expect(read.sensor.scores == defaults.sensor.scores)
  }
}
