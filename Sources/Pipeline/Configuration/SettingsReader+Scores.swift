internal import Rules

extension NodeDecoder {
  /// The block `scores`.
  mutating func decodeScores(_ node: YAMLNode, into options: inout ScoreOptions) {
    let keys = ["enabled", "publish_from", "publish_warm_up", "entities", "prefixes"]
    guard let fields = fields(node, of: "scores", keys: keys) else { return }
    if let node = fields["enabled"], let flag = boolean(node, of: "enabled") { options.isEnabled = flag }
    if let node = fields["publish_from"], let value = decimal(node, of: "publish_from", in: 0...1) {
      options.publishedFrom = value.value
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
  }
}
