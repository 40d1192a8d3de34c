#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One comparison that is calibrated on its own: a feature, what it is compared with, and over how long.
struct Channel: Sendable {
  var index: Int
  static let ownHour = 0
  static let peersHour = ownHour + ScoredFeature.all
  static let ownDay = peersHour + ScoredFeature.all
  static let peersDay = ownDay + ScoredFeature.quantities
  static let frozenHour = peersDay + ScoredFeature.quantities
  static let frozenDay = frozenHour + ScoredFeature.quantities
  static let count = frozenDay + ScoredFeature.quantities

  var view: ScoreReason.View {
    switch index {
    case ..<Self.peersHour, Self.ownDay..<Self.peersDay: .own
    case ..<Self.frozenHour: .peers
    default: .frozen
    }
  }

  var isDay: Bool {
    (Self.ownDay..<Self.frozenHour).contains(index) || index >= Self.frozenDay
  }

  var feature: Int {
    switch index {
    case ..<Self.peersHour: index
    case ..<Self.ownDay: index - Self.peersHour
    default: (index - Self.ownDay) % ScoredFeature.quantities
    }
  }
}

/// Some of the channels, in three words.
struct ChannelSet: Sendable {
  private var low: UInt64 = 0
  private var middle: UInt64 = 0
  private var high: UInt64 = 0

  init() {}

  init(words: (UInt64, UInt64, UInt64)) { (low, middle, high) = words }

  /// The words, for a model.
  var words: [UInt64] { [low, middle, high] }

  /// Adds a channel; whether it was not there before.
  mutating func insert(_ channel: Int) -> Bool {
    let bit: UInt64 = 1 << UInt64(channel & 63)
    switch channel >> 6 {
    case 0: return Self.set(bit, in: &low)
    case 1: return Self.set(bit, in: &middle)
    default: return Self.set(bit, in: &high)
    }
  }

  private static func set(_ bit: UInt64, in word: inout UInt64) -> Bool {
    defer { word |= bit }
    return word & bit == 0
  }
}

/// From what the model thinks of a surprise to how often one as large is seen.
///
/// Each channel has a histogram of the surprises of some days, of which the older lose weight. A calibrated
/// surprise is −log10 of the share of rows that had as much; beyond the top 0.1 % it is exponential. In the
/// rarest hundredth an entity counts once a day and channel: what one attacker does for days must not become
/// the measure of all.
struct FeatureCalibration: Sendable {
  static let bins = 320
  static let binsPerUnit = 20.0
  /// Surprises end here; a model that is so sure knows no better.
  static let cap = 16.0
  /// What is seen in half of all rows is no surprise.
  static let least = 0.3
  /// What a day leaves of the days before it.
  private static let dailyDecay: Float = 0.9
  /// Rows of a channel from which its own histogram is believed.
  private static let enough: Float = 2000
  private static let topShare = 3e-4
  /// From the rarest hundredth on an entity counts once a day.
  private static let rare: Float = 2
  /// The narrowest tail that is believed.
  private static let leastScale = 0.3
  private static let most = 24.0

  var counts = [Float](repeating: 0, count: Channel.count * bins)
  var totals = [Float](repeating: 0, count: Channel.count)
  /// The calibrated surprise at the lower edge of each bin, and at the end of the last one.
  private(set) var tables: [Float]
  private(set) var fitted = [Bool](repeating: false, count: Channel.count)

  /// Whether rows were enough; sums of surprises from before are on another scale.
  var isFitted: Bool { fitted[Channel.ownHour] }

  init() {
    let plain = (0...Self.bins).map { Self.unfitted(Double($0) / Self.binsPerUnit) }
    tables = (0..<Channel.count).flatMap { _ in plain }
  }

  /// Counts the surprises of an entity's row in the first channels; a rare one only if the entity had none in its
  /// channel on this day.
  mutating func add(_ surprises: [Double], channels: Int, counted: inout ChannelSet) {
    for channel in 0..<channels {
      totals[channel] += 1
      if surprises[channel] > Self.least { add(surprises[channel], channel: channel, counted: &counted) }
    }
  }

  private mutating func add(_ surprise: Double, channel: Int, counted: inout ChannelSet) {
    let bin = min(Int(surprise * Self.binsPerUnit), Self.bins - 1)
    let isRare = fitted[channel] && tables[channel * (Self.bins + 1) + bin] >= Self.rare
    guard !isRare || counted.insert(channel) else { return }
    counts[channel * Self.bins + bin] += 1
  }

  /// The calibrated surprise.
  func calibrated(_ surprise: Double, channel: Int) -> Double {
    guard surprise > Self.least else { return 0 }
    let position = min(surprise, Self.cap) * Self.binsPerUnit
    let bin = min(Int(position), Self.bins - 1)
    let base = channel * (Self.bins + 1) + bin
    let lower = Double(tables[base])
    return lower + (Double(tables[base + 1]) - lower) * (position - Double(bin))
  }

  /// Fits all channels to their histograms, once a day, and lets the histograms fade.
  mutating func refit() {
    for channel in 0..<Channel.count where totals[channel] >= Self.enough { fit(channel) }
    for place in counts.indices { counts[place] *= Self.dailyDecay }
    for place in totals.indices { totals[place] *= Self.dailyDecay }
  }

  private mutating func fit(_ channel: Int) {
    let base = channel * Self.bins
    let table = channel * (Self.bins + 1)
    let total = Double(totals[channel])
    var (above, excess) = (0.0, 0.0)
    // Where so few were surprising that there is no such share, the tail begins beyond the most surprising.
    var tail = (edge: Int(Self.least * Self.binsPerUnit), scale: Self.leastScale, value: log10(total + 1))
    var (hasTail, isEmpty) = (false, true)
    for bin in stride(from: Self.bins - 1, through: 0, by: -1) {
      let count = Double(counts[base + bin])
      if !hasTail, above + count > total * Self.topShare {
        let edge = Double(bin + 1) / Self.binsPerUnit
        let scale = above > 5 ? max(Self.leastScale, excess / above - edge) : Self.leastScale
        (tail, hasTail) = ((bin + 1, scale, -log10(Self.topShare)), true)
      } else if isEmpty, count > 0 {
        tail.edge = max(tail.edge, bin + 1)
      }
      if count > 0 { isEmpty = false }
      above += count
      excess += count * (Double(bin) + 0.5) / Self.binsPerUnit
      tables[table + bin] = Float(-log10((above + 1) / (total + 1)))
    }
    for bin in tail.edge...Self.bins {
      let over = Double(bin - tail.edge) / Self.binsPerUnit
      let extended = min(tail.value, -log10(Self.topShare)) + over / tail.scale / TailProbability.ln10
      tables[table + bin] = Float(min(extended, Self.most))
    }
    fitted[channel] = true
  }

  /// Before anything was seen the model is believed by half.
  private static func unfitted(_ surprise: Double) -> Float { Float(min(surprise * 0.5, 6)) }

  mutating func restore(tables: [Float], fitted: [Bool]) { (self.tables, self.fitted) = (tables, fitted) }
}
