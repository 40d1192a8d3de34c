public import Values

/// An event that is put by and looked at again later: its fields and the room that they need.
///
/// The value is refilled like an event; refilling allocates nothing once the stores have grown to the size
/// of what they keep.
public struct EventSnapshot: Sendable {
  /// `Event.presenceWords` words.
  private typealias Presence = InlineArray<7, UInt64>

  private var kind = EventKind.packet
  /// When the event happened.
  public private(set) var timestamp = Timestamp(nanoseconds: 0)
  /// Its place in the order of the run.
  public private(set) var sequence: UInt64 = 0
  private var messageLength = 0
  private var text: [UInt8] = []
  private var items: [FieldValue] = []
  /// Which fields there are, and their values in the order of `Field`.
  private var presence = Presence(repeating: 0)
  private var values: [FieldValue] = []
  private var headers: [(slot: Int, value: FieldValue)] = []
  /// Bytes of the largest event so far, in each of the stores.
  private var room = (text: 0, items: 0, values: 0, headers: 0)

  /// Nothing yet.
  public init() {}

  /// What an event is now.
  public init(_ event: borrowing Event) { take(event) }

  /// Bytes that were asked for, used or not.
  ///
  /// What the allocator gave is more, and not the same in each run.
  public var byteCount: Int {
    room.text + (room.items + room.values) * MemoryLayout<FieldValue>.stride
      + room.headers * MemoryLayout<(Int, FieldValue)>.stride
  }

  /// Bytes that an event takes at the most, as far as its text goes.
  public static func byteCount(of event: borrowing Event) -> Int {
    2 * event.textCount + (event.items.count + 64) * MemoryLayout<FieldValue>.stride
  }

  /// Gives the stores back.
  public mutating func removeAll() { self = EventSnapshot() }

  /// Keeps an event instead of what was kept before.
  public mutating func take(_ event: borrowing Event) {
    kind = event.kind
    timestamp = event.timestamp
    sequence = event.sequence
    messageLength = event.messageLength
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: event.text[..<event.textCount])
    items.removeAll(keepingCapacity: true)
    items.append(contentsOf: event.items)
    for word in 0..<Event.presenceWords { presence[word] = event.presence(word: word) }
    values.removeAll(keepingCapacity: true)
    var count = 0
    for word in presence.indices { count += presence[word].nonzeroBitCount }
    values.reserveCapacity(count)
    Self.forEachField(in: presence) { values.append(event.value(at: $0)) }
    headers.removeAll(keepingCapacity: true)
    for slot in 0..<event.headerSlotCount where event.header(slot: slot) != .absent {
      headers.append((slot, event.header(slot: slot)))
    }
    room = (
      max(room.text, text.count), max(room.items, items.count), max(room.values, values.count),
      max(room.headers, headers.count)
    )
  }

  /// Makes an event what it was; it needs as many header slots as the one that was kept.
  public func restore(_ event: inout Event) {
    event.reset(kind, at: timestamp, sequence: sequence)
    event.attach(message: text.span.extracting(0..<messageLength))
    event.append(text.span.extracting(messageLength..<text.count))
    for item in items { event.appendItem(item) }
    var next = 0
    Self.forEachField(in: presence) { field in
      event.set(fieldAt: field, values[next])
      next += 1
    }
    for (slot, value) in headers { event.setHeader(slot: slot, value) }
  }

  /// Calls back with the raw value of each field that is there.
  @inline(__always)
  private static func forEachField(in presence: Presence, _ body: (Int) -> Void) {
    for word in presence.indices {
      var bits = presence[word]
      while bits != 0 {
        body(word << 6 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
  }
}
