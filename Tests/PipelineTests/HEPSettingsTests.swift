import Capture
import Foundation
import Pipeline
import TestCaptures
import Testing
import Values

/// `inputs.hep` and `inputs.hep_agents` of the configuration file.
@Suite struct HEPSettingsTests {
  private func read(_ inputs: String) throws -> (settings: SensorSettings?, text: String) {
    let folder = try TemporaryFolder()
    _ = try folder.write("inputs:\n" + inputs, as: "ringwatch.yaml")
    let (settings, report) = SettingsReader.read(folder.path("ringwatch.yaml"))
    return (settings, report.renderText().replacingOccurrences(of: folder.url.path + "/", with: ""))
  }

  @Test func `endpoints and agents are read`() throws {
    let (settings, text) = try read(
      """
        interfaces: [eth1]
        hep: [udp:0.0.0.0:9060, "tcp:[::1]:9060"]
        hep_agents: [10.0.0.0/8, 2001:db8::/32, 192.0.2.7]

      """)
    #expect(text.isEmpty)
    #expect(settings?.hepEndpoints.map(\.description) == ["udp:0.0.0.0:9060", "tcp:[::1]:9060"])
    #expect(settings?.hepAgents.map(\.description) == ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"])
    #expect(settings?.interfaces == ["eth1"])
  }

  static let wrong: [(inputs: String, report: String)] = [
    (
      "  hep: [tls:0.0.0.0:9060]\n",
      """
      error[bad-endpoint]: 'tls:0.0.0.0:9060' does not begin with udp: or tcp:
       --> ringwatch.yaml:2:9
        |
      2 |   hep: [tls:0.0.0.0:9060]
        |         ^^^^^^^^^^^^^^^^
        = help: write udp:0.0.0.0:9060 or tcp:[::]:9060

      """
    )
  ]

  @Test(arguments: wrong.indices)
  func `what is wrong is shown with its place and what to write`(index: Int) throws {
    let (settings, text) = try read(Self.wrong[index].inputs)
    #expect(settings == nil)
    #expect(text == Self.wrong[index].report)
  }
}
