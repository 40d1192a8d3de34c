extension Baseline {
  func write(to writer: inout ModelWriter) {
    writer.write(exposure.total)
    writer.write(exposure.past)
    let lists = [
      groups.sums, groups.hours, groups.hits, groups.trials, groups.means, groups.variances, groups.weights,
      groups.signs, groups.excess, groups.squares,
    ]
    for list in lists { writer.write(list) }
    writer.write(groups.rows)
    entities.write(to: &writer)
  }

  mutating func read(from reader: inout ModelReader, hour: Int) throws(ModelError) {
    let (total, past) = (try reader.floats(Slot.count), try reader.floats(exposure.past.count))
    exposure.restore(total: total, past: past)
    groups.sums = try reader.doubles(groups.sums.count)
    groups.hours = try reader.doubles(groups.hours.count)
    groups.hits = try reader.doubles(groups.hits.count)
    groups.trials = try reader.doubles(groups.trials.count)
    groups.means = try reader.doubles(groups.means.count)
    groups.variances = try reader.doubles(groups.variances.count)
    groups.weights = try reader.doubles(groups.weights.count)
    groups.signs = try reader.doubles(groups.signs.count)
    groups.excess = try reader.doubles(groups.excess.count)
    groups.squares = try reader.doubles(groups.squares.count)
    groups.rows = try reader.double()
    try entities.read(from: &reader)
    self.hour = hour
    refresh()
  }
}

extension EntityTable {
  func write(to writer: inout ModelWriter) {
    let bookkeeping = bookkeeping
    writer.write(UInt64(records.count))
    for record in records { record.write(to: &writer) }
    writer.write(figures)
    writer.write(seasons)
    writer.write(alive)
    writer.write(evictions)
    writer.write(refusals)
    writer.write(bookkeeping.vacant)
    writer.write(bookkeeping.vacantSeasons)
    writer.write(Int64(bookkeeping.hand))
  }

  mutating func read(from reader: inout ModelReader) throws(ModelError) {
    let count = try reader.integer(UInt64.self)
    guard count <= UInt64(reader.remaining / 16) else { throw .inconsistent("\(count) entities") }
    records = []
    records.reserveCapacity(Int(count))
    for _ in 0..<Int(count) { records.append(try EntityRecord(from: &reader)) }
    figures = try reader.floats(Int(count) * Field.width)
    seasons = try reader.floats()
    alive = try reader.doubles(alive.count)
    (evictions, refusals) = (try reader.integer(), try reader.integer())
    let (vacant, vacantSeasons) = (try reader.integers(), try reader.integers())
    let hand = try reader.integer(Int64.self)
    let seasonCount = Int32(seasons.count / Self.seasonalWidth)
    let placesFit =
      records.allSatisfy { $0.seasonal < seasonCount }
      && vacant.allSatisfy { (0..<Int32(records.count)).contains($0) }
      && vacantSeasons.allSatisfy { (0..<seasonCount).contains($0) }
    guard placesFit, hand >= 0, hand <= Int64(records.count) else { throw .inconsistent("its entities") }
    resume(vacant: vacant, vacantSeasons: vacantSeasons, hand: Int(hand))
  }
}

extension EntityRecord {
  func write(to writer: inout ModelWriter) {
    writer.write(key.high)
    writer.write(key.low)
    writer.write(first)
    writer.write(last)
    writer.write(samples)
    writer.write(seasonal)
    writer.write(registered)
    writer.write(tail)
    writer.write(standing)
    writer.write(worst)
    for word in counted.words { writer.write(word) }
    writer.write(group)
    writer.write(isAlive)
  }

  init(from reader: inout ModelReader) throws(ModelError) {
    let key = EntityKey(high: try reader.integer(), low: try reader.integer())
    self.init(key: key, first: try reader.integer(), last: try reader.integer())
    samples = try reader.integer()
    seasonal = try reader.integer()
    registered = try reader.integer()
    tail = try reader.integer()
    standing = try reader.float()
    worst = try reader.float()
    counted = ChannelSet(words: (try reader.integer(), try reader.integer(), try reader.integer()))
    group = try reader.integer()
    isAlive = try reader.bool()
    guard group < UInt8(PeerGroups.count), first >= 0, last >= first else { throw .inconsistent("an entity") }
  }
}
