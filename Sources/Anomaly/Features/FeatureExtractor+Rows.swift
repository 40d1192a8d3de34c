internal import Foundation
internal import Values

/// From counters to features.
extension FeatureExtractor {
  /// What an entity did in the running hour.
  func hour(of number: Int, _ type: EntityType) -> EntityHour {
    switch type {
    case .source: sources.hour(of: number, .source, from: start)
    case .account: accounts.hour(of: number, .account, from: start)
    case .prefix: prefixes.hour(of: number, .prefix, from: start)
    }
  }
}

extension ActivityTable {
  fileprivate func hour(of number: Int, _ type: EntityType, from start: Timestamp) -> EntityHour {
    let record = self[number]
    let calls = calls(of: number)?.hour ?? CallCounters()
    let address = type == .source ? key(of: number).address : nil
    var row = FeatureRow()
    if type != .prefix { row.set(record.counters, calls) }
    row.set(calls)
    var further = hasFurther ? self.further(of: number, type, record, calls) : FurtherFeatures()
    if type != .prefix { further.unregisteredActivity = Double(record.counters.unregistered) }
    return EntityHour(
      type: type, entity: address?.description ?? record.text, address: address, start: start, row: row,
      further: further)
  }

  /// The features that no score uses.
  private func further(
    of number: Int, _ type: EntityType, _ record: borrowing ActivityRecord, _ calls: CallCounters
  ) -> FurtherFeatures {
    var further = FurtherFeatures()
    further.interArrivalMedian = calls.gaps.median
    if let habit = habit(of: number) {
      further.nightShare = habit.nightShare(in: hour)
      further.offHours = habit.offHours(in: hour)
    }
    if type != .source { further.sourceSpread = Double(record.sources.value) }
    guard type != .prefix else { return further }
    further.agentEntropy = agentEntropy(of: number)
    let methods = record.counters.methods
    further.methodEntropy = Entropy.bits(of: methods.indices.lazy.map { Double(methods[$0]) })
    return further
  }
}

extension ActivityRecord {
  fileprivate var text: String {
    String(decoding: (0..<Int(nameCount)).map { name[$0] }, as: UTF8.self)
  }
}

extension FeatureRow {
  /// The features of messages, registrations and streams, which a prefix has not.
  fileprivate mutating func set(_ hour: HourCounters, _ calls: CallCounters) {
    self[.sipMessages] = Double(hour.messages)
    self[.registers] = Double(hour.registers)
    self[.options] = Double(hour.options)
    self[.authenticationFailures] = Double(hour.authenticationFailures)
    self[.notFound] = Double(hour.notFound)
    self[.serverFailures] = Double(hour.serverFailures)
    self[.rtpPackets] = Double(hour.mediaPackets)
    self[.userAgents] = Double(hour.agents.value)
    self[.newUserAgent] = hour.hasNewAgent ? 1 : 0
    self[.newCountry] = hour.hasNewCountry ? 1 : 0
    // 200 bytes for a packet of media, 500 for a message.
    self[.mediaSignallingRatio] = log10(
      (200 * Double(hour.mediaPackets) + 1) / (500 * Double(hour.messages) + 1))
    let failures = Double(hour.authenticationFailures)
    self[.authenticationFailureRatio] = Self.ratio(
      failures, Double(hour.registers) + Double(calls.attempts) + failures)
  }

  fileprivate mutating func set(_ calls: CallCounters) {
    let attempts = Double(calls.attempts)
    self[.invites] = attempts
    self[.minutes] = calls.talkNanoseconds / 60e9
    self[.distinctCallees] = Double(calls.callees.value)
    self[.distinctPrefixes] = Double(calls.prefixes.value)
    self[.prefixEntropy] = calls.spread.bits
    self[.internationalShare] = Self.ratio(Double(calls.international), attempts)
    self[.premiumShare] = Self.ratio(Double(calls.premium), attempts)
    self[.newCalleeShare] = Self.ratio(Double(calls.newCallees), attempts)
    self[.maximumConcurrent] = Double(calls.maximumConcurrent)
    self[.interArrivalVariation] = calls.gaps.variation
    setOutcomes(calls)
  }

  private mutating func setOutcomes(_ calls: CallCounters) {
    let decided = Double(calls.answered) + Double(calls.unanswered)
    self[.answerSeizureRatio] = Self.ratio(Double(calls.answered), decided)
    self[.networkEffectivenessRatio] = Self.ratio(decided - Double(calls.networkFailures), decided)
    self[.cancelShare] = Self.ratio(Double(calls.cancelled), decided)
    let finished = Double(calls.finished)
    self[.averageCallDuration] = Self.ratio(calls.talkNanoseconds / 1e9, finished)
    self[.shortShare] = Self.ratio(Double(calls.short), finished)
    self[.oneWayShare] = Self.ratio(Double(calls.oneWay), Double(calls.judged))
    self[.postDialDelay] = Self.ratio(calls.delayNanoseconds / 1e6, Double(calls.delays))
  }

  /// NaN where there is nothing to divide by.
  private static func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : .nan }
}
