public import Values

/// Whole numbers and inclusive ranges of them.
public struct RangeSet: Sendable {
  struct Item {
    var lower: Int64
    var upper: Int64
    var expiry: Int64
    var entry: UInt32
  }

  private let items: [Item]
  /// The largest upper bound up to each item: how far back an overlapping range may have begun.
  private let reach: [Int64]
  /// Whether any range ends before time does.
  let hasExpiries: Bool

  init(_ unsorted: [Item]) {
    items = unsorted.sorted { left, right in
      left.lower != right.lower ? left.lower < right.lower : left.entry < right.entry
    }
    var largest = Int64.min
    reach = items.map { item in
      largest = max(largest, item.upper)
      return largest
    }
    hasExpiries = items.contains { $0.expiry != neverExpires }
  }

  /// The ranges, by their beginnings.
  var bounds: [ClosedRange<Int64>] { items.map { $0.lower...$0.upper } }

  /// Number of ranges, a single number being one.
  public var count: Int { items.count }

  /// The range around a number that begins last and has not expired; allocates nothing.
  public func match(_ number: Int64, at time: Timestamp) -> ListEntryID? {
    match(time) {
      $0 <= number
    } covers: {
      $0 >= number
    }
  }

  /// The same for a number that need not be whole.
  public func match(_ number: Double, at time: Timestamp) -> ListEntryID? {
    match(time) {
      Double($0) <= number
    } covers: {
      Double($0) >= number
    }
  }

  private func match(
    _ time: Timestamp, begins: (Int64) -> Bool, covers: (Int64) -> Bool
  ) -> ListEntryID? {
    var low = 0
    var high = items.count
    while low < high {
      let middle = (low + high) / 2
      if begins(items[middle].lower) { low = middle + 1 } else { high = middle }
    }
    while low > 0, covers(reach[low - 1]) {
      low -= 1
      if covers(items[low].upper), items[low].expiry > time.nanoseconds {
        return ListEntryID(number: items[low].entry)
      }
    }
    return nil
  }
}

/// Country codes of two letters (ISO 3166-1 alpha-2).
public struct CountrySet: Sendable {
  private var expiries = [Int64](repeating: .min, count: 26 * 26)
  private var entries = [UInt32](repeating: 0, count: 26 * 26)
  /// Number of countries.
  public private(set) var count = 0

  init(_ items: [(index: Int, expiry: Int64, entry: UInt32)]) {
    for item in items where item.expiry > expiries[item.index] {
      if expiries[item.index] == .min { count += 1 }
      expiries[item.index] = item.expiry
      entries[item.index] = item.entry
    }
  }

  /// The entry of a country code in either case, if it has not expired; allocates nothing.
  public func match(_ code: Span<UInt8>, at time: Timestamp) -> ListEntryID? {
    guard let index = Self.index(of: code), expiries[index] > time.nanoseconds else { return nil }
    return ListEntryID(number: entries[index])
  }

  /// The place of a code of two ASCII letters, or nil.
  static func index(of code: Span<UInt8>) -> Int? {
    guard code.count == 2 else { return nil }
    let (first, second) = (code[0] | 0x20, code[1] | 0x20)
    guard (0x61...0x7a).contains(first), (0x61...0x7a).contains(second) else { return nil }
    return Int(first - 0x61) * 26 + Int(second - 0x61)
  }
}
