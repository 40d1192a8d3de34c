import Foundation
import Testing

@testable import Rules

@Suite struct HostileImportTests {
  @Test(arguments: [1, 2, 3])
  func `no damage to a file stops the import or gets into the rules`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let names = ["suricata", "snort"]
    let samples = try names.map {
      Array(try String(contentsOfFile: "\(packageRoot)/Fixtures/Import/\($0).rules", encoding: .utf8).utf8)
    }
    for round in 0..<25 {
      var bytes = samples[round % 2]
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2:
          bytes.insert(
            contentsOf: Array("\";:|()!\\,[]$".utf8).shuffled(using: &generator).prefix(3), at: place)
        case 3: bytes.removeSubrange(place..<min(place + 40, bytes.count))
        default: bytes.insert(contentsOf: bytes[place..<min(place + 60, bytes.count)], at: place)
        }
      }
      let outcome = RuleImporter().translate(SourceFile(path: "s.rules", bytes: bytes))
      guard let yaml = outcome.yaml else { continue }
      let loaded = RuleSetLoader.load(texts: [("s.yaml", yaml)])
      #expect(loaded.report.errorCount == 0, "seed \(seed), round \(round)\n\(loaded.report.renderText())")
      #expect(loaded.ruleSet?.ruleCount == outcome.report.translatedCount)
    }
  }

  @Test func `every beginning of a file is a file`() throws {
    let text =
      "ipvar A [10.0.0.0/8]\nalert sip $A any -> any any (msg:\"M\\\"\"; content:\"a|0d|\"; pcre:\"/b/i\"; sid:7;)\n"
    let bytes = Array(text.utf8)
    for end in 0...bytes.count {
      let outcome = RuleImporter().translate(SourceFile(path: "s.rules", bytes: Array(bytes[..<end])))
      #expect(outcome.report.rules.count <= 1)
      #expect((outcome.yaml != nil) == (end >= bytes.count - 1), "\(end)")
    }
  }

  @Test func `what is without measure is refused`() {
    let deep = String(repeating: "[", count: 5000) + "10.0.0.1" + String(repeating: "]", count: 5000)
    #expect(
      imported("", header: "sip \(deep) any -> any any").refusals == ["\(deep.quoted) is nested too deep"])
    let many = String(repeating: "nocase;", count: 600)
    #expect(imported(many).refusals == ["more than 512 options"])
    let long = String(repeating: "a", count: 70_000)
    #expect(imported("content:\"\(long)\";").refusals == ["the rule is longer than 65536 bytes"])
    #expect(imported("content:\"\(long.prefix(20_000))\";").yaml == nil)
    let loop = SourceFile("s.rules", text: "var A $B\nvar B $A\nalert sip $A any -> any any (sid:1;)\n")
    #expect(RuleImporter().translate(loop).report.refusedCount == 1)
  }

  @Test func `variables and titles cannot write into the rule file`() throws {
    var importer = RuleImporter()
    importer.variables = ["X\n  y": "10.0.0.0/8"]
    let text =
      "alert sip any any -> any any (msg:\"a: b # c\\n- id: 'x' |22|\u{85}\u{202e}\"; reference:url,a: b; classtype:{x; sid:3;)\n"
    let outcome = importer.translate(SourceFile("s\n.rules", text: text))
    let yaml = try #require(outcome.yaml)
    let rules = RuleLoader().load(files: [SourceFile(text: yaml)]).rules
    #expect(rules.count == 1)
    #expect(rules.first?.category?.value == "{x")
    #expect(rules.first?.title.value.contains("a: b # c") == true)
  }
}
