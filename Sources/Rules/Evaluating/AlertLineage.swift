/// The rules whose alerts led to an alert, by their indices, the first cause first.
///
/// A rule never meets an alert that has it in its lineage, so that rules over alerts cannot go round in
/// circles; and an alert whose lineage is full becomes no event, so that no chain is long.
public struct AlertLineage: Sendable {
  /// Rules at the most.
  public static let capacity = 4

  private var numbers = InlineArray<4, Int32>(repeating: -1)
  /// Number of rules.
  public private(set) var count: Int8 = 0

  /// Nothing but the event itself led to the alert.
  public init() {}

  /// Whether no alert led to this one.
  public var isEmpty: Bool { count == 0 }

  var isFull: Bool { count == Self.capacity }

  /// The rules.
  public var rules: [Int] { (0..<Int(count)).map { Int(numbers[$0]) } }

  func contains(_ rule: Int) -> Bool {
    for index in 0..<Int(count) where numbers[index] == Int32(truncatingIfNeeded: rule) { return true }
    return false
  }

  /// The same rules by other indices, without those that have none.
  ///
  /// - Parameter places: the new indices by the old ones.
  func renumbered(_ places: [Int?]) -> AlertLineage {
    var lineage = AlertLineage()
    for rule in rules where rule < places.count {
      if let place = places[rule] { lineage.append(place) }
    }
    return lineage
  }

  /// Adds a rule behind the others, when there is room.
  mutating func append(_ rule: Int) {
    guard !isFull else { return }
    numbers[Int(count)] = Int32(truncatingIfNeeded: rule)
    count += 1
  }
}

extension AlertLineage: Equatable {
  /// The same rules.
  public static func == (left: AlertLineage, right: AlertLineage) -> Bool { left.rules == right.rules }
}
