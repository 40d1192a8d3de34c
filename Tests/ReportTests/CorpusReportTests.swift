import Capture
import Foundation
import Report
import TestCaptures
import Testing

/// Reports on real captures.
@Suite struct CorpusReportTests {
  /// Files are shared out over this many tests, which run side by side.
  static let shares = 4

  @Test(
    .enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"), arguments: 0..<shares)
  func `every real capture gives a valid report`(share: Int) throws {
    let names = try TestFolders.sharedCaptureNames()
    for index in stride(from: share, to: names.count, by: Self.shares) {
      let path = TestFolders.sharedCaptures.appendingPathComponent(names[index]).path
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      // Larger ones say nothing more, and take long without optimisation.
      guard size < 2_000_000 else { continue }
      let report: CaptureReport
      do {
        report = try ReportSample.report(onFile: path, rules: ReportSchemaTests.rules)
      } catch is CaptureError {
        // Some are of formats that are not read.
        continue
      }
      #expect(try ReportSample.faults(of: report) == [], "\(names[index])")
    }
  }
}
