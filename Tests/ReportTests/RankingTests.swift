import Anomaly
import Foundation
import Testing
import Values

@testable import Report

/// The ranking of what sources did, hour by hour.
@Suite struct RankingTests {
  /// A row of an ordinary source; no two are quite the same.
  private func row(_ number: Int) -> EntityHour {
    var row = FeatureRow()
    row[.sipMessages] = Double(40 + number % 7)
    row[.invites] = Double(3 + number % 3)
    row[.registers] = Double(6 + number % 2)
    row[.options] = Double(number % 4)
    row[.notFound] = Double(number % 2)
    row[.minutes] = Double(5 + number % 5)
    row[.distinctCallees] = Double(2 + number % 3)
    return EntityHour(
      type: .source, entity: "192.0.2.\(number + 1)",
      start: Timestamp(seconds: 1_772_403_600, nanoseconds: 0), row: row)
  }

  private var scanner: EntityHour {
    var hour = row(0)
    hour.entity = "203.0.113.66"
    hour.row[.sipMessages] = 9000
    hour.row[.options] = 4500
    hour.row[.notFound] = 4400
    return hour
  }

  private func report(_ hours: [EntityHour], limits: ReportLimits = ReportLimits()) throws -> CaptureReport {
    var builder = ReportBuilder(limits: limits)
    builder.note(hourOf: hours)
    return builder.finish(ReportedRun())
  }

  @Test(arguments: [0, 1, 15, 16, 17, 60])
  func `sixteen rows are ranked, fewer are not`(count: Int) throws {
    let report = try report((0..<count).map { row($0) })
    #expect(try ReportSample.faults(of: report) == [])
    let object = try ReportSample.object(report)
    #expect(object.count("anomalies.ranking.compared") == count)
    #expect(object.list("anomalies.ranking.list").count == (count < 16 ? 0 : count))
  }

  @Test func `the strange one comes first, with what sets it apart`() throws {
    let report = try report((0..<30).map { row($0) } + [scanner])
    #expect(try ReportSample.faults(of: report) == [])
    let list = try ReportSample.object(report).list("anomalies.ranking.list")
    #expect(list.count == 31)
    let scores = list.compactMap { $0["score"] as? Double }
    #expect(scores == scores.sorted(by: >) && scores.allSatisfy { (0...1).contains($0) })
    let first = try #require(list.first)
    #expect(first["entity"] as? String == "203.0.113.66")
    #expect((first["score"] as? Double ?? 0) > 0.7)
    #expect(first["hour"] as? String == "2026-03-01T22:20:00.000000Z")
    let reasons = first.list("reasons")
    #expect(reasons.count == 3)
    #expect(Set(reasons.compactMap { $0["feature"] as? String }) == ["options", "resp_404", "sip_msgs"])
    let options = try #require(reasons.first { $0["feature"] as? String == "options" })
    #expect(options["observed"] as? Double == 4500)
    #expect(options["typical"] as? Double == 1)
    let distances = reasons.compactMap { $0["deviation"] as? Double }.map(abs)
    #expect(distances == distances.sorted(by: >) && distances.allSatisfy { $0 >= 1 })
    let page = report.renderHTML()
    #expect(page.contains("203.0.113.66") && page.contains("Scores of the forest"))
  }

  @Test func `rows that are all the same are all usual`() throws {
    let same = (0..<20).map { number in
      var hour = row(3)
      hour.entity = "192.0.2.\(number + 1)"
      return hour
    }
    let list = try ReportSample.object(report(same)).list("anomalies.ranking.list")
    #expect(list.allSatisfy { $0["score"] as? Double == 0.5 })
    #expect(list.allSatisfy { $0.list("reasons").isEmpty })
    #expect(list.compactMap { $0["entity"] as? String }.first == "192.0.2.1")
  }

  @Test func `accounts and prefixes are not ranked`() throws {
    let others = (0..<20).flatMap { number in
      [EntityType.account, .prefix].map { type in
        var hour = row(number)
        hour.type = type
        return hour
      }
    }
    #expect(try ReportSample.object(report(others)).count("anomalies.ranking.compared") == 0)
  }

  @Test func `the busiest rows are compared, and tables show the first ones`() throws {
    var limits = ReportLimits()
    (limits.hours, limits.rows) = (20, 5)
    let idle = (0..<300).map { number in
      var hour = row(number)
      hour.row[.sipMessages] = 1
      return hour
    }
    let object = try ReportSample.object(report(idle + [scanner], limits: limits))
    #expect(object.count("anomalies.ranking.compared") == 20)
    let list = object.list("anomalies.ranking.list")
    #expect(list.count == 5)
    #expect(list.first?["entity"] as? String == "203.0.113.66")
  }

  @Test func `what is undefined everywhere is no reason and no fault`() throws {
    let empty = (0..<20).map { number in
      EntityHour(
        type: .source, entity: "192.0.2.\(number)", start: Timestamp(nanoseconds: 0), row: FeatureRow())
    }
    let report = try report(empty)
    #expect(try ReportSample.faults(of: report) == [])
    #expect(try ReportSample.object(report).list("anomalies.ranking.list").count == 20)
  }
}
