internal import Events
internal import Values

/// Events that wait until nothing earlier can come any more, and what of the rules they concern.
///
/// An event is kept once, however many rules want it. When there is no room, the earliest one is looked at
/// before its time: what is out of order then comes too late, and nothing else is lost.
struct HeldEvents: Sendable {
  /// An event that waits.
  private struct Place: Sendable, TimeOrdered {
    var time: Int64
    var sequence: UInt64
    var slot: Int32

    func precedes(_ other: Place) -> Bool {
      time != other.time ? time < other.time : sequence < other.sequence
    }
  }

  /// One of the program's held items that wants an event.
  struct Want: Sendable {
    var item: Int32
    /// What its chains of events have in common; nil where they have none, and when a part has no value.
    var key: KeyHash?
  }

  /// What is kept of an event.
  private struct Slot: Sendable {
    var snapshot = EventSnapshot()
    /// The rules whose alerts led to it.
    var lineage = AlertLineage()
    /// The packet, 0 for none.
    var packet: UInt64 = 0
    /// By the items, ascending.
    var wants: [Want] = []
    var byteCount = 0
  }

  /// Most events have less than this; more of them than fit at this size do not wait.
  private static let usualSize = 2048
  /// No event is larger, for the bound of the memory.
  private static let largestSize = 256 << 10

  private let budget: Int
  private var queue: TimeQueue<Place>
  private var slots: [Slot] = []
  private var free: [Int32] = []
  /// Slots whose events belong to alerts that the caller has now.
  private var lent: [Int32] = []
  /// The slot of the current event.
  private var current: Int32 = -1
  private var settled: (time: Int64, sequence: UInt64)?
  private var slotBytes = 0
  /// Events that were looked at before their time for lack of room.
  private(set) var early: UInt64 = 0

  init(budget: Int) {
    self.budget = budget
    queue = TimeQueue(capacity: Self.capacity(budget))
  }

  private static func capacity(_ budget: Int) -> Int { max(16, budget / usualSize) }

  /// The most bytes that waiting events take.
  static func bound(budget: Int) -> Int {
    budget + largestSize + capacity(budget) * (MemoryLayout<Slot>.stride + MemoryLayout<Place>.stride)
  }

  /// Bytes that waiting events take, and the room kept for others.
  var byteCount: Int { slotBytes + slots.count * MemoryLayout<Slot>.stride + queue.byteCount }

  /// When the first one happened; nil when none waits.
  var firstTime: Int64? { queue.first?.time }

  // MARK: Arrival

  /// Whether an event must wait for another one to make room.
  func isFull(for event: borrowing Event) -> Bool {
    queue.count > 0
      && (queue.isFull || slotBytes + EventSnapshot.byteCount(of: event) > budget)
  }

  /// Notes that the first event is looked at for lack of room, and gives room back.
  mutating func noteEarly() {
    early += 1
    guard slotBytes * 2 > budget else { return }
    for slot in free {
      slotBytes -= slots[Int(slot)].byteCount
      slots[Int(slot)] = Slot()
    }
  }

  /// Whether later events were looked at already; an alert comes right after the event that fired it.
  func isTooLate(_ event: borrowing Event) -> Bool {
    guard let settled else { return false }
    let time = event.timestamp.nanoseconds
    guard event.kind != .alert else { return time < settled.time }
    return (time, event.sequence) <= (settled.time, settled.sequence)
  }

  /// Forgets what waits, with another share of the memory; what is too late stays too late.
  mutating func renew(budget: Int) {
    var fresh = HeldEvents(budget: budget)
    (fresh.settled, fresh.early) = (settled, early)
    self = fresh
  }

  /// Lets events begin at any time; none waits.
  mutating func beginEpoch() { settled = nil }

  /// Keeps the current event for an item.
  mutating func hold(_ event: borrowing Event, _ lineage: AlertLineage, for want: Want) {
    if current < 0 {
      current = free.popLast() ?? newSlot()
      let index = Int(current)
      slots[index].wants.removeAll(keepingCapacity: true)
      slots[index].snapshot.take(event)
      slots[index].lineage = lineage
      slots[index].packet = event.packetNumber
    }
    slots[Int(current)].wants.append(want)
  }

  private mutating func newSlot() -> Int32 {
    slots.append(Slot())
    return Int32(truncatingIfNeeded: slots.count - 1)
  }

  /// Lets the current event wait if an item wanted it; true when it does.
  mutating func enqueueCurrent() -> Bool {
    guard current >= 0 else { return false }
    let index = Int(current)
    queue.push(
      Place(
        time: slots[index].snapshot.timestamp.nanoseconds, sequence: slots[index].snapshot.sequence,
        slot: current))
    let bytes = slots[index].snapshot.byteCount + slots[index].wants.count * MemoryLayout<Want>.stride
    slotBytes += bytes - slots[index].byteCount
    slots[index].byteCount = bytes
    current = -1
    return true
  }

  // MARK: Looking at them

  /// Takes out the first event: what is told of it without a look at its fields, which few need.
  mutating func popFirst() -> HeldMoment? {
    guard let place = queue.popFirst() else { return nil }
    settled = (place.time, place.sequence)
    let slot = Int(place.slot)
    return HeldMoment(time: place.time, sequence: place.sequence, packet: slots[slot].packet, slot: slot)
  }

  /// The rules whose alerts led to the event of a slot.
  func lineage(_ slot: Int) -> AlertLineage { slots[slot].lineage }

  /// How many items want the event of a slot.
  func wantCount(_ slot: Int) -> Int { slots[slot].wants.count }

  /// One of these items.
  func want(_ index: Int, of slot: Int) -> Want { slots[slot].wants[index] }

  /// Gives a slot back.
  mutating func release(_ slot: Int) { free.append(Int32(truncatingIfNeeded: slot)) }

  /// Keeps a slot for as long as its alert is of use.
  mutating func lend(_ slot: Int) { lent.append(Int32(truncatingIfNeeded: slot)) }

  /// Whether slots of alerts have to be taken back.
  var hasLent: Bool { !lent.isEmpty }

  /// Takes back the slots of alerts.
  mutating func takeBack() {
    guard !lent.isEmpty else { return }
    free.append(contentsOf: lent)
    lent.removeAll(keepingCapacity: true)
  }

  /// Makes an event what the one in a slot was; false when the slot is not lent.
  func restoreLent(_ slot: Int, into event: inout Event) -> Bool {
    guard lent.contains(Int32(truncatingIfNeeded: slot)) else { return false }
    restore(slot, into: &event)
    return true
  }

  /// Makes an event what the one in a slot was.
  func restore(_ slot: Int, into event: inout Event) {
    // By the span, since an array would give a copy of the snapshot, with an owner more of each of its stores.
    let slots = slots.span
    slots[slot].snapshot.restore(&event)
  }
}

/// Where a held event stands among all events.
struct HeldMoment {
  var time: Int64
  var sequence: UInt64
  /// The packet, 0 for none.
  var packet: UInt64
  /// Where the event is held.
  var slot: Int
}
