public import Values

/// One thing that happened, with typed fields: what rules test and the log prints.
///
/// The value is made once and refilled for every event. It holds its own text, so it outlives the packet,
/// and refilling allocates nothing once the stores have grown to the size of the largest message.
///
/// It has one owner, so that giving a field a value need not ask each time whether somebody else holds the values
/// too. What is to be kept for later goes into an `EventSnapshot`.
@safe
public struct Event: ~Copyable, @unchecked Sendable {
  /// What happened.
  public private(set) var kind: EventKind
  /// When, in packet time.
  public private(set) var timestamp: Timestamp
  /// Place in the order of the run; breaks ties between equal timestamps.
  public private(set) var sequence: UInt64

  /// All text of the event, and room for more; fields hold ranges of it. The first `messageLength` bytes are the
  /// message, those from `textCount` on mean nothing.
  public private(set) var text: [UInt8]
  /// Bytes of `text` that are in use.
  public private(set) var textCount = 0
  /// The values of list fields; fields hold ranges of it.
  public private(set) var items: [FieldValue]
  /// Bytes of the message that the event is about; 0 when it is about none.
  public private(set) var messageLength = 0

  // Reading and giving values is inlined into the modules that do it: both are a few instructions, done a
  // hundred times a message, and as calls they cost more than all else that is done to a message's fields.
  // Safety: there are `room` places; all of them have a value, of which those count that `present` has a bit of.
  // Proof: the event alone knows where both are, and has no copies.
  @usableFromInline let values: UnsafeMutablePointer<FieldValue>
  // A bit for each field that has a value, in `presenceWords` words: an array in place would be copied for each look.
  @usableFromInline let present: UnsafeMutablePointer<UInt64>
  private var headerValues: [FieldValue]

  /// An event without fields.
  ///
  /// - Parameter headerSlots: how many header names rules ask for with `header["Name"]`.
  public init(headerSlots: Int = 0) {
    kind = .packet
    timestamp = Timestamp(nanoseconds: 0)
    sequence = 0
    text = Array(repeating: 0, count: 4096)
    items = []
    items.reserveCapacity(64)
    // Safety: freed in `deinit`, and nobody else's; all places are given a value here.
    unsafe values = .allocate(capacity: Self.room)
    unsafe values.initialize(repeating: .absent, count: Self.room)
    unsafe present = .allocate(capacity: Self.presenceWords)
    unsafe present.initialize(repeating: 0, count: Self.presenceWords)
    precondition(Field.allCases.count <= Self.room, "there is a place for each field")
    headerValues = Array(repeating: .absent, count: headerSlots)
  }

  deinit {
    // Safety: allocated in `init`, and values of fields own nothing.
    unsafe values.deallocate()
    unsafe present.deallocate()
  }

  /// Fields that there is room for: one for each bit of the words.
  @inlinable static var room: Int { presenceWords * 64 }

  /// Empties the event and starts a new one of a kind.
  public mutating func reset(_ kind: EventKind, at timestamp: Timestamp, sequence: UInt64) {
    self.kind = kind
    self.timestamp = timestamp
    self.sequence = sequence
    textCount = 0
    items.removeAll(keepingCapacity: true)
    messageLength = 0
    // Safety: there are so many words.
    for index in 0..<Self.presenceWords { unsafe present[index] = 0 }
    for index in headerValues.indices { headerValues[index] = .absent }
  }

  /// Makes it an event of another kind and time that keeps its fields.
  public mutating func become(_ kind: EventKind, at timestamp: Timestamp, sequence: UInt64) {
    self.kind = kind
    self.timestamp = timestamp
    self.sequence = sequence
  }

  /// Says what an event is that was filled in before that was known.
  ///
  /// - Parameter presence: the fields that it may have, as `presence(of:)` gives them; others are removed.
  public mutating func settle(
    _ kind: EventKind, at timestamp: Timestamp, sequence: UInt64, keeping presence: [UInt64]
  ) {
    self.kind = kind
    self.timestamp = timestamp
    self.sequence = sequence
    // A name of its own, here and below: what stands behind a member is not changed in place with the thread sanitizer, on
    // which the compiler fails then.
    let words = unsafe present
    // Safety: there are so many words.
    for word in 0..<Self.presenceWords { unsafe words[word] &= presence[word] }
  }

  /// Gives an event another place in the order of the run.
  public mutating func renumber(_ sequence: UInt64) { self.sequence = sequence }

  /// Copies the message in; ranges of the message are then ranges of `text`. Call right after `reset`.
  public mutating func attach(message: Span<UInt8>) {
    precondition(textCount == 0, "the message comes first")
    append(message)
    messageLength = message.count
  }
}

// MARK: - Reading

extension Event {
  /// The value of a field, `.absent` when it has none.
  @inlinable
  public subscript(field: Field) -> FieldValue {
    value(ifPresentAt: field.index)
  }

  /// Words of 64 bits that say which fields have a value, in the order of `Field`.
  @inlinable
  public static var presenceWords: Int { 7 }

  /// The fields that events of a kind can have, as words of 64 bits; an alert has those of what fired it.
  public static func presence(of kind: EventKind) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: presenceWords)
    for row in FieldCatalog.all where row.occurs(in: kind.set) {
      words[Int(row.field.rawValue >> 6)] |= 1 << UInt64(row.field.rawValue & 63)
    }
    return words
  }

  /// One of these words; the lowest bit is the first field.
  @inlinable
  public func presence(word: Int) -> UInt64 {
    precondition(word >= 0 && word < Self.presenceWords)
    // Safety: there are so many words.
    return unsafe present[word]
  }

  /// The value of the field with a raw value whose bit is set.
  @inlinable
  public func value(at field: Int) -> FieldValue {
    precondition(field >= 0 && field < Self.room)
    // Safety: there are `room` places, and all have a value.
    return unsafe values[field]
  }

  /// The value of the field with a raw value, `.absent` when it has none.
  @inlinable
  public func value(ifPresentAt field: Int) -> FieldValue {
    guard isPresent(field) else { return .absent }
    // Safety: the field is below `room`, as `isPresent` has seen.
    return unsafe values[field]
  }

  /// Whether the field with a raw value has a value.
  @inlinable @inline(__always)
  func isPresent(_ field: Int) -> Bool {
    precondition(field >= 0 && field < Self.room)
    // Safety: there are as many bits as places.
    return unsafe present[field &>> 6] & (1 &<< UInt64(truncatingIfNeeded: field)) != 0
  }

  /// Whether a field has a value.
  @inlinable
  public func has(_ field: Field) -> Bool {
    isPresent(field.index)
  }

  /// The value of the header with a slot, `.absent` when the message has none or the slot is unknown.
  public func header(slot: Int) -> FieldValue {
    slot < headerValues.count ? headerValues[slot] : .absent
  }

  /// How many header names have a slot.
  public var headerSlotCount: Int { headerValues.count }

  /// A text field as a string, with invalid UTF-8 replaced; nil when absent. For tests and tools.
  public func string(_ field: Field) -> String? {
    guard case .text(let range) = self[field] else { return nil }
    return String(decoding: text[range.range], as: UTF8.self)
  }

  /// A whole-number field; nil when absent or of another type.
  public func integer(_ field: Field) -> Int64? {
    guard case .integer(let value) = self[field] else { return nil }
    return value
  }
}

// MARK: - Filling in

extension Event {
  /// Gives a field a value; `.absent` removes it.
  @inlinable
  public mutating func set(_ field: Field, _ value: FieldValue) {
    if case .absent = value {
      precondition(field.index < Self.room)
      let words = unsafe present
      // Safety: there is a bit for each place.
      unsafe words[field.index &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: field.index))
    } else {
      set(fieldAt: field.index, value)
    }
  }

  /// Gives the field with a raw value a value that is not `.absent`.
  @inlinable
  public mutating func set(fieldAt field: Int, _ value: FieldValue) {
    precondition(field >= 0 && field < Self.room)
    let words = unsafe present
    // Safety: there are `room` places and as many bits, and this event is their only owner.
    unsafe words[field &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: field)
    unsafe values[field] = value
  }

  /// Gives a text field the bytes of a range of `text`; an empty range leaves it absent.
  @inlinable
  public mutating func set(_ field: Field, text range: ByteRange) {
    guard !range.isEmpty else { return }
    set(field, .text(range))
  }

  /// Gives a text field a copy of bytes; no bytes leave it absent.
  public mutating func set(_ field: Field, copying bytes: Span<UInt8>) {
    guard !bytes.isEmpty else { return }
    set(field, .text(append(bytes)))
  }

  /// Gives a text field a copy of a string; the empty string leaves it absent.
  public mutating func set(_ field: Field, copying string: String) {
    set(field, text: append(string))
  }

  /// Gives a text field a constant, without making a string.
  public mutating func set(_ field: Field, constant: StaticString) {
    set(field, .text(append(constant: constant)))
  }

  /// Gives a field a whole number.
  @inlinable
  public mutating func set(_ field: Field, integer: Int64) {
    set(field, .integer(integer))
  }

  /// Gives a field a truth value.
  @inlinable
  public mutating func set(_ field: Field, bool: Bool) {
    set(field, .bool(bool))
  }

  /// Gives a field an address.
  @inlinable
  public mutating func set(_ field: Field, ip: IPAddress) {
    set(field, .ip(ip))
  }

  /// Gives a list field the items from an index to the end of the item store; none leave it absent.
  public mutating func set(_ field: Field, itemsFrom start: Int) {
    guard items.count > start else { return }
    set(field, .list(ByteRange(start, items.count)))
  }

  /// Gives a list field copies of strings; none leave it absent.
  public mutating func set(_ field: Field, copying strings: [String]) {
    let ranges = strings.map { append($0) }
    let start = items.count
    for range in ranges { items.append(.text(range)) }
    set(field, itemsFrom: start)
  }

  /// Adds one value to the item store.
  public mutating func appendItem(_ value: FieldValue) {
    items.append(value)
  }

  /// Gives a place of the item store that is in use another value.
  public mutating func setItem(_ index: Int, _ value: FieldValue) {
    items[index] = value
  }

  /// Gives the header with a slot a value.
  public mutating func setHeader(slot: Int, _ value: FieldValue) {
    guard slot < headerValues.count else { return }
    headerValues[slot] = value
  }

  /// Copies bytes to the end of the text store and says where they are.
  @discardableResult
  public mutating func append(_ bytes: Span<UInt8>) -> ByteRange {
    // Safety: the pointer is used inside the closure only, where the span is alive.
    unsafe bytes.withUnsafeBytes { unsafe append(copying: $0) }
  }

  /// Copies a constant to the end of the text store and says where it is.
  public mutating func append(constant: StaticString) -> ByteRange {
    // Safety: a static string's bytes live as long as the process; they are copied here.
    constant.withUTF8Buffer { unsafe append(copying: UnsafeRawBufferPointer($0)) }
  }

  /// Copies bytes: an array's own way of growing takes three times as long.
  @unsafe private mutating func append(copying bytes: UnsafeRawBufferPointer) -> ByteRange {
    let start = textCount
    guard let source = bytes.baseAddress, unsafe !bytes.isEmpty else { return ByteRange(start, start) }
    if bytes.count > text.count - start { grow(bytes.count) }
    var room = text.mutableSpan
    // Safety: there is room for so many bytes from `start` on, and nobody else writes there.
    unsafe room.withUnsafeMutableBytes { target in
      unsafe (target.baseAddress.unsafelyUnwrapped + start).copyFew(from: source, count: bytes.count)
    }
    textCount = start + bytes.count
    return ByteRange(start, textCount)
  }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    text.append(contentsOf: repeatElement(0, count: text.count + extra))
  }

  /// Copies a range of the text store to its end.
  public mutating func append(copying range: ByteRange) {
    // A slice of the text would share its memory, so that each call would copy all of it.
    Work.count(range.count)
    if range.count > text.count - textCount { grow(range.count) }
    for index in range.range {
      text[textCount] = text[index]
      textCount += 1
    }
  }

  /// Copies a string to the end of the text store and says where it is.
  @discardableResult
  public mutating func append(_ string: String) -> ByteRange {
    var string = string
    // Safety: the buffer is used inside the closure only.
    return string.withUTF8 { unsafe append(copying: UnsafeRawBufferPointer($0)) }
  }
}
