internal import Anomaly
internal import Tracking
internal import Values

extension CaptureReport {
  /// The report as one HTML page that needs nothing else.
  public func renderHTML() -> String {
    var page = HTMLText()
    writeHead(to: &page)
    writeHeader(to: &page)
    page.raw("<main id=\"top\">\n")
    for part in PagePart.allCases {
      page.raw("<section id=\"\(part.rawValue)\"><h2>\(part.title)</h2>\n")
      write(part, to: &page)
      page.raw("</section>\n")
    }
    page.raw("</main>\n<footer><p>Ringwatch ")
    page.text(metadata.run.version)
    page.raw(
      ". Times are packet times in UTC. Metadata only: no content of calls or messages.</p></footer>\n")
    page.raw("<script>\(PageScript.text)</script>\n</body>\n</html>\n")
    return page.markup
  }

  private func writeHead(to page: inout HTMLText) {
    let style = InputDigest.base64(of: PageStyle.text)
    let script = InputDigest.base64(of: PageScript.text)
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
    page.raw("style-src 'sha256-\(style)'; script-src 'sha256-\(script)'; ")
    page.raw("base-uri 'none'; form-action 'none'\">\n")
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    page.raw(
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>"
    )
    page.text("Ringwatch report: \(inputsText)")
    page.raw("</title>\n<style>\(PageStyle.text)</style>\n</head>\n<body>\n")
  }

  private var inputsText: String {
    let names = metadata.run.inputs.map(\.name)
    return names.count == 1 ? names[0] : "\(names.count) inputs"
  }

  private func writeHeader(to page: inout HTMLText) {
    page.raw(
      "<a class=\"skip\" href=\"#top\">To the report</a>\n<header><div class=\"brand\"><b>Ringwatch</b> <span>"
    )
    page.text(inputsText)
    page.raw("</span></div><nav aria-label=\"Sections\">")
    for part in PagePart.allCases { page.raw("<a href=\"#\(part.rawValue)\">\(part.short)</a>") }
    page.raw("</nav></header>\n")
  }

  private func write(_ part: PagePart, to page: inout HTMLText) {
    switch part {
    case .overview: OverviewPart(report: self).write(to: &page)
    case .threats: writeThreats(to: &page)
    case .alerts: writeAlerts(to: &page)
    case .calls: writeCalls(to: &page)
    case .streams: writeStreams(to: &page)
    case .statistics: StatisticsPart(statistics: statistics).write(to: &page)
    case .patterns: writePatterns(to: &page)
    case .anomalies: writeAnomalies(to: &page)
    case .blindness: writeBlindness(to: &page)
    case .metadata: writeMetadata(to: &page)
    }
  }
}

/// The parts of the page, in their order.
enum PagePart: String, CaseIterable {
  case overview, threats, alerts, calls, streams, statistics, patterns, anomalies, blindness, metadata

  /// The heading.
  var title: String {
    switch self {
    case .overview: "Overview"
    case .threats: "Threats by source"
    case .alerts: "Suspicious activity"
    case .calls: "Sessions"
    case .streams: "RTP streams"
    case .statistics: "Statistics"
    case .patterns: "Patterns"
    case .anomalies: "Anomalies"
    case .blindness: "What could not be seen"
    case .metadata: "About this report"
    }
  }

  /// The word in the navigation.
  var short: String {
    switch self {
    case .calls: "Sessions"
    case .streams: "Streams"
    case .blindness: "Blindness"
    case .metadata: "About"
    default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }
  }
}

extension CaptureReport {
  private func writeThreats(to page: inout HTMLText) {
    let levels = threats.levels.reversed().map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    page.element("p", class: "lead", "\(threats.assessed) sources were assessed: \(levels).")
    HTMLTable(
      id: "threat", caption: "Sources by threat", shape: Threat.shape, rows: threats.list.rows,
      empty: threats.assessed == 0
        ? "There was no source." : "Nothing is held against any of the \(threats.assessed) sources.",
      opens: true,
      title: { "\($0.party.name): \($0.score) of 100, \($0.level.name)" }
    ).write(to: &page)
    writeLeftOut(threats.list.leftOut, "sources", to: &page)
    guard threats.list.total > 0 else { return }
    page.raw("<p class=\"note\">The score is 100 less twice the lowest reputation of the source. ")
    page.raw("A source that never answered may be forged; then it is a victim.</p>\n")
  }

  private func writeAlerts(to page: inout HTMLText) {
    let activity = suspiciousActivity
    page.raw("<h3>By rule</h3>\n")
    HTMLTable(
      id: "rule", caption: "Alerts by rule", shape: RuleTally.shape, rows: activity.rules,
      empty: blindness.statements.first?.text ?? "No alerts."
    ).write(to: &page)
    guard activity.alerts.total > 0 else { return }
    page.raw("<h3>Alerts with their evidence</h3>\n")
    HTMLTable(
      id: "alert", caption: "Alerts", shape: AlertEntry.shape, rows: activity.alerts.rows, opens: true,
      title: { "\($0.title) (\($0.rule))" }
    ).write(to: &page)
    writeLeftOut(activity.alerts.leftOut, "alerts", to: &page)
  }

  private func writeCalls(to page: inout HTMLText) {
    page.raw("<h3>Calls</h3>\n")
    HTMLTable(
      id: "call", caption: "Calls", shape: CallEntry.shape, rows: sessions.calls.rows,
      empty: "No calls among \(NumberText.grouped(statistics.gathered.requests)) SIP requests.", opens: true,
      drawing: { LadderDrawing($0.ladder).write(to: &$1) },
      title: { "\($0.caller ?? "?") → \($0.callee ?? "?"), \($0.callID)" }
    ).write(to: &page)
    writeLeftOut(sessions.calls.leftOut, "calls", to: &page)
    page.raw("<h3>Registrations</h3>\n")
    if !sessions.outcomes.isEmpty {
      let words = sessions.outcomes.map { "\(NumberText.grouped($0.count)) \($0.name)" }
      page.element("p", class: "lead", words.joined(separator: ", ") + ".")
    }
    HTMLTable(
      id: "registration", caption: "Outcomes of registrations", shape: RegistrationEntry.shape,
      rows: sessions.registrations.rows, empty: "No registrations."
    ).write(to: &page)
    writeLeftOut(sessions.registrations.leftOut, "outcomes", to: &page)
  }

  private func writeStreams(to page: inout HTMLText) {
    let rows = streams.list.rows
    page.raw("<div class=\"charts\">")
    let mos = statistics.gathered.mos
    for (name, sample) in [("narrowband", mos.nb), ("wideband", mos.wb), ("fullband", mos.fb)] {
      Charts.histogram(
        "Opinion score, \(name) (streams)", sample.sample, from: 1, to: 5, bins: 32, unit: "", page: &page)
    }
    Charts.dots(
      "Loss over highest jitter (streams)",
      rows.compactMap { row in
        guard let jitter = row.maxJitter, let loss = row.loss else { return nil }
        return (jitter * 1000, loss * 100, (row.mos ?? 5) < 3.6)
      }, x: " ms", y: " %", to: &page)
    page.raw("</div>\n")
    HTMLTable(
      id: "stream", caption: "RTP streams", shape: StreamEntry.shape, rows: rows,
      empty: "No RTP streams among \(NumberText.grouped(metadata.counters["decoder.pkts"] ?? 0)) packets.",
      opens: true, drawing: { Charts.quality($0.reports, to: &$1) },
      title: {
        "\($0.source?.description ?? "?") → \($0.destination?.description ?? "?"), SSRC \($0.ssrc ?? 0)"
      }
    ).write(to: &page)
    writeLeftOut(streams.list.leftOut, "streams", to: &page)
  }

  private func writePatterns(to page: inout HTMLText) {
    if patterns.hours.contains(where: { $0 > 0 }) {
      HeatMap.write(patterns.days, zone: patterns.zone, to: &page)
    }
    page.raw("<h3>Sources that called</h3>\n")
    HTMLTable(
      id: "caller", caption: "Addresses by their calls", shape: Party.shape, rows: patterns.sources.rows,
      empty: "No address called.", opens: true, drawing: writeHours, title: \.name
    ).write(to: &page)
    writeLeftOut(patterns.sources.leftOut, "addresses", to: &page)
    page.raw("<h3>Accounts that called</h3>\n")
    HTMLTable(
      id: "account", caption: "Accounts by their calls", shape: Party.shape, rows: patterns.accounts.rows,
      empty: "No account called.", opens: true, drawing: writeHours, title: \.name
    ).write(to: &page)
    writeLeftOut(patterns.accounts.leftOut, "accounts", to: &page)
    page.raw("<div class=\"lists\">")
    CountList.write("Countries called", patterns.countries, to: &page)
    CountList.write("Countries called from", patterns.origins, to: &page)
    CountList.write("Parties called by an account", patterns.destinations.accounts, to: &page)
    CountList.write("Parties called by an address", patterns.destinations.sources, to: &page)
    CountList.write("Countries called by an account", patterns.spread.accounts, to: &page)
    CountList.write("Countries called by an address", patterns.spread.sources, to: &page)
    CountList.write("Calls of an account by night, 22 to 6", patterns.nights.accounts, to: &page)
    CountList.write("Calls of an address by night, 22 to 6", patterns.nights.sources, to: &page)
    page.raw("</div>\n")
  }

  @Sendable
  private func writeHours(_ party: Party, to page: inout HTMLText) {
    Charts.bars(
      "Calls by hour of the day (\(patterns.zone))", party.calls.hoursOfDay,
      labels: [(0, "0"), (0.25, "6"), (0.5, "12"), (0.75, "18"), (1, "24")], to: &page)
  }

  private func writeAnomalies(to page: inout HTMLText) {
    page.raw("<h3>Protocol faults</h3>\n")
    HTMLTable(
      id: "fault", caption: "Protocol faults", shape: AnomalyTally.shape, rows: anomalies.byName,
      empty: blindness.statements.dropFirst().first?.text ?? "No faults.", opens: true,
      drawing: { tally, page in
        for (index, example) in tally.examples.enumerated() {
          page.raw("<h4>Example \(index + 1)</h4>")
          HTMLFacts(shape: AnomalyTally.Example.shape, row: example).write(to: &page)
        }
      }, title: \.name
    ).write(to: &page)
    writeRanking(to: &page)
    guard anomalies.scores.total > 0 else { return }
    page.raw("<h3>Statistical scores</h3>\n<div class=\"charts\">")
    Charts.histogram(
      "Scores", anomalies.scores.rows.compactMap(\.value), from: 0, to: 1, bins: 40, unit: "", page: &page)
    page.raw("</div>\n")
    HTMLTable(
      id: "score", caption: "Scores", shape: ScoreEntry.shape, rows: anomalies.scores.rows
    ).write(to: &page)
    writeLeftOut(anomalies.scores.leftOut, "scores", to: &page)
  }

  private func writeRanking(to page: inout HTMLText) {
    let ranking = anomalies.ranking
    page.raw("<h3>Strange sources</h3>\n")
    HTMLTable(
      id: "rank", caption: "Sources by an Isolation Forest", shape: RankedHour.shape, rows: ranking.list,
      empty:
        "\(ranking.compared) hours of sources; fewer than \(Ranking.leastRows) are not compared."
    ).write(to: &page)
    guard !ranking.list.isEmpty else { return }
    page.raw("<div class=\"charts\">")
    Charts.histogram(
      "Scores of the forest (those listed)", ranking.list.map(\.score), from: 0, to: 1, bins: 40,
      unit: "",
      page: &page)
    page.raw("</div>\n")
  }

  private func writeBlindness(to page: inout HTMLText) {
    page.raw("<ul class=\"say\">")
    for statement in blindness.statements { page.element("li", statement.text) }
    for fault in blindness.faults { page.element("li", class: "warn", fault) }
    if !blindness.hasCounters {
      page.element(
        "li", class: "warn", "The input does not tell how many packets there were, or how many were lost.")
    }
    page.raw("</ul>\n")
    HTMLTable(
      id: "spot", caption: "What could not be seen", shape: BlindSpot.shape, rows: blindness.spots,
      empty: "Nothing was counted."
    ).write(to: &page)
    page.raw("<div class=\"lists\">")
    CountList.write("Tables that were full, and what they gave up", blindness.evictions, to: &page)
    page.raw("</div>\n")
  }

  private func writeMetadata(to page: inout HTMLText) {
    HTMLTable(id: "input", caption: "Inputs", shape: ReportInput.shape, rows: metadata.run.inputs).write(
      to: &page)
    page.raw("<div class=\"facts\">")
    HTMLFacts(shape: Metadata.shape, row: metadata).write(to: &page)
    page.raw("</div>\n")
  }

  private func writeLeftOut(_ count: Int, _ what: String, to page: inout HTMLText) {
    guard count > 0 else { return }
    page.element(
      "p", class: "note",
      "\(NumberText.grouped(count)) more \(what) are not listed, but counted in all sums.")
  }
}
