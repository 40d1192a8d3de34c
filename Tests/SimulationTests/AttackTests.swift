import Foundation
import Rules
import TestCaptures
import Testing
import Values

@testable import Simulation

/// Attacks and the truth about them.
@Suite struct AttackTests {
  private static func run(_ name: String, seed: UInt64 = 2) throws -> SimulatedCapture {
    var request = AttackRequest(name)
    request.start = 60_000_000_000
    if name.hasSuffix("flood") { request.count = 500 }
    return try SimulatedCapture("small-office", media: "2s") {
      $0.attacks = [request]
      $0.seed = seed
      $0.duration = 400_000_000_000
    }
  }

  @Test(arguments: AttackCatalogue.names)
  func `the label of an attack points at its packets`(name: String) throws {
    let capture = try Self.run(name)
    let labels = try capture.labels().filter { $0["attack"] != nil }
    #expect(labels.count == 1)
    let label = try #require(labels.first)
    #expect(label["attack"] as? String == name)
    let entity = try #require(label["entity"] as? [String: Any])
    let frames = capture.frames
    let (first, last) = (
      try #require(label["first_packet"] as? Int), try #require(label["last_packet"] as? Int)
    )
    #expect(try #require(label["packets"] as? Int) <= last - first + 1)
    #expect(label["start"] as? String == SimulationResult.instant(frames[first - 1].time * 1000))
    #expect(label["end"] as? String == SimulationResult.instant(frames[last - 1].time * 1000))
    guard let address = ((entity["src_ip"] ?? entity["dest_ip"]) as? String).flatMap({ IPAddress($0) }) else {
      return
    }
    // A call of a stolen account ends between the server and the trunk; it begins with who stole it.
    let frame = Array(frames[first - 1].bytes)
    let ends = [26, 30].map { start in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(frame[start + $1]) } }
    #expect(ends.contains(UInt32(address.low)), "packet \(first) is not of \(address)")
  }

  @Test func `as many packets bear a comment as the labels count`() throws {
    let capture = try SimulatedCapture("small-office", media: "2s") {
      $0.attacks = [AttackRequest("register-scan")]
      $0.format = .pcapng
    }
    let text = Array("label 1: register-scan".utf8)
    let found = capture.bytes.indices.count {
      capture.bytes[$0] == text[0] && capture.bytes[$0...].starts(with: text)
    }
    let packets = try capture.labels().reduce(0) { $0 + ($1["packets"] as? Int ?? 0) }
    #expect(found == packets)
    #expect(found > 100)
  }

  @Test func `the rules that labels name are in the shipped pack`() throws {
    let outcome = RuleSetLoader.load([TestFolders.package.appendingPathComponent("rules").path])
    let rules = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
    for kind in AttackCatalogue.kinds {
      for id in kind.rules { #expect(rules.ruleIndex(id: id) != nil, "\(kind.name) names \(id)") }
    }
  }

  @Test func `parameters set the count, the source and the start`() throws {
    var request = AttackRequest("options-scan")
    for (name, value) in [("count", "50"), ("source", "198.51.100.77"), ("start", "30s"), ("rate", "600")] {
      let isSet = request.set(name, to: value)
      #expect(isSet, "\(name)")
    }
    let isDisguised = request.set("disguised", to: nil)
    #expect(isDisguised)
    for (name, value) in [("count", "0"), ("colour", "red"), ("duration", "0s"), ("rate", "fast")] {
      let isSet = request.set(name, to: value)
      #expect(!isSet, "\(name)")
    }
    let capture = try SimulatedCapture("small-office", media: "none") { $0.attacks = [request] }
    let label = try #require(try capture.labels().first)
    #expect(
      label["start"] as? String == "2026-03-02T07:00:30.000000Z" || (label["packets"] as? Int ?? 0) >= 50)
    #expect((label["entity"] as? [String: Any])?["src_ip"] as? String == "198.51.100.77")
    #expect(!String(decoding: capture.bytes, as: UTF8.self).contains("friendly-scanner"))
  }

  @Test func `attacks of a scenario are simulated too`() throws {
    var scenario = try SimulatedCapture.scenario("small-office")
    scenario.attacks = [AttackRequest("digest-leak"), AttackRequest("invite-scan")]
    let capture = SimulatedCapture(scenario) { $0.duration = 400_000_000_000 }
    #expect(
      Set(try capture.labels().compactMap { $0["attack"] as? String }) == ["digest-leak", "invite-scan"])
  }
}
