internal import Events

/// A `gauge` block: how many things are live at a time.
struct CompiledGauge: Sendable, Equatable {
  /// The rule.
  var rule: Int32
  var live: GaugeDeclaration.Live
  var keys: Range<Int32>
  /// What says which thing an event is about; the first one must be there.
  var identity: Range<Int32>
  /// How many of these say what it belongs to: the call of a leg, the address of a binding.
  var ownerParts: Int32
  var limit: Int
  var clearBelow: Int

  /// What all parts of one belong to.
  var owner: Range<Int32> { identity.lowerBound..<identity.lowerBound + ownerParts }

  /// Whether all parts of an owner are one thing: the legs of a call.
  var countsOwners: Bool { live == .calls || live == .answeredCalls }
}

extension GaugeDeclaration.Live {
  /// The fields that say which one an event is about.
  var identity: [Field] {
    switch self {
    case .calls, .answeredCalls: [.callID, .callCallID]
    case .registrations: [.registrationAOR, .registrationContact]
    case .streams: [.rtpSSRC, .flowID, .direction]
    case .flows: [.flowID]
    }
  }
}
