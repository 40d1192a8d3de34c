extension SurpriseDetector {
  /// Keeps what is known now as the frozen model that is asked beside the one that learns.
  ///
  /// A second copy takes the place of the first.
  public mutating func freezeCopy() { frozen = baseline }

  /// Drops the frozen model, so that what is known now can become one.
  public mutating func thaw() { frozen = nil }

  /// Hours since the first row, the current one among them; 0 before any row.
  public var watchedHours: Int { hour < 0 ? 0 : hour - firstHour + 1 }

  /// By how much hours are to be moved, in whole weeks, so that none is before what is known.
  ///
  /// - Parameter first: The first of them; they are counted from a Monday of their own.
  func weeksAhead(of first: Int) -> Int {
    first >= hour ? 0 : (hour - first + 167) / 168 * 168
  }

  func writeCounters(_ writer: inout ModelWriter) {
    writer.write(Int64(firstHour))
    writer.write(Int64(hour))
    writer.write(sourcesPerDay)
    for group in mergedGroups { writer.write(UInt8(group)) }
  }

  mutating func restore(from reader: inout ModelReader) throws(ModelError) {
    try ModelFile.expect("DETR", &reader)
    let (first, now) = (try reader.integer(Int64.self), try reader.integer(Int64.self))
    guard (-1...Int64(Int32.max)).contains(first), (first...Int64(Int32.max)).contains(now),
      (first < 0) == (now < 0)
    else { throw .inconsistent("its hours") }
    (firstHour, hour) = (Int(first), Int(now))
    sourcesPerDay = try reader.double()
    for group in mergedGroups.indices {
      let neighbour = Int(try reader.integer(UInt8.self))
      guard mergedGroups.indices.contains(neighbour) else { throw .inconsistent("its groups") }
      mergedGroups[group] = neighbour
    }
    try ModelFile.expect("BASE", &reader)
    try baseline.read(from: &reader, hour: max(hour, 0))
    try ModelFile.expect("DAYR", &reader)
    try dayRows.read(from: &reader)
    try ModelFile.expect("HOUR", &reader)
    try census.read(from: &reader)
    try lessons.read(from: &reader)
    try ModelFile.expect("CALF", &reader)
    try features.read(from: &reader)
    try ModelFile.expect("CALD", &reader)
    try days.read(from: &reader)
    try ModelFile.expect("FROZ", &reader)
    try restoreFrozen(from: &reader)
    let rowsFit = baseline.entities.records.allSatisfy { $0.tail < dayRows.next }
    guard rowsFit, baseline.entities.records.allSatisfy({ Int($0.last) <= max(hour, 0) }) else {
      throw .inconsistent("an entity's rows")
    }
  }

  private mutating func restoreFrozen(from reader: inout ModelReader) throws(ModelError) {
    guard try reader.bool() else { return }
    let then = try reader.integer(Int64.self)
    guard (0...Int64(Int32.max)).contains(then) else { throw .inconsistent("its frozen hour") }
    var frozen = Baseline(entityLimit: options.entityLimit)
    try frozen.read(from: &reader, hour: Int(then))
    self.frozen = frozen
  }
}

extension DayRows {
  func write(to writer: inout ModelWriter) {
    writer.write(oldest)
    writer.write(next)
    writer.write(evictions)
    for number in oldest..<next {
      let row = link(of: number)
      writer.write(row.hour)
      writer.write(row.step)
      guard let base = base(of: number) else { continue }
      for offset in 0..<Self.width {
        for lane in 0..<8 { writer.write(figures[base + offset][lane]) }
      }
    }
  }

  mutating func read(from reader: inout ModelReader) throws(ModelError) {
    let (first, end) = (try reader.integer(Int64.self), try reader.integer(Int64.self))
    evictions = try reader.integer()
    let count = end.subtractingReportingOverflow(first)
    let width = 8 + 32 * Self.width
    guard first >= 0, !count.overflow, count.partialValue >= 0,
      count.partialValue <= Int64(reader.remaining / width)
    else { throw .inconsistent("its rows of the last day") }
    (oldest, next) = (first, first)
    var capacity = 1024
    while capacity < Int(count.partialValue) { capacity *= 2 }
    resize(to: capacity)
    for number in first..<end {
      let place = Int(number % Int64(capacity))
      links[place] = Link(hour: try reader.integer(), step: try reader.integer())
      for offset in 0..<(8 * Self.width) {
        figures[place * Self.width + offset / 8][offset % 8] = try reader.float()
      }
    }
    next = end
  }
}

extension HourCensus {
  func write(to writer: inout ModelWriter) {
    for value in [rows, rowsBefore] { writer.write(value) }
    for list in [surprised, surprisedBefore] { writer.write(list) }
    for list in [counts, countsBefore] { writer.write(list) }
    writer.write(announced)
  }

  mutating func read(from reader: inout ModelReader) throws(ModelError) {
    (rows, rowsBefore) = (try reader.double(), try reader.double())
    surprised = try reader.doubles(surprised.count)
    surprisedBefore = try reader.doubles(surprisedBefore.count)
    counts = try reader.floats(counts.count)
    countsBefore = try reader.floats(countsBefore.count)
    announced = try reader.bools(announced.count)
  }
}

extension PeerLessons {
  func write(to writer: inout ModelWriter) {
    let lists = [sums, hits, trials, numbers, totals, squares, signs, present, excess, meanSquares]
    for list in lists { writer.write(list) }
    writer.write(rows)
  }

  mutating func read(from reader: inout ModelReader) throws(ModelError) {
    sums = try reader.doubles(sums.count)
    hits = try reader.doubles(hits.count)
    trials = try reader.doubles(trials.count)
    numbers = try reader.doubles(numbers.count)
    totals = try reader.doubles(totals.count)
    squares = try reader.doubles(squares.count)
    signs = try reader.doubles(signs.count)
    present = try reader.doubles(present.count)
    excess = try reader.doubles(excess.count)
    meanSquares = try reader.doubles(meanSquares.count)
    rows = try reader.double()
  }
}

extension FeatureCalibration {
  func write(to writer: inout ModelWriter) {
    writer.write(counts)
    writer.write(totals)
    writer.write(tables)
    writer.write(fitted)
  }

  mutating func read(from reader: inout ModelReader) throws(ModelError) {
    counts = try reader.floats(counts.count)
    totals = try reader.floats(totals.count)
    restore(tables: try reader.floats(tables.count), fitted: try reader.bools(fitted.count))
  }
}

extension DayCalibration {
  func write(to writer: inout ModelWriter) {
    writer.write(counts)
    writer.write(total)
    for value in [start, share, scale] { writer.write(value) }
    writer.write(survival)
    writer.write(isFitted)
    writer.write(isExpectant)
  }

  mutating func read(from reader: inout ModelReader) throws(ModelError) {
    counts = try reader.floats(counts.count)
    total = try reader.float()
    let fit = (start: try reader.double(), share: try reader.double(), scale: try reader.double())
    guard fit.start > 0, fit.scale > 0 else { throw .inconsistent("its calibration of days") }
    restore(
      fit: fit, survival: try reader.floats(survival.count), isFitted: try reader.bool(),
      isExpectant: try reader.bool())
  }
}
