import Capture
import Foundation
import Pipeline
import Rules
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
      ringwatch.yaml:2:9: error: 'tls:0.0.0.0:9060' does not begin with udp: or tcp:
          2 |   hep: [tls:0.0.0.0:9060]
            |         ^~~~~~~~~~~~~~~~
            = help: write udp:0.0.0.0:9060 or tcp:[::]:9060

      """
    ),
    (
      "  hep: [udp:homer.example:9060]\n",
      """
      ringwatch.yaml:2:9: error: 'homer.example' is no IP address
          2 |   hep: [udp:homer.example:9060]
            |         ^~~~~~~~~~~~~~~~~~~~~~
            = help: write an address of this machine, or 0.0.0.0 or [::] for all

      """
    ),
    (
      "  hep: [udp:0.0.0.0:99999]\n",
      """
      ringwatch.yaml:2:9: error: '99999' is no port
          2 |   hep: [udp:0.0.0.0:99999]
            |         ^~~~~~~~~~~~~~~~~
            = help: write 1 to 65535; the port of HEP is 9060

      """
    ),
    (
      "  hep: [udp:0.0.0.0]\n",
      """
      ringwatch.yaml:2:9: error: 'udp:0.0.0.0' does not name an address and a port
          2 |   hep: [udp:0.0.0.0]
            |         ^~~~~~~~~~~
            = help: write, for example, udp:0.0.0.0:9060

      """
    ),
    (
      "  hep: [tcp:::1:9060]\n",
      """
      ringwatch.yaml:2:9: error: '::1' needs brackets
          2 |   hep: [tcp:::1:9060]
            |         ^~~~~~~~~~~~
            = help: write, for example, tcp:[::1]:9060

      """
    ),
    (
      "  hep_agents: [10.0.0.0/33]\n",
      """
      ringwatch.yaml:2:16: error: '10.0.0.0/33' is no IP address or network
          2 |   hep_agents: [10.0.0.0/33]
            |                ^~~~~~~~~~~
            = help: write, for example, 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7

      """
    ),
  ]

  @Test(arguments: wrong.indices)
  func `what is wrong is shown with its place and what to write`(index: Int) throws {
    let (settings, text) = try read(Self.wrong[index].inputs)
    #expect(settings == nil)
    #expect(text == Self.wrong[index].report)
  }
}
