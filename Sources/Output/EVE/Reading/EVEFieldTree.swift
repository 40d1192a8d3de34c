internal import Events
internal import Values

/// Finds the field or the object that a key of a line stands for: the layout of the log, the other way round.
struct EVEFieldTree {
  /// What a key stands for.
  enum Target {
    /// The field with this raw value.
    case field(Int)
    /// An object of the layout; the line itself is 0.
    case object(Int)
    case unknown
  }

  private struct Slot {
    var parent: Int32 = -1
    /// The key in the layout's text, without its quotation marks.
    var key = ByteRange()
    /// A field, or an object as its complement.
    var target: Int32 = 0
  }

  private let text: [UInt8]
  private var slots: [Slot]

  /// The keys of a layout.
  init(_ layout: EVELayout) {
    text = layout.text
    // Mostly empty, so that a key that no line should have is refused after few looks.
    slots = Array(repeating: Slot(), count: 4096)
    for (object, entry) in layout.objects.enumerated() where object > 0 {
      insert(entry.key, in: entry.parent, target: ~Int32(truncatingIfNeeded: object))
    }
    for (field, place) in layout.places.enumerated() where place.style != .hidden {
      insert(place.key, in: place.object, target: Int32(truncatingIfNeeded: field))
    }
  }

  /// What a key of an object stands for.
  func find(_ key: Span<UInt8>, in object: Int) -> Target {
    var index = Self.hash(key, object) & (slots.count - 1)
    while slots[index].parent >= 0 {
      if slots[index].parent == Int32(truncatingIfNeeded: object), isEqual(slots[index].key, key) {
        let target = slots[index].target
        return target < 0 ? .object(Int(~target)) : .field(Int(target))
      }
      index = (index + 1) & (slots.count - 1)
    }
    return .unknown
  }

  /// - Parameter quoted: `"key":` in the layout's text.
  private mutating func insert(_ quoted: ByteRange, in object: Int, target: Int32) {
    let key = ByteRange(quoted.start + 1, quoted.end - 2)
    var index = Self.hash(text.span.extracting(key.range), object) & (slots.count - 1)
    while slots[index].parent >= 0 { index = (index + 1) & (slots.count - 1) }
    slots[index] = Slot(parent: Int32(truncatingIfNeeded: object), key: key, target: target)
  }

  private func isEqual(_ range: ByteRange, _ key: Span<UInt8>) -> Bool {
    guard range.count == key.count else { return false }
    for offset in 0..<key.count where text[range.start + offset] != key[offset] { return false }
    return true
  }

  /// FNV-1a; the keys in the table are our own, so that a sender has nothing to aim at.
  private static func hash(_ key: Span<UInt8>, _ object: Int) -> Int {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(truncatingIfNeeded: object)
    for index in key.indices { value = (value ^ UInt64(key[index])) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: (value ^ value >> 29) & 0xffff_ffff)
  }
}
