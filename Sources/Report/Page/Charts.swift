internal import Values

/// Small charts as inline SVG, 400 units wide.
enum Charts {
  private static let width = 400.0
  private static let height = 150.0
  private static let left = 44.0
  private static let bottom = 22.0
  private static let top = 10.0

  /// A place in the chart with at most one decimal.
  private static func place(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }

  private static func x(_ share: Double) -> Double { left + share * (width - left - 8) }
  private static func y(_ share: Double) -> Double { height - bottom - share * (height - bottom - top) }

  private static func open(_ title: String, _ summary: String, to page: inout HTMLText) {
    page.raw("<figure class=\"chart\"><figcaption>")
    page.text(title)
    page.raw("</figcaption><svg role=\"img\" viewBox=\"0 0 400 150\">")
    page.element("title", "\(title). \(summary)")
  }

  private static func close(to page: inout HTMLText) { page.raw("</svg></figure>\n") }

  /// The frame with labels below and at the left.
  private static func axes(
    bottom labels: [(share: Double, text: String)], top: String, to page: inout HTMLText
  ) {
    page.raw("<path class=\"ax\" d=\"M\(place(left)) \(place(y(1)))V\(place(y(0)))H\(place(x(1)))\"/>")
    page.raw("<text class=\"lt\" x=\"\(place(left - 4))\" y=\"\(place(y(1) + 8))\">")
    page.text(top)
    page.raw("</text><text class=\"lt\" x=\"\(place(left - 4))\" y=\"\(place(y(0)))\">0</text>")
    for label in labels {
      let anchor = label.share < 0.1 ? "ls" : label.share > 0.9 ? "le" : "lm"
      page.raw("<text class=\"\(anchor)\" x=\"\(place(x(label.share)))\" y=\"\(place(height - 6))\">")
      page.text(label.text)
      page.raw("</text>")
    }
  }

  /// Bars of equal width.
  static func bars(
    _ title: String, _ counts: [Int], labels: [(share: Double, text: String)], to page: inout HTMLText
  ) {
    let most = counts.max() ?? 0
    guard most > 0 else { return }
    open(title, "At most \(most).", to: &page)
    axes(bottom: labels, top: NumberText.grouped(most), to: &page)
    let step = (width - left - 8) / Double(counts.count)
    var path = ""
    for (index, count) in counts.enumerated() where count > 0 {
      let tall = max(1, y(0) - y(Double(count) / Double(most)))
      path +=
        "M\(place(left + step * Double(index))) \(place(y(0)))v-\(place(tall))h\(place(max(0.6, step - (step > 3 ? 1 : 0))))v\(place(tall))z"
    }
    page.raw("<path class=\"bar\" d=\"\(path)\"/>")
    close(to: &page)
  }

  /// A histogram of values between two bounds.
  static func histogram(
    _ title: String, _ values: [Double], from low: Double, to high: Double, bins: Int, unit: String,
    page: inout HTMLText
  ) {
    guard !values.isEmpty, high > low else { return }
    var counts = [Int](repeating: 0, count: bins)
    for value in values {
      let share = (value - low) / (high - low)
      guard share.isFinite else { continue }
      counts[min(bins - 1, max(0, Int(min(1, max(0, share)) * Double(bins))))] += 1
    }
    let text = { (value: Double) in NumberText.decimal(value, digits: high - low < 10 ? 1 : 0) + unit }
    bars(
      title, counts, labels: [(0, text(low)), (0.5, text((low + high) / 2)), (1, text(high))], to: &page)
  }

  /// Dots in a plane.
  static func dots(
    _ title: String, _ points: [(x: Double, y: Double, isBad: Bool)], x unitX: String, y unitY: String,
    to page: inout HTMLText
  ) {
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    guard let mostX = finite.map(\.x).max(), let mostY = finite.map(\.y).max() else { return }
    let (spanX, spanY) = (mostX > 0 ? mostX : 1, mostY > 0 ? mostY : 1)
    open(title, "\(finite.count) points.", to: &page)
    let digits = spanX < 10 ? 2 : 0
    axes(
      bottom: [(0, "0"), (1, NumberText.decimal(spanX, digits: digits) + unitX)],
      top: NumberText.decimal(spanY, digits: spanY < 10 ? 2 : 0) + unitY, to: &page)
    for point in finite.prefix(1000) {
      let place = "cx=\"\(place(x(max(0, point.x) / spanX)))\" cy=\"\(place(y(max(0, point.y) / spanY)))\""
      page.raw("<circle class=\"\(point.isBad ? "db" : "dg")\" \(place) r=\"2.5\"/>")
    }
    close(to: &page)
  }

  /// Counts over time.
  static func timeline(_ title: String, _ timeline: Timeline, _ kind: Timeline.Kind, to page: inout HTMLText)
  {
    let row = timeline.row(kind)
    guard let start = timeline.start, !row.isEmpty else { return }
    let length = Int64(row.count) &* Int64(timeline.seconds) &* 1_000_000_000
    let labels = [0, 0.5, 1].map { share in
      (share: share, text: TimeText.clock(start.advanced(byNanoseconds: Int64(Double(length) * share))))
    }
    bars("\(title) in each \(interval(timeline.seconds))", row, labels: labels, to: &page)
  }

  private static func interval(_ seconds: Int) -> String {
    seconds == 1 ? "second" : TimeText.length(Int64(seconds) &* 1_000_000_000)
  }

  /// The opinion score over the intervals of a stream, with the loss below.
  static func quality(_ reports: [StreamReport], to page: inout HTMLText) {
    let scores = reports.map(\.mos)
    guard reports.count > 1, scores.contains(where: { $0 != nil }) else { return }
    open("Opinion score by interval, 1 to 4.5", "\(reports.count) intervals.", to: &page)
    axes(bottom: [(0, "start"), (1, "end")], top: "4.5", to: &page)
    var path = ""
    for (index, score) in scores.enumerated() {
      guard let score else { continue }
      let share = Double(index) / Double(reports.count - 1)
      path += "\(path.isEmpty ? "M" : "L")\(place(x(share))) \(place(y(min(1, max(0, score / 4.5)))))"
    }
    page.raw("<path class=\"line\" d=\"\(path)\"/>")
    close(to: &page)
  }
}

/// Calls by weekday and hour, as a table whose cells are shaded.
enum HeatMap {
  static func write(_ days: [[Int]], zone: String, to page: inout HTMLText) {
    let most = days.flatMap { $0 }.max() ?? 0
    page.raw("<div class=\"heatbox\"><table class=\"heat\"><caption>")
    page.text("Calls that started, by weekday and hour (\(zone))")
    page.raw("</caption><thead><tr><td></td>")
    for hour in 0..<24 {
      page.raw("<th scope=\"col\"\(hour.isMultiple(of: 6) ? " class=\"k\"" : "")>\(hour)</th>")
    }
    page.raw("</tr></thead><tbody>")
    for (day, counts) in days.enumerated() {
      page.raw("<tr><th scope=\"row\">\(WeekHour.days[day])</th>")
      for (hour, count) in counts.enumerated() {
        let shade = count == 0 || most == 0 ? 0 : 1 + min(8, count * 8 / most)
        page.raw("<td class=\"h\(shade)\" title=\"\(WeekHour.days[day]) \(hour):00: \(count) calls\">")
        page.raw(count > 0 ? "<span>\(count)</span></td>" : "</td>")
      }
      page.raw("</tr>")
    }
    page.raw("</tbody></table></div>\n")
  }
}
