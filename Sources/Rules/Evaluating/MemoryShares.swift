/// A table that takes another share of the memory while it is in use.
protocol SharingTable {
  /// Bytes that it may take.
  var budget: Int { get }
  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { get }
  /// Takes another share; when it is smaller, what matters least goes.
  mutating func fit(budget: Int)
}

/// Who of the tables of an engine has how much of its memory.
///
/// A part is every table's for sure; a rule that has much to remember takes more as long as there is some. So many
/// rules that remember little leave room to the few that need it, and who floods one table leaves the others their part.
struct MemoryShares: Sendable {
  /// Bytes that a table has for sure.
  let least: Int
  /// Bytes that a table can have.
  let most: Int
  /// Bytes that no table has yet.
  private(set) var spare: Int

  /// The shares of new tables: the least for each.
  init(_ limits: EngineLimits, _ program: RuleProgram) {
    let held = program.heldItems.isEmpty ? 0 : limits.heldBytes(tableCount: program.tableCount)
    let count = program.tableCount - (held == 0 ? 0 : 1)
    let total = max(0, limits.totalBytes - held)
    let isEnough = total / max(count, 1) >= limits.bytesPerRule
    let least = isEnough ? limits.bytesPerRule : total / max(2 * count, 1)
    self.least = max(least, EngineLimits.minimumTableBytes)
    most = max(limits.bytesPerRule, self.least)
    spare = isEnough ? 0 : max(0, total - count * self.least)
  }

  /// Gives a table more memory when it is nearly full and there is some.
  mutating func widen<Table: SharingTable>(_ tables: inout [Table], at index: Int) {
    guard tables[index].isNearlyFull, let budget = more(than: tables[index].budget) else { return }
    tables[index].fit(budget: budget)
  }

  /// Exchanges a table with one of other rules, which then has its share here.
  mutating func exchange<Table: SharingTable>(
    _ others: inout [Table], _ from: Int, with tables: inout [Table], _ to: Int
  ) {
    swap(&others[from], &tables[to])
    let budget = keep(tables[to].budget)
    if budget != tables[to].budget { tables[to].fit(budget: budget) }
  }

  /// What a table gets that has little room left: twice as much, if there is so much; nil when it gets nothing.
  private mutating func more(than budget: Int) -> Int? {
    let wanted = min(2 * budget, most)
    guard wanted > budget, spare > 0 else { return nil }
    let granted = min(wanted - budget, spare)
    spare -= granted
    return budget + granted
  }

  /// What a table keeps of what it had among other rules.
  private mutating func keep(_ budget: Int) -> Int {
    let granted = min(max(min(budget, most) - least, 0), spare)
    spare -= granted
    return least + granted
  }
}
