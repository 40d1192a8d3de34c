internal import Events
internal import Synchronization
internal import Values

/// The way of event batches between two threads, there and back.
final class EventWay: Sendable {
  /// Batches that are on their way or wait to be filled.
  private static let count = 4

  let empty = BatchQueue((0..<count).map { _ in EventBatch() })
  let filled = BatchQueue<EventBatch>()
  private let broken = Atomic<Bool>(false)

  /// Whether the log can take no more.
  var isBroken: Bool {
    get { broken.load(ordering: .relaxed) }
    set { broken.store(newValue, ordering: .relaxed) }
  }
}

/// Gathers events and sends them in batches to the thread of the end of the line.
struct EventSender: ~Copyable {
  private let way: EventWay
  private var batch = EventBatch()
  private var headerSlots: Int

  init(_ way: EventWay, headerSlots: Int) {
    self.way = way
    self.headerSlots = headerSlots
    takeEmpty()
  }

  /// Whether the log can take no more.
  var isBroken: Bool { way.isBroken }

  /// Events have room for so many headers from now on.
  mutating func setHeaderSlots(_ count: Int) { headerSlots = count }

  /// Takes an event and leaves another one to be refilled.
  mutating func process(_ event: inout Event, ofFlow flow: Int64) {
    batch.exchange(&event, ofFlow: flow)
    if event.headerSlotCount != headerSlots { event = Event(headerSlots: headerSlots) }
    if batch.isFull { send() }
  }

  /// Adds something that is no event.
  @inline(__always)
  mutating func append(_ step: EventBatch.Step) {
    batch.append(step)
    if batch.isFull { send() }
  }

  /// Adds a request, which does not wait for others.
  mutating func perform(_ request: EventRequest) {
    batch.append(request)
    if request.isUrgent || batch.isFull { send() }
  }

  /// Says how much of the input was read.
  mutating func setProgress(_ fraction: Double?) { batch.progress = fraction }

  private mutating func send() {
    let progress = batch.progress
    // Handed over for good: a second reference would have the other thread copy what it changes.
    var full = EventBatch()
    swap(&full, &batch)
    way.filled.put(full)
    takeEmpty()
    batch.progress = progress
  }

  /// Waits for a batch that was read: who tracks is never more than a few batches ahead.
  private mutating func takeEmpty() {
    batch = way.empty.take()
    batch.removeAll()
  }
}

extension EventRequest {
  /// Whether somebody waits for it.
  fileprivate var isUrgent: Bool {
    switch self {
    case .watchEvictions: false
    default: true
    }
  }
}
