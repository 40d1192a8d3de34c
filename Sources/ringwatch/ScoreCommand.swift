import ArgumentParser
import Foundation
import Rules
import Simulation
import Values

/// `ringwatch score`: how right were the alerts?
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compares the alerts of a log with the labels of simulated captures.",
    discussion: """
      Says for each kind of attack how many were found and after what time, for each scenario how many false alarms a day and per 1,000
      calls there were, and for each rule how often it was right. metadata.json beside the labels tells the length and the calls.
      Several runs are one table: name their labels and logs in the same order.

      EXAMPLES:
        ringwatch simulate --attack register-scan -o s && ringwatch run -r s/capture.pcap -l s -q
        ringwatch score --labels s/labels.jsonl --eve s/eve.json
      """)

  @Option(help: ArgumentHelp("labels.jsonl of a simulation. Repeatable.", valueName: "file"))
  var labels: [String]

  @Option(
    help: ArgumentHelp(
      "Log with the alerts of its capture, in the same order. Repeatable.", valueName: "file"))
  var eve: [String]

  @Option(
    help: ArgumentHelp("How long after an attack's end an alert still belongs to it.", valueName: "duration"))
  var grace = "10m"

  func validate() throws {
    guard labels.count == eve.count else { throw ValidationError("each --labels needs its --eve") }
    guard NodeDecoder.nanoseconds(grace) != nil else {
      throw ValidationError("--grace is a duration such as 10m, not '\(grace)'")
    }
  }

  func run() throws {
    var card = ScoreCard(grace: NodeDecoder.nanoseconds(grace) ?? 0)
    for (labels, log) in zip(labels, eve) { card.add(try ScoredRun.read(labels: labels, log: log)) }
    print(card.markdown, terminator: "")
  }
}

/// Reads what a run left behind.
enum ScoredRun {
  static func read(labels path: String, log: String) throws -> ScoreCard.Run {
    let lines = try objects(path) { _ in true }
    let labels = lines.map { line in
      ScoreCard.TrueLabel(
        name: (line["attack"] ?? line["oddity"]) as? String ?? "", isBenign: line["attack"] == nil,
        start: instant(line["start"]), end: instant(line["end"]),
        entity: line["entity"].map { texts(of: $0).sorted() } ?? [],
        rules: line["rules"] as? [String] ?? [])
    }
    let alerts = try objects(log) { $0.contains("\"event_type\":\"alert\"") }.compactMap { line in
      let context = (line["alert"] as? [String: Any])?["context"] as? [String: Any]
      // What sums up the silence after an alert is no alert of its own, and has no packet to be judged by.
      guard context?["suppressed"] == nil else { return nil as ScoreCard.ScoredAlert? }
      return ScoreCard.ScoredAlert(
        time: instant(line["timestamp"]), rule: context?["rule"] as? String ?? "", texts: texts(of: line))
    }
    let metadata = metadata(beside: path)
    let start = instant(metadata["start"])
    return ScoreCard.Run(
      scenario: metadata["scenario"] as? String ?? lines.first?["scenario"] as? String ?? "unknown",
      duration: max(0, instant(metadata["end"]) - start), calls: metadata["calls"] as? Int ?? 0,
      labels: labels,
      alerts: alerts)
  }

  private static func objects(_ path: String, where isWanted: (Substring) -> Bool) throws -> [[String: Any]] {
    guard let data = FileManager.default.contents(atPath: path) else {
      Terminal.complain("ringwatch: \(path): there is no such file, or it cannot be read")
      throw ExitCode(2)
    }
    let text = String(decoding: data, as: UTF8.self)
    return try text.split(separator: "\n").enumerated().compactMap { number, line in
      guard isWanted(line) else { return nil }
      guard let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)),
        let object = value as? [String: Any]
      else {
        Terminal.complain("ringwatch: \(path):\(number + 1): no JSON object; is the file complete?")
        throw ExitCode(2)
      }
      return object
    }
  }

  private static func metadata(beside labels: String) -> [String: Any] {
    let path = labels.replacingOccurrences(of: "labels.jsonl", with: "metadata.json")
    guard path != labels, let data = FileManager.default.contents(atPath: path),
      let value = try? JSONSerialization.jsonObject(with: data)
    else { return [:] }
    return value as? [String: Any] ?? [:]
  }

  /// Nanoseconds since the epoch; the log writes `+0000` where RFC 3339 has `+00:00`.
  private static func instant(_ value: Any?) -> Int64 {
    guard let text = value as? String else { return 0 }
    let zoned = text.hasSuffix("+0000") ? text.dropLast(5) + "Z" : text[...]
    return InstantText.parse(String(zoned))?.nanoseconds ?? 0
  }

  /// All texts in an object, at any depth.
  private static func texts(of value: Any) -> Set<String> {
    switch value {
    case let text as String: [text]
    case let list as [Any]: list.reduce(into: []) { $0.formUnion(texts(of: $1)) }
    case let object as [String: Any]: object.values.reduce(into: []) { $0.formUnion(texts(of: $1)) }
    default: []
    }
  }
}
