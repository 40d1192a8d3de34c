internal import Tracking
internal import Values

/// The first part of the page: what matters, on one screen.
struct OverviewPart {
  let report: CaptureReport

  func write(to page: inout HTMLText) {
    writeSpan(to: &page)
    writeTiles(to: &page)
    writeFindings(to: &page)
    page.raw("<div class=\"charts\">")
    let timeline = report.statistics.gathered.timeline
    Charts.timeline("SIP messages", timeline, .messages, to: &page)
    Charts.timeline("Calls", timeline, .calls, to: &page)
    Charts.timeline("Alerts", timeline, .alerts, to: &page)
    page.raw("</div>\n")
  }

  private func writeSpan(to page: inout HTMLText) {
    guard let start = report.metadata.run.start, let end = report.metadata.run.end else {
      return page.element("p", class: "lead", "There was nothing to read.")
    }
    let length = TimeText.length(end.nanoseconds(since: start))
    page.element("p", class: "lead", "\(TimeText.human(start)) to \(TimeText.human(end)) UTC, \(length)")
  }

  private func writeTiles(to page: inout HTMLText) {
    let statistics = report.statistics
    let alerts = report.suspiciousActivity
    let counters = report.metadata.counters
    page.raw("<ul class=\"tiles\">")
    if let packets = counters["decoder.pkts"] {
      tile(NumberText.grouped(packets), "packets", NumberText.bytes(counters["decoder.bytes"] ?? 0), &page)
    }
    tile(
      NumberText.grouped(statistics.gathered.requests + statistics.gathered.responses), "SIP messages",
      "\(NumberText.grouped(statistics.gathered.requests)) requests", &page)
    tile(
      NumberText.grouped(statistics.gathered.started), "calls",
      "\(NumberText.grouped(statistics.gathered.answered)) answered"
        + (statistics.asr.map { ", ASR \(NumberText.percent($0))" } ?? ""), &page)
    let mos = Percentiles(statistics.gathered.mos.nb)
    tile(
      NumberText.grouped(report.streams.list.total), "RTP streams",
      mos.p50.map { "median MOS \(NumberText.decimal($0, digits: 2))" } ?? "no opinion score", &page)
    tile(
      NumberText.grouped(alerts.alerts.total), "alerts",
      "\(NumberText.grouped(alerts.severities[0])) of severity high",
      isHot: alerts.severities[0] > 0, &page)
    let dangerous = report.threats.levels.filter { $0.name == "severe" || $0.name == "high" }
    tile(
      NumberText.grouped(dangerous.reduce(0) { $0 + $1.count }), "high or severe threats",
      "of \(NumberText.grouped(report.threats.assessed)) sources", isHot: dangerous.contains { $0.count > 0 },
      &page)
    tile(
      NumberText.grouped(report.anomalies.total), "protocol faults",
      NumberText.grouped(report.anomalies.byName.count)
        + (report.anomalies.byName.count == 1 ? " kind" : " kinds"),
      &page)
    page.raw("</ul>\n")
  }

  private func tile(
    _ figure: String, _ name: String, _ more: String, isHot: Bool = false, _ page: inout HTMLText
  ) {
    page.raw(isHot ? "<li class=\"hot\">" : "<li>")
    page.element("b", figure)
    page.element("span", name)
    page.element("small", more)
    page.raw("</li>")
  }

  private func writeFindings(to page: inout HTMLText) {
    page.raw("<ul class=\"say\">")
    for threat in report.threats.list.rows.prefix(3) where threat.score >= 50 {
      page.raw("<li class=\"warn\"><b>")
      page.text(threat.party.name)
      page.raw("</b> ")
      page.text(
        "is a \(threat.level.name) threat (\(threat.score) of 100): \(threat.reasons.prefix(3).joined(separator: "; "))."
      )
      page.raw("</li>")
    }
    for statement in report.blindness.statements { page.element("li", statement.text) }
    let open = report.blindness.open.filter { $0.name != "without IP" }.prefix(6)
    if !open.isEmpty {
      let words = open.map { spot in
        "\(spot.name) \(NumberText.grouped(spot.count))"
          + (spot.of.map { " of \(NumberText.grouped($0)) \(spot.unit)" } ?? "")
      }
      page.raw("<li class=\"blind\"><a href=\"#blindness\">Could not be seen</a>: ")
      page.text(words.joined(separator: "; ") + ".")
      page.raw("</li>")
    }
    page.raw("</ul>\n")
  }
}

/// Names with counts, the most frequent first, with bars.
enum CountList {
  static func write(_ title: String, _ rows: [Counted], limit: Int = 20, to page: inout HTMLText) {
    guard let most = rows.map(\.count).max(), most > 0 else { return }
    let total = rows.reduce(0) { $0 + $1.count }
    page.raw("<div class=\"list\">")
    page.element("h4", title)
    page.raw("<table><tbody>")
    for row in rows.prefix(limit) {
      page.raw("<tr>")
      page.raw("<th scope=\"row\">")
      page.text(row.name)
      page.raw("</th>")
      page.raw("<td class=\"n\">\(NumberText.grouped(row.count))</td><td class=\"m\">")
      page.raw(
        "<meter min=\"0\" max=\"\(most)\" value=\"\(row.count)\">\(NumberText.percent(Double(row.count) / Double(max(1, total))))</meter></td></tr>"
      )
    }
    page.raw("</tbody></table>")
    if rows.count > limit {
      page.element("p", class: "note", "\(rows.count - limit) more in the JSON report.")
    }
    page.raw("</div>")
  }
}
