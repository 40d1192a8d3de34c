internal import Events
internal import Values

extension RuleSchema {
  static let gauge = ["live", "by", "more_than", "clear_below"]
}

/// A `gauge` block: how many things of a kind are live at a time.
public struct GaugeDeclaration: Sendable {
  /// What is counted.
  public enum Live: String, CaseIterable, Sendable {
    /// Calls from their first INVITE on.
    case calls
    /// Calls that were answered.
    case answeredCalls = "answered_calls"
    /// Bindings of addresses of record.
    case registrations
    /// RTP streams.
    case streams
    case flows

    /// The event that begins one.
    var beginning: EventKind {
      switch self {
      case .calls: .callStarted
      case .answeredCalls: .callAnswered
      case .registrations: .registrationRegistered
      case .streams: .rtpStarted
      case .flows: .flowStarted
      }
    }

    /// The events that end one.
    var ending: EventKindSet {
      switch self {
      case .calls, .answeredCalls: EventKind.callEnded.set
      case .registrations: EventKind.registrationRemoved.set.union(EventKind.registrationExpired.set)
      case .streams: EventKind.rtpEnded.set
      case .flows: EventKind.flowEnded.set
      }
    }
  }

  /// What is counted.
  public var live: Spanned<Live>
  /// The group key, one expression a part, of the event that begins one.
  public var groupKeys: [ExpressionSource]
  /// More than so many fire.
  public var limit: Spanned<Int>
  /// With fewer than so many the rule may fire again, from 1 to `limit` + 1.
  public var clearBelow: Int
  /// Whether the rule says that itself; otherwise it follows from `limit`.
  var hasOwnClearing = false
  /// The whole block.
  public var span: SourceSpan

  /// With fewer than so many a rule may fire again that does not say it.
  static func usualClearing(_ limit: Int) -> Int { max(1, limit) }
}

extension NodeDecoder {
  mutating func gauge(_ node: YAMLNode) -> GaugeDeclaration? {
    guard let fields = fields(node, of: "gauge", keys: RuleSchema.gauge) else { return nil }
    let live = required("live", in: fields).flatMap { self.live($0) }
    let keys = required("by", in: fields).flatMap { expressions($0, of: "by") }
    let limit = required("more_than", in: fields)
      .flatMap { number($0, of: "more_than", in: 0...RuleChecker.maximumCount) }
    let bound = fields["clear_below"].map { node in
      limit.flatMap { number(node, of: "clear_below", in: 1...$0.value + 1) }
    }
    guard let live, let keys, let limit else { return nil }
    let clearBelow = bound.map { $0?.value ?? 1 } ?? GaugeDeclaration.usualClearing(limit.value)
    return GaugeDeclaration(
      live: live, groupKeys: keys, limit: limit, clearBelow: clearBelow, hasOwnClearing: bound != nil,
      span: fields.mapping.span)
  }

  private mutating func live(_ node: YAMLNode) -> Spanned<GaugeDeclaration.Live>? {
    let words = GaugeDeclaration.Live.allCases.map(\.rawValue)
    guard let word = choice(node, of: "live", among: words, code: .unknownGauge),
      let live = GaugeDeclaration.Live(rawValue: word.value)
    else { return nil }
    return Spanned(live, at: word.span)
  }

  /// The event of a rule with a gauge, which `event` may say once more.
  mutating func event(of gauge: GaugeDeclaration?, _ fields: DecodedFields) -> Spanned<String>? {
    let written = fields["event"].flatMap { text($0, of: "event") }
    guard let gauge else { return nil }
    let name = gauge.live.value.beginning.name
    if let written, written.value != name {
      sink.error(
        .conflictingKeys, at: written.span,
        "a gauge of \(gauge.live.value.rawValue) looks at \(name.quoted) events",
        help: "leave 'event' out")
    }
    return Spanned(name, at: gauge.live.span)
  }
}

extension DiagnosticCode {
  static let unknownGauge = DiagnosticCode(rawValue: "unknown-gauge")
}
