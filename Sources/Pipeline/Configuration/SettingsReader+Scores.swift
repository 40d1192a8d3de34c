internal import Rules
internal import Values

extension NodeDecoder {
  /// The block `scores`.
  mutating func decodeScores(_ node: YAMLNode, into options: inout ScoreOptions) {
    let keys = ["enabled", "publish_from", "publish_warm_up", "entities", "prefixes", "zone"]
    guard let fields = fields(node, of: "scores", keys: keys) else { return }
    if let node = fields["enabled"], let flag = boolean(node, of: "enabled") { options.isEnabled = flag }
    if let node = fields["publish_from"], let value = share(node, of: "publish_from") {
      options.publishedFrom = value
    }
    if let node = fields["publish_warm_up"], let flag = boolean(node, of: "publish_warm_up") {
      options.publishesWarmUp = flag
    }
    if let node = fields["entities"], let limit = number(node, of: "entities", in: 16...16_777_216) {
      options.entityLimit = limit.value
    }
    if let node = fields["prefixes"], let limit = number(node, of: "prefixes", in: 16...16_777_216) {
      options.prefixLimit = limit.value
    }
    if let node = fields["zone"], let name = text(node, of: "zone"),
      let clock = LocalClock.read(name, diagnostics: &sink)
    {
      options.clock = clock
    }
  }

  /// A number from 0 to 1 with decimals.
  private mutating func share(_ node: YAMLNode, of what: String) -> Double? {
    guard let text = text(node, of: what) else { return nil }
    guard let value = Double(text.value), (0...1).contains(value) else {
      sink.error(
        DiagnosticCode(rawValue: "bad-number"), at: text.span,
        "'\(what)' must be a number from 0 to 1, not '\(text.value)'", help: "write, for example, 0.99")
      return nil
    }
    return value
  }
}
