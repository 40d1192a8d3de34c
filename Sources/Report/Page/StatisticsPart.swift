/// The part of the page with numbers.
struct StatisticsPart {
  let statistics: Statistics

  func write(to page: inout HTMLText) {
    let gathered = statistics.gathered
    page.raw("<h3>Calls</h3>\n<ul class=\"tiles small\">")
    tile(
      "ASR", statistics.asr.map(NumberText.percent), "answered of \(NumberText.grouped(gathered.decided))",
      &page)
    tile("NER", statistics.ner.map(NumberText.percent), "not failed by the network", &page)
    tile(
      "ACD", statistics.talk.mean.map { NumberText.decimal($0, digits: 1) + " s" }, "mean talk time", &page)
    tile("PDD p50", seconds(statistics.pdd.p50), "post-dial delay", &page)
    tile(
      "PDD p95", seconds(statistics.pdd.p95), "of \(NumberText.grouped(statistics.pdd.count)) calls", &page)
    tile("Setup p95", seconds(statistics.setup.p95), "INVITE to answer", &page)
    page.raw("</ul>\n<div class=\"lists\">")
    CountList.write("Ended calls by cause", gathered.causes.top(32), to: &page)
    CountList.write("Codecs of answered calls", gathered.codecs.top(20), to: &page)
    page.raw("</div>\n<h3>Signalling</h3>\n")
    if gathered.requests + gathered.responses == 0 { page.element("p", class: "none", "No SIP messages.") }
    page.raw("<div class=\"lists\">")
    CountList.write("Requests by method", gathered.methods.top(20), to: &page)
    CountList.write("Responses by code", gathered.codes.top(20), to: &page)
    CountList.write("Responses by class", statistics.classes, to: &page)
    CountList.write("Transports", gathered.transports.top(8), to: &page)
    CountList.write("Repeats, not counted above", gathered.repeats.top(8), to: &page)
    CountList.write("User agents by requests", gathered.agents.top(20), to: &page)
    page.raw("</div>\n<h3>Who</h3>\n")
    if statistics.talkers.isEmpty, statistics.carriers.isEmpty { page.element("p", class: "none", "Nobody.") }
    page.raw("<div class=\"lists\">")
    CountList.write("Sources by SIP messages", statistics.talkers, to: &page)
    CountList.write("Sources by calls", statistics.callers, to: &page)
    CountList.write("Sources by bytes of their flows", statistics.carriers, to: &page)
    page.raw("</div>\n<h3>Traffic</h3>\n")
    HTMLTable(
      id: "flow", caption: "Flows by application protocol", shape: FlowTally.shape,
      rows: gathered.flows.ranked.map(\.entry), empty: "No flows."
    ).write(to: &page)
    page.raw("<div class=\"lists\">")
    CountList.write("Packets by protocol, inner headers too", statistics.layers, to: &page)
    page.raw("</div>\n")
  }

  private func seconds(_ value: Double?) -> String? {
    value.map {
      $0 < 1 ? NumberText.decimal($0 * 1000, digits: 0) + " ms" : NumberText.decimal($0, digits: 2) + " s"
    }
  }

  private func tile(_ name: String, _ figure: String?, _ more: String, _ page: inout HTMLText) {
    page.raw("<li>")
    page.element("b", figure ?? "–")
    page.element("span", name)
    page.element("small", more)
    page.raw("</li>")
  }
}
