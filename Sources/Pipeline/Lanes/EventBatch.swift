internal import Events
internal import Values

/// Events on their way to the thread that rules and log are on, with what happened between them.
struct EventBatch: Sendable {
  /// What happened, in order.
  enum Step: Sendable {
    /// Packet time passed.
    case advance(Timestamp)
    /// The next event; an alert on it marks the flow of that identity.
    case event(ofFlow: Int64)
    /// The next request.
    case request
    case captureLoss
    case newEpoch
    case finish
  }

  /// Events at the most: few enough to stay in a core's cache with all their text.
  static let capacity = 64
  /// Steps at the most, most of which are nothing but time that passes.
  static let stepLimit = 2048

  private(set) var steps: [Step] = []
  /// The first `eventCount` are filled; the others wait to be used again.
  private(set) var places: [EventPlace] = []
  private(set) var eventCount = 0
  private(set) var requests: [EventRequest] = []
  /// Part of the input that was read.
  var progress: Double?

  /// Whether the next step has no room.
  var isFull: Bool { eventCount == Self.capacity || steps.count >= Self.stepLimit }

  /// Adds something that is no event.
  @inline(__always)
  mutating func append(_ step: Step) { steps.append(step) }

  /// Adds a request.
  mutating func append(_ request: EventRequest) {
    steps.append(.request)
    requests.append(request)
  }

  /// Takes an event and leaves a used one in its place.
  mutating func exchange(_ event: inout Event, ofFlow flow: Int64) {
    if eventCount == places.count { places.append(EventPlace(headerSlots: event.headerSlotCount)) }
    swap(&event, &places[eventCount].event)
    eventCount += 1
    steps.append(.event(ofFlow: flow))
  }

  /// Empties it and keeps the memory.
  mutating func removeAll() {
    steps.removeAll(keepingCapacity: true)
    requests.removeAll(keepingCapacity: true)
    eventCount = 0
  }
}

/// Where an event lies that goes from one thread to another: events have one owner, and arrays take only what may be
/// copied.
///
/// Proof: it belongs to one batch, which is handed over as a whole.
final class EventPlace: @unchecked Sendable {
  var event: Event

  init(headerSlots: Int) { event = Event(headerSlots: headerSlots) }
}

extension EventStage {
  /// Takes what another thread gathered, in its order.
  mutating func process(_ batch: inout EventBatch) {
    var (event, request) = (0, 0)
    for step in batch.steps {
      switch step {
      case .advance(let time): advance(to: time)
      case .event(let flow):
        process(&batch.places[event].event, ofFlow: flow)
        event += 1
      case .request:
        perform(batch.requests[request])
        request += 1
      case .captureLoss: noteCaptureLoss()
      case .newEpoch: beginEpoch()
      case .finish: finish()
      }
    }
  }
}
