internal import Events
internal import Values

/// Hashes group keys and distinct values under the engine's seed.
struct KeyHasher: Sendable {
  private let highSeed: UInt64
  private let lowSeed: UInt64

  init(seed: UInt64) {
    highSeed = seed ^ 0x6a09_e667_f3bc_c908
    lowSeed = seed &* 0x9e37_79b9_7f4a_7c15 ^ 0xbb67_ae85_84ca_a73b
  }

  /// A hash with nothing in it.
  func start() -> RunningKeyHash {
    RunningKeyHash(high: SeededHash(seed: highSeed), low: SeededHash(seed: lowSeed))
  }
}

/// A key hash that values are being put into.
struct RunningKeyHash {
  private var high: SeededHash
  private var low: SeededHash

  init(high: SeededHash, low: SeededHash) {
    self.high = high
    self.low = low
  }

  mutating func combine(_ word: UInt64) {
    high.combine(word)
    low.combine(word)
  }

  mutating func combine(_ bytes: Span<UInt8>) {
    high.combine(bytes)
    low.combine(bytes)
  }

  var value: KeyHash { KeyHash(high: high.value, low: low.value) }
}

extension PredicateEvaluator {
  /// The identity of a key; nil when a part has no value, unless an absent part counts as a value.
  mutating func key(
    _ keys: Range<Int32>, allowsAbsent: Bool, _ hasher: KeyHasher, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> KeyHash? {
    var hash = hasher.start()
    for index in keys {
      let loaded = load(program.keySources[Int(index)], program, event)
      guard combine(loaded, into: &hash) || allowsAbsent else { return nil }
    }
    return hash.value
  }

  /// The identity of one value; nil when it is absent.
  mutating func identity(
    _ source: ValueSource, _ hasher: KeyHasher, _ program: RuleProgram, _ event: borrowing Event
  ) -> KeyHash? {
    var hash = hasher.start()
    // Loaded before: as an argument it would change what the call is about, which is copied for that.
    let loaded = load(source, program, event)
    return combine(loaded, into: &hash) ? hash.value : nil
  }

  /// Puts a value with its type into a hash; false for an absent one.
  private func combine(_ loaded: LoadedValue, into hash: inout RunningKeyHash) -> Bool {
    switch loaded.value {
    case .absent, .list:
      hash.combine(0)
      return false
    case .text(let range):
      hash.combine(1)
      switch loaded.store {
      case .event: hash.combine(eventText.span.extracting(range.range))
      case .computed: hash.combine(computedText.span.extracting(range.range))
      case .constant: hash.combine(constantText.span.extracting(range.range))
      }
    case .integer(let value):
      hash.combine(2)
      hash.combine(UInt64(bitPattern: value))
    case .decimal(let value):
      hash.combine(3)
      hash.combine(value.bitPattern)
    case .ip(let address):
      hash.combine(address.isIPv6 ? 5 : 4)
      hash.combine(address.high)
      hash.combine(address.low)
    case .time(let time):
      hash.combine(6)
      hash.combine(UInt64(bitPattern: time.nanoseconds))
    case .duration(let value):
      hash.combine(7)
      hash.combine(UInt64(bitPattern: value))
    case .bool(let value): hash.combine(value ? 9 : 8)
    }
    return true
  }

  /// Appends a value as the log writes it; false for an absent one.
  mutating func appendText(
    of source: ValueSource, to bytes: inout [UInt8], _ program: RuleProgram, _ event: borrowing Event
  ) -> Bool {
    let loaded = load(source, program, event)
    switch loaded.value {
    case .absent, .list: return false
    case .text(let range):
      switch loaded.store {
      case .event: bytes.append(contentsOf: eventText[range.range])
      case .computed: bytes.append(contentsOf: computedText[range.range])
      case .constant: bytes.append(contentsOf: constantText[range.range])
      }
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .decimal(let value): bytes.append(contentsOf: String(value).utf8)
    case .ip(let address): address.appendText(to: &bytes)
    case .time(let time): bytes.append(contentsOf: String(time.nanoseconds).utf8)
    case .duration(let value): bytes.append(contentsOf: String(Double(value) / 1e9).utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }
    return true
  }
}
