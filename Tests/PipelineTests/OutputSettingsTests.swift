import Events
import Foundation
import Output
import Pipeline
import Rules
import TestCaptures
import Testing

/// `log.outputs` of the configuration file.
@Suite struct OutputSettingsTests {
  @Test(
    arguments: [
      ("dial_plan: {country_code: \"999\"}", "no country has the code '999'"),
      ("dial_plan: {country_code: \"049\"}", "no country has the code '049'"),
      ("dial_plan: {country_code: \"49\"}", nil),
      ("dial_plan: {country_code: \"1\"}", nil),
      ("dial_plan: {country_code: \"+49\"}", "a part of the dial plan is digits only, not '+49'"),
      ("inputs: {interfaces: [lo, eth0, lo]}", "the input 'lo' is there twice"),
      ("inputs: {files: [a, \"-\", \"-\"]}", "the input '-' is there twice"),
      ("inputs: {files: [a, a, \"-\"]}", nil),
      ("calls: {leg_header: X Call}", "'X Call' is no name of a header"),
      ("calls: {leg_header: \"X-Call:\"}", "'X-Call:' is no name of a header"),
      ("calls: {leg_header: X-Call-ID}", nil),
      ("control: /run/\(String(repeating: "x", count: 103))", "the path of a socket has 1 to 107 bytes"),
      ("control: /run/\(String(repeating: "x", count: 102))", nil),
    ] as [(String, String?)])
  func `what can never work is refused with its place`(line: String, fault: String?) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(line + "\n", as: "ringwatch.yaml")
    let (settings, report) = SettingsReader.read(folder.path("ringwatch.yaml"))
    #expect(report.diagnostics.map(\.message) == (fault.map { [$0] } ?? []))
    #expect((settings == nil) == (fault != nil))
  }

  private func read(_ log: String) throws -> (settings: SensorSettings?, text: String) {
    let folder = try TemporaryFolder()
    _ = try folder.write("log:\n" + log, as: "ringwatch.yaml")
    let (settings, report) = SettingsReader.read(folder.path("ringwatch.yaml"))
    return (settings, report.renderText().replacingOccurrences(of: folder.url.path + "/", with: ""))
  }

  @Test func `outputs are read, each with its types`() throws {
    let (settings, text) = try read(
      """
        outputs:
          - {filetype: regular, filename: alerts.json, types: [alert]}
          - {filetype: unix_stream, filename: /run/eve.sock}
          - {filetype: unix_dgram, filename: /run/eve.dgram, types: [sip, stats]}
          - {filetype: syslog, facility: authpriv, level: notice, identity: rw, types: [alert]}
        types: [alert, call]

      """)
    #expect(text.isEmpty)
    let outputs = try #require(settings).outputs
    #expect(outputs.map(\.kind) == [.regular, .stream, .datagrams, .syslog])
    #expect(outputs.map(\.path) == ["alerts.json", "/run/eve.sock", "/run/eve.dgram", "/dev/log"])
    #expect(outputs.map(\.types) == [[.alert], [.alert, .call], [.sip, .stats], [.alert]])
    #expect(outputs[3].syslog.facility == 10 && outputs[3].syslog.level == 5)
    #expect(outputs[3].syslog.identity == "rw")
  }

  static let wrong: [(log: String, message: String)] = [
    ("  outputs: [{filename: a}]\n", "output has no 'filetype'"),
    ("  outputs: [{filetype: redis, filename: a}]\n", "unknown filetype 'redis'"),
    ("  outputs: [{filetype: unix_stream}]\n", "output has no 'filename'"),
    ("  outputs: [{filetype: regular, filename: a, path: b}]\n", "unknown key 'path' in this output"),
    ("  outputs: [{filetype: regular, filename: a, types: [alerts]}]\n", "unknown event type 'alerts'"),
    (
      "  outputs: [{filetype: regular, filename: a, level: info}]\n",
      "'level' is for filetype syslog only"
    ),
    ("  outputs: [{filetype: syslog, facility: local8}]\n", "unknown facility 'local8'"),
    ("  outputs: [{filetype: syslog, level: fatal}]\n", "unknown level 'fatal'"),
    ("  outputs: [{filetype: syslog, identity: a b}]\n", "an identity has 1 to 48 printable"),
    (
      "  outputs: [{filetype: unix_dgram, filename: /\(String(repeating: "a", count: 107))}]\n",
      "the path of a socket has 1 to 107 bytes"
    ),
    (
      "  outputs: [\((1...9).map { "{filetype: regular, filename: f\($0)}" }.joined(separator: ", "))]\n",
      "there are 9 outputs; 8 are the limit"
    ),
    ("  outputs: {filetype: regular}\n", "expected a list for 'outputs', found a mapping"),
  ]

  @Test(arguments: wrong.indices)
  func `what is wrong is shown with its place`(index: Int) throws {
    let (settings, text) = try read(Self.wrong[index].log)
    #expect(settings == nil)
    #expect(text.hasPrefix("ringwatch.yaml:2:") && text.contains(Self.wrong[index].message), "\(text)")
  }
}
