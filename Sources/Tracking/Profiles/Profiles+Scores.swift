public import Values

/// Statistical scores of addresses and accounts.
extension Profiles {
  /// Takes note of the score of an address's hour; one without a profile is left out.
  public mutating func observe(score: Double, of address: IPAddress, at time: Timestamp) {
    guard let number = sources.find(WideKey(address)) else { return }
    sources[number].see(score: score, at: time)
  }

  /// Takes note of the score of an account's hour; one without a profile is left out.
  ///
  /// - Parameter name: `user@host` with the host in lower case.
  public mutating func observe(score: Double, ofAccount name: String, at time: Timestamp) {
    guard let number = accounts.find(WideKey(Array(name.utf8).span, seed: seed)) else { return }
    accounts[number].see(score: score, at: time)
    hasAccountScores = true
  }
}

extension Profile {
  /// Nanoseconds for which a score is kept against whom it is about.
  private static var scoreLifetime: Int64 { 86_400_000_000_000 }
  /// From here on a score moves the reputation.
  private static var strange: Double { 0.9975 }

  /// The highest score that is not yet forgotten; nil when there is none.
  @inline(__always)
  func score(at time: Timestamp) -> Double? {
    guard !score.isNaN, time.nanoseconds(since: scoreTime) <= Self.scoreLifetime else { return nil }
    return Double(score)
  }

  fileprivate mutating func see(score value: Double, at time: Timestamp) {
    if value >= Self.strange { reputation.move(.score, at: time) }
    if let old = self.score(at: time), old > value { return }
    score = Float(value)
    scoreTime = time
  }
}
