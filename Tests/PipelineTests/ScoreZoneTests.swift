import Anomaly
import Capture
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing
import Values

/// `scores.zone` of the configuration file, and the hours that it makes.
@Suite struct ScoreZoneTests {
  private func read(_ scores: String) throws -> (settings: SensorSettings?, text: String) {
    let folder = try TemporaryFolder()
    _ = try folder.write("scores:\n" + scores, as: "ringwatch.yaml")
    let (settings, report) = SettingsReader.read(folder.path("ringwatch.yaml"))
    return (settings, report.renderText().replacingOccurrences(of: folder.url.path + "/", with: ""))
  }

  @Test func `a zone is read as schedules of rules read theirs`() throws {
    let (settings, text) = try read("  zone: Europe/Berlin\n")
    #expect(text.isEmpty)
    #expect(settings?.sensor.scores.clock.zoneName == "Europe/Berlin")
    #expect(try read("  zone: UTC\n").settings?.sensor.scores == ScoreOptions())
  }

  @Test(
    arguments: [
      (
        "  zone: Europe/Berln\n",
        """
        ringwatch.yaml:2:9: error: unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?
            2 |   zone: Europe/Berln
              |         ^~~~~~~~~~~~
              = help: zones are named as in the IANA database: Europe/Berlin, UTC

        """
      ),
      (
        "  zone: +02:00\n",
        """
        ringwatch.yaml:2:9: error: unknown time zone '+02:00'
            2 |   zone: +02:00
              |         ^~~~~~
              = help: zones are named as in the IANA database: Europe/Berlin, UTC

        """
      ),
      (
        "  zones: UTC\n",
        """
        ringwatch.yaml:2:3: error: unknown key 'zones' in this scores; did you mean 'zone'?
            2 |   zones: UTC
              |   ^~~~~

        """
      ),
    ])
  func `what is no zone is an error with its place`(scores: String, expected: String) throws {
    let (settings, text) = try read(scores)
    #expect(settings == nil)
    #expect(text == expected)
  }

  @Test func `hours of features are those of the zone`() throws {
    // The capture begins on a Sunday at 22:14:07 UTC, which is Monday 03:44:07 in India.
    var capture = CaptureBytes()
    for number in 0..<3 {
      let request = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK-\(number)")
      capture.add(
        datagram: request.bytes, from: ScoreEventTests.phone, to: ScoreEventTests.proxy,
        at: Int64(number) * 900_000)
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(capture.bytes, as: "a.pcap")
    func rows(_ configuration: SensorConfiguration) throws -> [[Double]] {
      var rows: [[Double]] = []
      _ = try FeatureRun(configuration).read(captures: [path]) { hour, entities in
        for entity in entities where entity.type == .source {
          rows.append([
            Double(hour % 24), Double(hour / 24 % 7), entity.row[.options],
            Double(entity.start.nanoseconds / 1_000_000_000 % 86_400),
          ])
        }
      }
      return rows
    }
    #expect(try rows(SensorConfiguration()) == [[22, 6, 3, 79_200]])
    let zoned = try #require(read("  zone: Asia/Kolkata\n").settings?.sensor)
    // 03:44 and 03:59 are of one hour, 04:14 of the next, which begins at 22:30 UTC.
    #expect(try rows(zoned) == [[3, 0, 2, 77_400], [4, 0, 1, 81_000]])
  }
}
