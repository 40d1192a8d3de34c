package import Rules
internal import Values

/// Simulates what the tests of rules ask for, and keeps it for the next test of the same.
///
/// A class because its tests share what it keeps.
package final class ScenarioLibrary: TestSimulator {
  /// All that makes one capture differ from another.
  private struct Key: Hashable {
    var path: String
    var media: String?
    var isBenign: Bool
    var start: Int64
    var duration: Int64
    var seed: UInt64
    var attacks: [AttackRequest]
  }

  /// The most that is kept of all captures, in bytes; what does not fit is simulated for each test.
  private static let room = 128 << 20

  private let shipped: [(name: String, path: String)]
  private var kept: [Key: [[UInt8]]] = [:]
  private(set) var keptBytes = 0

  /// A library of scenarios that come with the program, and of all files.
  package init(_ shipped: [(name: String, path: String)]) {
    self.shipped = shipped
  }

  /// A classic capture file with microseconds, piece by piece.
  package func capture(
    of declaration: ScenarioDeclaration, at path: String?
  ) throws(TestReplayFault) -> () -> [UInt8]? {
    var sink = DiagnosticSink()
    let path = path ?? self.path(of: declaration.name, &sink)
    let options = Self.options(of: declaration, &sink)
    guard !sink.hasErrors, let path else { throw TestReplayFault(sink) }
    let key = Key(
      path: path, media: declaration.media?.value, isBenign: declaration.isBenign,
      start: options.start.nanoseconds, duration: options.duration, seed: options.seed,
      attacks: options.attacks)
    if let pieces = kept[key] {
      var rest = pieces[...]
      return { rest.popFirst() }
    }
    return simulation(of: try scenario(declaration, at: path), options, keptAs: key)
  }

  /// Simulates as it is asked, and keeps what it made when it fits and was read to its end.
  private func simulation(
    of scenario: Scenario, _ options: Simulator.Options, keptAs key: Key
  ) -> () -> [UInt8]? {
    let simulation = Simulator(scenario, options).begin()
    var pieces: [[UInt8]]? = []
    var size = 0
    return { [self] in
      guard let piece = simulation.nextPiece() else {
        if let pieces, kept[key] == nil {
          kept[key] = pieces
          keptBytes += size
        }
        return nil
      }
      size += piece.count
      if keptBytes + size <= Self.room { pieces?.append(piece) } else { pieces = nil }
      return piece
    }
  }

  private func path(of name: Spanned<String>, _ sink: inout DiagnosticSink) -> String? {
    if let found = shipped.first(where: { $0.name == name.value }) { return found.path }
    let names = shipped.map(\.name)
    let known =
      names.isEmpty ? "none was found beside the program" : "known: \(names.joined(separator: ", "))"
    sink.error(
      .unknownScenario, at: name.span,
      "there is no scenario \(name.value.quoted)" + Suggestion.phrase(for: name.value, among: names),
      help: known + "; a file is named with its folder or with .yaml")
    return nil
  }

  private func scenario(
    _ declaration: ScenarioDeclaration, at path: String
  ) throws(TestReplayFault) -> Scenario {
    let (found, report) = ScenarioReader.read(path)
    guard var scenario = found else { throw TestReplayFault(report) }
    if declaration.isBenign { scenario.removeAttacks() }
    if let media = declaration.media, !scenario.setMedia(media.value) {
      var sink = DiagnosticSink()
      sink.error(
        .unknownWord, at: media.span,
        "'media' is none, all or a duration such as 3s, not \(media.value.quoted)")
      throw TestReplayFault(sink)
    }
    return scenario
  }

  private static func options(
    of declaration: ScenarioDeclaration, _ sink: inout DiagnosticSink
  ) -> Simulator.Options {
    var options = Simulator.Options()
    options.start = declaration.start ?? options.start
    options.duration = declaration.duration ?? options.duration
    options.seed = declaration.seed.map { UInt64($0) } ?? options.seed
    options.attacks = ScenarioReader.attacks(declaration.attacks, &sink)
    return options
  }
}

extension DiagnosticCode {
  static let unknownScenario = DiagnosticCode(rawValue: "unknown-scenario")
}
