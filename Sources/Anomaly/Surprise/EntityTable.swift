/// What is remembered of an entity beside its figures.
struct EntityRecord: Sendable {
  var key: EntityKey
  /// Hours of the first row and of the newest one.
  var first: Int32
  var last: Int32
  /// Rows so far.
  var samples: UInt32 = 0
  /// Its seasonal slots; −1 while it has none.
  var seasonal: Int32 = -1
  /// When it last registered; −1 when it never did.
  var registered: Int32 = -1
  /// Its newest row; −1 without any.
  var tail: Int64 = -1
  /// Hours with rows, fading: what makes it worth keeping.
  var standing: Float = 0
  /// The strangest hour of the current day; negative without any.
  var worst: Float = -1
  /// Channels whose calibration counted a rare surprise of it on the current day.
  var counted = ChannelSet()
  /// Its peer group.
  var group: UInt8 = 0
  var isAlive = true
}

/// All entities, with a limit; those that were seldom seen make room for new ones.
///
/// Standing is earned by the hour, so that no flood of new entities drives out an old one: among sixteen
/// candidates the one with the least standing goes, and when all of them have stood for a day, the newcomer
/// is not remembered.
struct EntityTable: Sendable {
  /// Where in an entity's figures which ones begin.
  enum Field {
    static let totals = 0
    static let hits = totals + ScoredFeature.counts
    static let trials = hits + ScoredFeature.shares
    static let means = trials + ScoredFeature.shares
    static let variances = means + ScoredFeature.continuous
    static let weights = variances + ScoredFeature.continuous
    static let calls = weights + ScoredFeature.continuous
    static let width = calls + 1
  }
  static let seasonalWidth = ScoredFeature.seasonal.count * Slot.count
  /// Hours with rows that make an entity one that no newcomer drives out.
  private static let settled: Float = 24

  let limit: Int
  var records: [EntityRecord] = []
  /// `Field.width` figures an entity, faded up to the hour after its newest row.
  var figures: [Float] = []
  /// Seasonal sums of those entities that came back.
  var seasons: [Float] = []
  /// Entities of each group.
  var alive = [Double](repeating: 0, count: PeerGroups.count)
  var evictions: UInt64 = 0
  var refusals: UInt64 = 0
  private var index: [EntityKey: Int32] = [:]
  private var vacant: [Int32] = []
  private var vacantSeasons: [Int32] = []
  private var hand = 0

  init(limit: Int) { self.limit = max(limit, 1) }

  /// Entities that are remembered.
  var count: Int { index.count }

  /// Bytes of all of it.
  var byteCount: Int {
    records.count * MemoryLayout<EntityRecord>.stride + 4 * (figures.count + seasons.count)
      + index.count * 50
  }

  /// Takes memory for a number of entities at once.
  mutating func reserve(_ count: Int) {
    let count = min(count, limit)
    records.reserveCapacity(count)
    figures.reserveCapacity(count * Field.width)
    index.reserveCapacity(count)
  }

  /// The place of an entity.
  func place(of key: EntityKey) -> Int? { index[key].map(Int.init) }

  /// The place of an entity, a new one if need be; nil when there is no room for it.
  mutating func admit(_ key: EntityKey, hour: Int) -> Int? {
    if let known = index[key] { return Int(known) }
    if vacant.isEmpty, records.count >= limit, !evict() {
      refusals += 1
      return nil
    }
    let record = EntityRecord(key: key, first: Int32(hour), last: Int32(hour))
    let place: Int
    if let free = vacant.popLast() {
      place = Int(free)
      records[place] = record
      for offset in 0..<Field.width { figures[place * Field.width + offset] = 0 }
    } else {
      place = records.count
      records.append(record)
      figures.append(contentsOf: repeatElement(0, count: Field.width))
    }
    index[key] = Int32(place)
    alive[0] += 1
    return place
  }

  /// Moves an entity to another group.
  mutating func regroup(_ place: Int, to group: Int) {
    alive[Int(records[place].group)] -= 1
    alive[group] += 1
    records[place].group = UInt8(group)
  }

  /// Gives an entity seasonal slots.
  mutating func makeSeason(_ place: Int) {
    guard records[place].seasonal < 0 else { return }
    if let free = vacantSeasons.popLast() {
      records[place].seasonal = free
      for offset in 0..<Self.seasonalWidth { seasons[Int(free) * Self.seasonalWidth + offset] = 0 }
    } else {
      records[place].seasonal = Int32(seasons.count / Self.seasonalWidth)
      seasons.append(contentsOf: repeatElement(0, count: Self.seasonalWidth))
    }
  }

  /// Forgets an entity.
  mutating func remove(_ place: Int) {
    let record = records[place]
    index[record.key] = nil
    alive[Int(record.group)] -= 1
    if record.seasonal >= 0 { vacantSeasons.append(record.seasonal) }
    records[place].isAlive = false
    records[place].tail = -1
    vacant.append(Int32(place))
  }

  /// Forgets the quietest of sixteen; says whether there was one to forget.
  private mutating func evict() -> Bool {
    var victim: Int?
    for _ in 0..<min(16, records.count) {
      hand = (hand + 1) % records.count
      guard records[hand].standing < Self.settled else { continue }
      if let known = victim {
        let (best, other) = (records[known], records[hand])
        if (other.standing, other.last) < (best.standing, best.last) { victim = hand }
      } else {
        victim = hand
      }
    }
    guard let victim else { return false }
    remove(victim)
    evictions += 1
    return true
  }
}

extension EntityTable {
  /// Places to be used again and where the search for the quiet goes on, for a model.
  var bookkeeping: (vacant: [Int32], vacantSeasons: [Int32], hand: Int) { (vacant, vacantSeasons, hand) }

  /// Takes up what a model held.
  mutating func resume(vacant: [Int32], vacantSeasons: [Int32], hand: Int) {
    (self.vacant, self.vacantSeasons, self.hand) = (vacant, vacantSeasons, hand)
    index = [:]
    index.reserveCapacity(records.count)
    for (place, record) in records.enumerated() where record.isAlive { index[record.key] = Int32(place) }
  }
}
