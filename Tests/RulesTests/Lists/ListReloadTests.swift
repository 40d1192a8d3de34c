import Events
import Foundation
import Testing
import Values

@testable import Rules

@Suite struct ListReloadTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "ringwatch-lists-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  private func start() throws -> (outcome: RuleSetLoader.Outcome, reloader: ListReloader) {
    try write("192.0.2.0/24\n", to: "nets.txt")
    try write(
      """
      lists:
        nets: {type: cidr, file: nets.txt}
      rules:
        - id: listed
          sid: 1
          title: three from a listed network
          event: sip.request
          when: client.ip in @nets
          threshold: {by: [client.ip], within: 60s, count: {at_least: 3}}
      """, to: "rules.yaml")
    let outcome = RuleSetLoader.load([folder.appendingPathComponent("rules.yaml").path])
    return (outcome, try #require(ListReloader(outcome, options: RuleLoadingOptions())))
  }

  private func request(_ address: String, at second: Int64) throws -> Event {
    var event = Event()
    event.reset(.sipRequest, at: Timestamp(seconds: second, nanoseconds: 0), sequence: UInt64(second))
    event.set(.clientIP, ip: try #require(IPAddress(address)))
    return event
  }

  @Test func `an unchanged list is not loaded again`() throws {
    var (_, reloader) = try start()
    let again = reloader.reloadIfChanged()
    #expect(again == nil)
    try FileManager.default.removeItem(at: folder)
  }

  @Test func `a changed list takes effect and keeps what was counted`() throws {
    var (outcome, reloader) = try start()
    var engine = RuleEngine(try #require(outcome.ruleSet))
    var alerts: [Alert] = []
    for second in Int64(1)...2 { engine.process(try request("192.0.2.7", at: second), into: &alerts) }
    engine.process(try request("198.51.100.7", at: 2), into: &alerts)
    #expect(alerts.isEmpty)

    try write("192.0.2.0/24\n198.51.100.0/24\n", to: "nets.txt")
    let reloaded = reloader.reloadIfChanged()
    let changed = try #require(reloaded)
    let rules = try #require(changed.ruleSet)
    var adoption = RuleAdoption(rules, replacing: engine.ruleSet, limits: EngineLimits())
    #expect(adoption.changes == RuleChanges(keptCount: 1))
    engine.adopt(&adoption)
    engine.process(try request("192.0.2.7", at: 3), into: &alerts)
    #expect(alerts.map(\.count) == [3], "two were counted before the list changed")
    for second in Int64(4)...6 { engine.process(try request("198.51.100.7", at: second), into: &alerts) }
    #expect(alerts.count == 2, "the new network is watched")
    try FileManager.default.removeItem(at: folder)
  }

  @Test(arguments: ["", "# none any more\n"])
  func `a list that is emptied is taken and told`(_ text: String) throws {
    var (outcome, reloader) = try start()
    var rules = try #require(outcome.ruleSet)
    for (text, emptied) in [(text, ["nets"]), (text + "# nor now\n", []), ("192.0.2.7\n", [])] {
      try write(text, to: "nets.txt")
      let reloaded = reloader.reloadIfChanged()
      let changed = try #require(reloaded?.ruleSet)
      let changes = RuleAdoption(changed, replacing: rules, limits: EngineLimits()).changes
      #expect(changes.emptied == emptied)
      let what = emptied.isEmpty ? "" : "; the list 'nets' is empty now"
      #expect(changes.summary() == "1 rule: 1 kept" + what)
      rules = changed
    }
    outcome = RuleSetLoader.load(texts: [("none.yaml", "rules: []\n")])
    let none = try #require(outcome.ruleSet)
    #expect(RuleAdoption(none, replacing: rules, limits: EngineLimits()).changes.emptied == [])
    try FileManager.default.removeItem(at: folder)
  }

  @Test func `a bad list is refused with its place, and a mended one is taken`() throws {
    var (_, reloader) = try start()
    try write("192.0.2.0/24\n10.0.0.0/99\n", to: "nets.txt")
    let reloaded = reloader.reloadIfChanged()
    let refused = try #require(reloaded)
    #expect(refused.ruleSet == nil && refused.report.renderText().contains("nets.txt:2"))
    try FileManager.default.removeItem(at: folder.appendingPathComponent("nets.txt"))
    let missing = reloader.reloadIfChanged()
    #expect(missing != nil && missing?.ruleSet == nil)
    try write("10.0.0.0/8\n", to: "nets.txt")
    let mended = reloader.reloadIfChanged()
    #expect(mended?.ruleSet != nil)
    try FileManager.default.removeItem(at: folder)
  }
}
